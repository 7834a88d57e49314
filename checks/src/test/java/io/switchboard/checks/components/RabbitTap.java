package io.switchboard.checks.components;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A program beside the nodes that knows nothing of Switchboard: hears all that exchanges carry, and publishes. */
public final class RabbitTap implements AutoCloseable {
    /** What came through. */
    public record Seen(String exchange, String routingKey, AMQP.BasicProperties properties, String body) {}

    private final Connection connection;
    private final Channel channel;
    private final List<Seen> seen = new CopyOnWriteArrayList<>();

    private RabbitTap(Connection connection) throws IOException {
        this.connection = connection;
        this.channel = connection.createChannel();
    }

    /** Declares the exchanges as a published program would, which fails if they are there and are not the same. */
    public static RabbitTap on(RabbitServer rabbit, String... exchanges) {
        try {
            var factory = new ConnectionFactory();
            factory.setHost(rabbit.host());
            factory.setPort(rabbit.port());
            factory.setAutomaticRecoveryEnabled(false);
            var tap = new RabbitTap(factory.newConnection("a stranger"));
            var queue = tap.channel.queueDeclare().getQueue();
            for (var exchange : exchanges) {
                tap.channel.exchangeDeclare(exchange, BuiltinExchangeType.FANOUT, true, false, null);
                tap.channel.queueBind(queue, exchange, "");
            }
            tap.channel.basicConsume(
                    queue,
                    true,
                    (tag, message) -> tap.seen.add(new Seen(
                            message.getEnvelope().getExchange(),
                            message.getEnvelope().getRoutingKey(),
                            message.getProperties(),
                            new String(message.getBody(), StandardCharsets.UTF_8))),
                    tag -> {});
            return tap;
        } catch (IOException | TimeoutException e) {
            throw new AssertionError("no tap on " + rabbit.uri(), e);
        }
    }

    public List<Seen> seen() {
        return List.copyOf(seen);
    }

    public void forget() {
        seen.clear();
    }

    public void publish(String exchange, AMQP.@Nullable BasicProperties properties, String body) {
        try {
            channel.basicPublish(exchange, "", properties, body.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new AssertionError("cannot publish to " + exchange, e);
        }
    }

    /** For what else a stranger may do. */
    public Channel channel() {
        return channel;
    }

    @Override
    public void close() {
        connection.abort(1_000);
    }
}
