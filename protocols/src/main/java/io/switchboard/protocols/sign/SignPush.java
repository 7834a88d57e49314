package io.switchboard.protocols.sign;

import io.switchboard.hub.Outcome;
import io.switchboard.message.Exclusion;
import io.switchboard.message.Message;
import io.switchboard.message.Sender;
import io.switchboard.message.Topic;
import io.switchboard.node.Node;
import io.switchboard.protocols.sign.SignSettings.Kind;
import java.util.concurrent.CompletionStage;

/**
 * Pushes typed messages to connections of the sign protocol, whichever node they are on. The outcome says how many
 * sessions here had it and what became of it on its way to others; it is never lost without a word.
 */
public final class SignPush {
    private final Node node;
    private final SignSettings settings;

    public SignPush(Node node, SignSettings settings) {
        this.node = node;
        this.settings = settings;
    }

    /** The number of task counts, what the published design pushes. */
    public int taskCount() {
        return settings.types().getOrDefault(Kind.TASK_COUNT, 0);
    }

    /**
     * To the connection with that sign.
     *
     * @param data JSON, or a text
     * @throws IllegalArgumentException if it can be no sign, or the data is binary
     */
    public CompletionStage<Outcome> toConnection(String sign, int type, Message data) {
        return push(SignProtocol.connection(sign), type, data);
    }

    /** To the connection that bound the identity last. */
    public CompletionStage<Outcome> toIdentity(Identity identity, int type, Message data) {
        return push(identity.topic(), type, data);
    }

    /** The same by the identity's key. */
    public CompletionStage<Outcome> toIdentity(String key, int type, Message data) {
        return push(Topic.of(SignProtocol.IDENTITY + ":" + key), type, data);
    }

    public CompletionStage<Outcome> toEverybody(int type, Message data) {
        return push(SignProtocol.EVERYBODY, type, data);
    }

    private CompletionStage<Outcome> push(Topic topic, int type, Message data) {
        return node.publish(topic, settings.message(type, data, NetTime.now()), Sender.NONE, Exclusion.NONE);
    }
}
