package io.switchboard.node;

import io.switchboard.backplane.Backplane;
import io.switchboard.message.Publication;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Passes on what the backplane says, and remembers the first time it was up. */
record FirstLink(Backplane.Listener hub, CompletableFuture<Void> linked) implements Backplane.Listener {
    @Override
    public void received(List<Publication> batch) {
        hub.received(batch);
    }

    @Override
    public void linkUp() {
        hub.linkUp();
        linked.complete(null);
    }

    @Override
    public void linkDown(String why) {
        hub.linkDown(why);
    }
}
