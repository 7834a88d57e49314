package io.switchboard.checks.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.backplane.WireFormat;
import io.switchboard.checks.client.Await;
import io.switchboard.checks.components.RocketServer;
import io.switchboard.directory.Groups;
import io.switchboard.message.Exclusion;
import io.switchboard.message.Message;
import io.switchboard.message.Publication;
import io.switchboard.message.Sender;
import io.switchboard.message.Topic;
import io.switchboard.protocols.inbox.InboxWire;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.consumer.listener.ConsumeConcurrentlyStatus;
import org.apache.rocketmq.client.consumer.listener.MessageListenerConcurrently;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.remoting.protocol.heartbeat.MessageModel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The published inbox design on its topics {@code SINGLE} and {@code GROUP}, beside a node that knows nothing of us.
 */
@Tag("component")
@Tag("slow")
@Tag("slow-rocketmq")
class RocketInboxTest {
    private static final Topic ONE = Topic.user("2");
    private static final Topic GROUP = Topic.group("77");
    private static RocketServer rocket;
    private static RocketBroker broker;
    private final List<Peer> peers = new ArrayList<>();

    @BeforeAll
    static void startRocket() {
        rocket = RocketServer.start();
        broker = new RocketBroker(rocket, true);
    }

    @AfterAll
    static void stopRocket() {
        broker.close();
        rocket.close();
    }

    @AfterEach
    void closePeers() {
        peers.forEach(Peer::close);
    }

    private Peer peer(String name) {
        WireFormat inbox = new InboxWire(Groups.local(), false);
        var peer = new Peer(
                name,
                (self, meters) ->
                        BridgeOpener.rocketmq(rocket.uri()).with(inbox).open("inbox", self, meters));
        peers.add(peer);
        peer.linked();
        peer.subscribe(ONE);
        peer.subscribe(GROUP);
        return peer;
    }

    private static String body(int type, int to, String content) {
        return "{\"content\":\"" + content + "\",\"from\":1,\"msgType\":" + type + ",\"time\":1685345640000,\"to\":"
                + to + "}";
    }

    private static void put(String topic, String tag, String body) {
        broker.put(new org.apache.rocketmq.common.message.Message(topic, tag, body.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void whatPublishedNodesSendIsHeardWhereTheTagSays() {
        var a = peer("a");
        var b = peer("b");
        put("SINGLE", "b", body(10, 2, "for b"));
        put("GROUP", "TAG", body(20, 77, "for all"));
        b.awaitTexts(ONE, List.of("for b"));
        b.awaitTexts(GROUP, List.of("for all"));
        a.awaitTexts(GROUP, List.of("for all"));
        assertEquals(1, a.meters().sum("switchboard.backplane.carried"));
    }

    @Test
    void publishedNodesHearGroupMessagesAsTheyKnowThem() throws MQClientException {
        var a = peer("a");
        var heard = new CopyOnWriteArrayList<MessageExt>();
        var published = new DefaultMQPushConsumer("group");
        published.setNamesrvAddr(rocket.nameServer());
        published.setInstanceName("published");
        published.setMessageModel(MessageModel.BROADCASTING);
        published.subscribe("GROUP", "*");
        published.registerMessageListener((MessageListenerConcurrently) (messages, context) -> {
            heard.addAll(messages);
            return ConsumeConcurrentlyStatus.CONSUME_SUCCESS;
        });
        published.start();
        try {
            // RocketMQ's own consumer looks for its queues every 20 s.
            Await.until("the published node to listen", Duration.ofSeconds(60), () -> {
                a.publish(Publication.from(GROUP, Message.text("Hi"), new Sender("1", "s"), Exclusion.NONE)
                                .numbered(a.self(), System.nanoTime() & 0xffffffL))
                        .outcome();
                return !heard.isEmpty();
            });
            var first = heard.getFirst();
            assertEquals("MESSAGE", first.getTags());
            String body = new String(first.getBody(), StandardCharsets.UTF_8);
            assertTrue(
                    body.matches("\\{\"content\":\"Hi\",\"from\":1,\"msgType\":20,\"time\":\\d{13},\"to\":77}"), body);
        } finally {
            published.shutdown();
        }
    }
}
