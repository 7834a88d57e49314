package io.switchboard.checks.backplane;

import io.switchboard.checks.components.RocketServer;
import io.switchboard.message.Topic;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.rocketmq.client.exception.MQBrokerException;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.remoting.exception.RemotingException;
import org.jspecify.annotations.Nullable;

/** A RocketMQ, and the names of its topics. */
final class RocketBroker implements Broker, AutoCloseable {
    private static final AtomicInteger STRANGERS = new AtomicInteger();

    private final RocketServer rocket;
    private final boolean published;
    private @Nullable DefaultMQProducer producer;

    RocketBroker(RocketServer rocket, boolean published) {
        this.rocket = rocket;
        this.published = published;
    }

    @Override
    public BridgeOpener opener() {
        var plain = BridgeOpener.rocketmq(rocket.uri());
        return published ? plain.with(PostedFormat.INSTANCE) : plain;
    }

    @Override
    public void freeze() {
        rocket.freeze();
    }

    @Override
    public void thaw() {
        rocket.thaw();
    }

    @Override
    public void kill() {
        rocket.kill9();
    }

    @Override
    public void restart() {
        rocket.restart();
    }

    @Override
    public void putGarbage(String cluster, Topic topic, byte[] bytes) {
        String name = published ? PostedFormat.TOPIC : cluster + "-nodes";
        // The client sends no message without a body.
        put(new Message(name, published ? "any" : ":all", bytes.length == 0 ? new byte[] {0} : bytes));
    }

    /** As an application that knows nothing of Switchboard. */
    void put(Message message) {
        try {
            stranger().send(message);
        } catch (MQClientException | RemotingException | MQBrokerException e) {
            throw new AssertionError("cannot send to " + message.getTopic(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private DefaultMQProducer stranger() throws MQClientException {
        if (producer == null) {
            var fresh = new DefaultMQProducer("strangers");
            fresh.setNamesrvAddr(rocket.nameServer());
            fresh.setInstanceName("stranger-" + STRANGERS.incrementAndGet());
            fresh.start();
            producer = fresh;
        }
        return producer;
    }

    @Override
    public void close() {
        if (producer != null) {
            producer.shutdown();
        }
    }
}
