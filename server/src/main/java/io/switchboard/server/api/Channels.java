package io.switchboard.server.api;

import io.switchboard.message.Topic;
import io.switchboard.node.Node;
import io.switchboard.protocol.Namespace;

/** The channels of the API, which are topics. */
final class Channels {
    private final Node node;

    Channels(Node node) {
        this.node = node;
    }

    /** @throws ApiException if there is no namespace for it */
    Topic of(String channel) {
        Topic topic = Topic.of(channel);
        if (topic.isIn(Namespace.NODE.name()) || !rules(topic).isKnown()) {
            throw new ApiException(ApiError.UNKNOWN_CHANNEL.because("no namespace is configured for it"));
        }
        return topic;
    }

    Namespace rules(Topic topic) {
        return node.hub().namespace(topic);
    }
}
