package io.switchboard.protocol;

import io.switchboard.message.Topic;
import java.util.List;

/**
 * What an endpoint makes of a request.
 *
 * @param user who the client says it is; the authenticator decides whether it is
 * @param device the class within which login policies count: one session per user and device
 * @param topics what the session listens to from its first moment
 * @param state the protocol's own memory of this connection, handed to every decode
 * @param memberships what else it listens to, as long as others say so
 */
public record Opening<S>(String user, String device, List<Topic> topics, S state, Memberships memberships) {
    public Opening(String user, String device, List<Topic> topics, S state) {
        this(user, device, topics, state, Memberships.NONE);
    }

    public Opening {
        for (int i = 0; i < topics.size(); i++) {
            if (topics.indexOf(topics.get(i)) < i) {
                throw new IllegalArgumentException("an endpoint opens with the topic " + topics.get(i) + " twice");
            }
        }
        topics = List.copyOf(topics);
    }
}
