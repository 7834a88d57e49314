package io.switchboard.hub;

import io.switchboard.message.Topic;
import java.util.LinkedHashMap;
import java.util.Map;

/** The groups that were last joined on this node: what "exists" means to protocols that speak of it. */
final class KnownTopics {
    private final Map<Topic, Boolean> topics;

    KnownTopics(int max) {
        topics = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Topic, Boolean> eldest) {
                return size() > max;
            }
        };
    }

    synchronized void add(Topic topic) {
        topics.put(topic, true);
    }

    synchronized boolean contains(Topic topic) {
        return topics.containsKey(topic);
    }
}
