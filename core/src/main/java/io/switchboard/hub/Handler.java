package io.switchboard.hub;

import io.switchboard.message.Message;
import io.switchboard.message.Topic;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What the application wants to know and decide. Called on the session's event loop: never block here. A stage that is
 * not yet complete pauses that session alone, for at most the handler's deadline.
 */
public interface Handler {
    /** No application: everything that the namespaces permit is allowed. */
    Handler NONE = new Handler() {};

    /** Whether to carry out what a client asks. */
    record Decision(boolean allowed, String why) {
        public static final Decision ALLOW = new Decision(true, "");

        public static Decision deny(String why) {
            return new Decision(false, why);
        }
    }

    CompletionStage<Decision> ALLOWED = CompletableFuture.completedFuture(Decision.ALLOW);

    default void onOpen(Session session) {}

    default void onClose(Session session) {}

    default CompletionStage<Decision> onJoin(Session session, Topic topic) {
        return ALLOWED;
    }

    default CompletionStage<Decision> onPublish(Session session, Topic topic, Message message) {
        return ALLOWED;
    }

    /** The link to other nodes was down: publications may have been missed. Called on the bridge's thread. */
    default void onGap() {}
}
