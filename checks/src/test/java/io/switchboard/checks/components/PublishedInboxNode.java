package io.switchboard.checks.components;

import io.switchboard.checks.client.Await;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.consumer.listener.ConsumeConcurrentlyStatus;
import org.apache.rocketmq.client.consumer.listener.MessageListenerConcurrently;
import org.apache.rocketmq.client.exception.MQBrokerException;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.remoting.exception.RemotingException;
import org.apache.rocketmq.remoting.protocol.heartbeat.MessageModel;

/**
 * A node of the published inbox design as RocketMQ sees it: sends as it does, and listens with its consumers, under
 * their published names. It knows nothing of us.
 */
public final class PublishedInboxNode implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long PROBE_NANOS = 200_000_000;

    static {
        // Its consumers look for their queues every 20 s else, and keep their places in the user's home.
        System.setProperty("rocketmq.client.rebalance.waitInterval", "1000");
        System.setProperty("rocketmq.client.rebalance.minInterval", "500");
        System.setProperty(
                "rocketmq.client.localOffsetStoreDir",
                Scratch.create("rocketmq-offsets").path().toString());
    }

    /** What came to it. */
    public record Heard(String topic, String tag, String body) {}

    private final String name;
    private final DefaultMQProducer producer;
    private final DefaultMQPushConsumer singles;
    private final DefaultMQPushConsumer groups;
    private final List<Heard> heard = new CopyOnWriteArrayList<>();

    private PublishedInboxNode(RocketServer rocket, String name) {
        this.name = name;
        producer = new DefaultMQProducer("published-" + name);
        producer.setNamesrvAddr(rocket.nameServer());
        producer.setInstanceName("published-producer-" + name);
        singles = consumer(rocket, "simple-" + name, "single-" + name);
        groups = consumer(rocket, "group", "group-" + name);
        groups.setMessageModel(MessageModel.BROADCASTING);
    }

    /** Listens as soon as this returns. */
    public static PublishedInboxNode start(RocketServer rocket, String name) {
        return start(rocket, name, name);
    }

    /** One that hears what goes to every node, whatever its tag. */
    public static PublishedInboxNode startWitness(RocketServer rocket) {
        return start(rocket, "witness", "*");
    }

    private static PublishedInboxNode start(RocketServer rocket, String name, String tags) {
        var node = new PublishedInboxNode(rocket, name);
        try {
            node.producer.start();
            node.singles.subscribe("SINGLE", tags);
            node.singles.start();
            node.groups.subscribe("GROUP", "*");
            node.groups.start();
        } catch (MQClientException e) {
            node.close();
            throw new AssertionError("no published node", e);
        }
        String probe = tags.equals("*") ? "probe" : name;
        node.awaitListening("SINGLE", probe);
        node.awaitListening("GROUP", "probe");
        return node;
    }

    private DefaultMQPushConsumer consumer(RocketServer rocket, String group, String instance) {
        var consumer = new DefaultMQPushConsumer(group);
        consumer.setNamesrvAddr(rocket.nameServer());
        consumer.setInstanceName("published-" + instance);
        consumer.setPollNameServerInterval(1_000);
        consumer.setHeartbeatBrokerInterval(1_000);
        consumer.registerMessageListener((MessageListenerConcurrently) (messages, context) -> {
            messages.forEach(this::hear);
            return ConsumeConcurrentlyStatus.CONSUME_SUCCESS;
        });
        return consumer;
    }

    private void hear(MessageExt message) {
        heard.add(new Heard(
                message.getTopic(), message.getTags(), new String(message.getBody(), StandardCharsets.UTF_8)));
    }

    private void awaitListening(String topic, String tag) {
        String probe = "probe of " + name + " for " + topic;
        var next = new AtomicLong(System.nanoTime());
        Await.until("the published node to listen to " + topic, PATIENCE, () -> {
            if (System.nanoTime() - next.get() >= 0) {
                put(topic, tag, probe);
                next.addAndGet(PROBE_NANOS);
            }
            return heard.stream().anyMatch(one -> one.body().equals(probe));
        });
    }

    public String name() {
        return name;
    }

    /** What came since the beginning, without what served to see whether it listens. */
    public List<Heard> heard() {
        return heard.stream().filter(one -> !one.body().startsWith("probe of ")).toList();
    }

    /** As its own clients' messages to one user, whose node it found in Redis. */
    public void sendToUser(String node, long from, long to, String content) {
        put("SINGLE", node, body(10, from, to, content));
    }

    public void sendToGroup(long from, long group, String content) {
        put("GROUP", "MESSAGE", body(20, from, group, content));
    }

    private static String body(int type, long from, long to, String content) {
        return "{\"content\":\"" + content + "\",\"from\":" + from + ",\"msgType\":" + type
                + ",\"time\":1685345640000,\"to\":" + to + "}";
    }

    /** Anything. */
    public void put(String topic, String tag, String body) {
        try {
            producer.send(new Message(topic, tag, body.getBytes(StandardCharsets.UTF_8)));
        } catch (MQClientException | RemotingException | MQBrokerException e) {
            throw new AssertionError("cannot send to " + topic, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    @Override
    public void close() {
        singles.shutdown();
        groups.shutdown();
        producer.shutdown();
    }
}
