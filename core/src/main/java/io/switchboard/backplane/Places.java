package io.switchboard.backplane;

import io.switchboard.message.Topic;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Where those who listen to a topic are, so that a message to one person goes to one node. */
@FunctionalInterface
public interface Places {
    /**
     * The name of the only node that has listeners of the topic; empty if that is unknown or there may be several, and
     * then every node is told. Called on a thread of the bridge that may wait for the answer a short time.
     */
    CompletionStage<Optional<String>> nodeOf(Topic topic);

    /** Nobody knows: every node is told. */
    static Places unknown() {
        return topic -> CompletableFuture.completedFuture(Optional.empty());
    }
}
