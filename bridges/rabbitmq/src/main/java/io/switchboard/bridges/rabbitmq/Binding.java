package io.switchboard.bridges.rabbitmq;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One binding of the node's queue, shared by all topics that have its key. Guarded by {@link Interest}. */
final class Binding {
    /** What the broker has. */
    enum State {
        ABSENT,
        /** Asked for or to be removed, or confirmed to a connection that is gone. */
        PERHAPS,
        CONFIRMED
    }

    final String exchange;
    final String key;
    /** To be declared before it is bound; null for what is native. */
    final @Nullable PublishedExchange published;

    final List<CompletableFuture<Void>> waiting = new ArrayList<>();
    State state = State.ABSENT;
    int topics;
    long idleSince;

    Binding(String exchange, String key, @Nullable PublishedExchange published) {
        this.exchange = exchange;
        this.key = key;
        this.published = published;
    }

    boolean isNative() {
        return published == null;
    }

    boolean isMissing() {
        return topics > 0 && state != State.CONFIRMED;
    }
}
