package io.switchboard.checks.backplane;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.switchboard.checks.components.RabbitServer;
import io.switchboard.message.Topic;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A RabbitMQ of its own, and the names of its exchanges. */
final class RabbitBroker implements Broker, AutoCloseable {
    private final RabbitServer rabbit;
    private final boolean published;
    private @Nullable Connection connection;
    private @Nullable Channel channel;

    RabbitBroker(boolean published) {
        this.rabbit = RabbitServer.start();
        this.published = published;
    }

    RabbitServer server() {
        return rabbit;
    }

    @Override
    public BridgeOpener opener() {
        var plain = BridgeOpener.rabbitmq(rabbit.uri());
        return published ? plain.with(SharedFormat.INSTANCE) : plain;
    }

    @Override
    public void freeze() {
        rabbit.freeze();
    }

    @Override
    public void thaw() {
        rabbit.thaw();
    }

    @Override
    public void kill() {
        rabbit.kill9();
    }

    @Override
    public void restart() {
        rabbit.restart();
    }

    @Override
    public void putGarbage(String cluster, Topic topic, byte[] bytes) {
        String exchange = published ? SharedFormat.EXCHANGE : cluster;
        try {
            channel().basicPublish(exchange, published ? "" : key(topic), null, bytes);
        } catch (IOException e) {
            throw new AssertionError("cannot publish to " + exchange, e);
        }
    }

    /** The key of a topic: 16 mixed bits of its hash. */
    static String key(Topic topic) {
        int hash = topic.name().hashCode();
        hash = (hash ^ hash >>> 16) * 0x85ebca6b;
        hash = (hash ^ hash >>> 13) * 0xc2b2ae35;
        return String.format("%04x", (hash ^ hash >>> 16) & 0xffff);
    }

    /** A channel of an application that knows nothing of Switchboard. */
    Channel channel() {
        Channel open = channel;
        if (open != null && open.isOpen()) {
            return open;
        }
        try {
            var factory = new ConnectionFactory();
            factory.setHost(rabbit.host());
            factory.setPort(rabbit.port());
            factory.setAutomaticRecoveryEnabled(false);
            Connection fresh = factory.newConnection("a stranger");
            connection = fresh;
            open = fresh.createChannel();
            channel = open;
            return open;
        } catch (IOException | TimeoutException e) {
            throw new AssertionError("cannot connect to " + rabbit.uri(), e);
        }
    }

    @Override
    public void close() {
        if (connection != null) {
            connection.abort(1_000);
        }
        rabbit.close();
    }
}
