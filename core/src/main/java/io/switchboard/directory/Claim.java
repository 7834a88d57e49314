package io.switchboard.directory;

import io.switchboard.message.Origin;
import io.switchboard.message.Topic;
import java.util.Optional;

/**
 * That a session of a user is connected at a node; or that it is the one that listens to a topic.
 *
 * @param user of a binding, the topic behind a mark
 * @param device the class within which {@link LoginPolicy.Scope#DEVICE} counts; of a binding, its label
 * @param incarnation of the node
 * @param epoch fences the claim: a later claim of the same user always has a higher one; 0 before it is granted
 */
public record Claim(String user, String device, String session, String node, long incarnation, long epoch) {
    /** No user id has it, so that no login can be taken for a binding. */
    private static final char MARK = 0;

    /**
     * A claim to be the only session that listens to a topic.
     *
     * @param label what programs of a published design call the session
     */
    public static Claim ofBinding(Topic topic, String label, String session, Origin origin) {
        return new Claim(MARK + topic.name(), label, session, origin.node(), origin.incarnation(), 0);
    }

    /** The topic of a binding; empty for a login. */
    public Optional<Topic> boundTopic() {
        return !user.isEmpty() && user.charAt(0) == MARK ? Optional.of(Topic.of(user.substring(1))) : Optional.empty();
    }

    /** The same with its epoch. */
    public Claim granted(long newEpoch) {
        return new Claim(user, device, session, node, incarnation, newEpoch);
    }
}
