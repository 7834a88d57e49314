package io.switchboard.bridges.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.switchboard.backplane.Destination;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;

/**
 * The exchange of a published format. The traits of its destination are {@code type} (fanout), {@code durable} (true),
 * {@code auto_delete} (false), {@code routing_key} (none), and what messages carry: {@code content_type},
 * {@code content_encoding}, {@code persistent} (false), {@code priority}.
 */
record PublishedExchange(
        String name, String type, boolean durable, boolean autoDelete, String key, AMQP.BasicProperties properties) {
    private static final Set<String> TRAITS = Set.of(
            "type",
            "durable",
            "auto_delete",
            "routing_key",
            "content_type",
            "content_encoding",
            "persistent",
            "priority");
    private static final int TRANSIENT = 1;
    private static final int PERSISTENT = 2;

    /** @throws IllegalArgumentException if a trait is unknown */
    static PublishedExchange of(Destination destination) {
        Map<String, String> traits = destination.traits();
        var unknown = new TreeSet<>(traits.keySet());
        unknown.removeAll(TRAITS);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("the destination " + destination.name() + " has traits unknown to"
                    + " RabbitMQ: " + unknown + "; there are " + new TreeSet<>(TRAITS));
        }
        return new PublishedExchange(
                destination.name(),
                traits.getOrDefault("type", "fanout"),
                Boolean.parseBoolean(traits.getOrDefault("durable", "true")),
                Boolean.parseBoolean(traits.getOrDefault("auto_delete", "false")),
                traits.getOrDefault("routing_key", ""),
                properties(traits));
    }

    private static AMQP.BasicProperties properties(Map<String, String> traits) {
        var properties = new AMQP.BasicProperties.Builder()
                .headers(Map.of())
                .deliveryMode(Boolean.parseBoolean(traits.get("persistent")) ? PERSISTENT : TRANSIENT);
        if (traits.containsKey("content_type")) {
            properties.contentType(traits.get("content_type"));
        }
        if (traits.containsKey("content_encoding")) {
            properties.contentEncoding(traits.get("content_encoding"));
        }
        if (traits.containsKey("priority")) {
            properties.priority(Integer.valueOf(traits.get("priority")));
        }
        return properties.build();
    }

    /** Sees to it that the exchange is there; where we may not create it, it must be there already. */
    void ensure(Connection connection) throws IOException, TimeoutException {
        // Channels of its own: the broker ends a channel on which something is refused.
        try (Channel channel = connection.createChannel()) {
            channel.exchangeDeclare(name, type, durable, autoDelete, null);
        } catch (IOException e) {
            if (Failures.code(e.getCause()) != AMQP.ACCESS_REFUSED) {
                throw e;
            }
            try (Channel channel = connection.createChannel()) {
                channel.exchangeDeclarePassive(name);
            }
        }
    }
}
