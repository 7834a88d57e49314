package io.switchboard.bridges.redis;

import io.switchboard.message.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A topic this node listens to, and how far Redis knows. Lives until unsubscribed, through any number of links. */
final class Subscription {
    private final Topic topic;
    private final int tag;
    private final byte[] channel;
    private final List<CompletableFuture<Void>> waiting = new ArrayList<>();
    private @Nullable SubscribeSide side;
    private boolean confirmed;
    private boolean everConfirmed;

    Subscription(Topic topic, boolean published, byte[] channel) {
        this.topic = topic;
        this.tag = published ? Channels.NO_TAG : Channels.tag(topic);
        this.channel = channel;
    }

    Topic topic() {
        return topic;
    }

    boolean published() {
        return tag == Channels.NO_TAG;
    }

    /** {@link Channels#NO_TAG} if it is published under its own name. */
    int tag() {
        return tag;
    }

    byte[] channel() {
        return channel;
    }

    /** The connection it was asked for on, if any. */
    @Nullable
    SubscribeSide side() {
        return side;
    }

    void asked(SubscribeSide on) {
        side = on;
        confirmed = false;
    }

    void lost() {
        side = null;
        confirmed = false;
    }

    /** Whether it was in force once, and is not now. */
    boolean interrupted() {
        return everConfirmed && !confirmed;
    }

    void awaitedBy(CompletableFuture<Void> future) {
        if (confirmed) {
            future.complete(null);
        } else {
            waiting.add(future);
        }
    }

    void confirm() {
        confirmed = true;
        everConfirmed = true;
        release();
    }

    /** Lets those go on who wait: nobody listens any more. */
    void release() {
        var released = List.copyOf(waiting);
        waiting.clear();
        released.forEach(future -> future.complete(null));
    }

    void fail(Throwable why) {
        var failed = List.copyOf(waiting);
        waiting.clear();
        failed.forEach(future -> future.completeExceptionally(why));
    }
}
