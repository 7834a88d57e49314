package io.switchboard.backplane;

import io.switchboard.message.Topic;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The backplane of a node that is alone. */
final class NoBackplane implements Backplane {
    @Override
    public void start(Listener listener) {
        listener.linkUp();
    }

    @Override
    public CompletionStage<Void> subscribe(Topic topic) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void unsubscribe(Topic topic) {}

    @Override
    public void publish(List<? extends Outgoing> batch) {
        batch.forEach(outgoing -> outgoing.settled(Remote.ACCEPTED));
    }

    @Override
    public boolean echoes(Topic topic) {
        return false;
    }

    @Override
    public boolean isUp() {
        return true;
    }

    @Override
    public void close() {}
}
