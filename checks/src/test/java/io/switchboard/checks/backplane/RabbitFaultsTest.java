package io.switchboard.checks.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.backplane.Remote;
import io.switchboard.checks.client.Await;
import io.switchboard.checks.components.RabbitServer;
import io.switchboard.message.Message;
import io.switchboard.message.Topic;
import io.switchboard.protocols.message.MessageProtocol;
import io.switchboard.protocols.message.MessageWire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** On a RabbitMQ, where other things can happen to a node as well: to its queue, or by the hand of an operator. */
@Tag("component")
class RabbitFaultsTest extends FaultsContract {
    @AutoClose
    private static final RabbitBroker BROKER = new RabbitBroker(false);

    private final RabbitServer rabbit = BROKER.server();

    RabbitFaultsTest() {
        super(
                BROKER.server().host(),
                BROKER.server().port(),
                port -> BridgeOpener.rabbitmq(BROKER.server().uri(port)),
                SharedFormat.INSTANCE);
    }

    private String queue(Peer peer) {
        return cluster + "." + peer.self().node() + "."
                + Long.toHexString(peer.self().incarnation());
    }

    private static boolean exists(String queue) {
        try {
            BROKER.channel().queueDeclarePassive(queue);
            return true;
        } catch (IOException e) {
            // An exclusive one is there as well, only not for us.
            return String.valueOf(e.getCause()).contains("RESOURCE_LOCKED");
        }
    }

    private void speakBothWays(Peer a, String word) {
        assertEquals(Remote.ACCEPTED, a.publish(TOPIC, word + " from a").outcome());
        b.awaitText(TOPIC, word + " from a");
        b.publish(TOPIC, word + " from b");
        a.awaitText(TOPIC, word + " from b");
    }

    @Test
    void whatWasPublishedDuringAShortCutArrives() {
        var a = peer("a", spoiled).linked();
        a.subscribe(TOPIC);
        breakLine(a);
        b.publishAll(hundred(b)).forEach(sent -> assertEquals(Remote.ACCEPTED, sent.outcome()));
        var waiting = a.publishAll(hundred(a));
        line.heal();
        a.awaitLinked();
        a.awaitTexts(TOPIC, BackplaneContract.numbers(100));
        waiting.forEach(sent -> assertEquals(Remote.ACCEPTED, sent.outcome()));
        b.awaitTexts(TOPIC, BackplaneContract.numbers(100));
        assertEquals(0, a.meters().sum("switchboard.backplane.spool.bytes"));
        a.awaitNews("up", "down", "up");
    }

    @Test
    void whatDoesNotFitTheSpoolOrWaitsTooLongIsRefused() {
        var a = peer("a", spoiled.spooling(10 * 300, Duration.ofMillis(700))).linked();
        breakLine(a);
        var sent = a.publishAll(hundred(a));
        Await.until(
                "most to be refused",
                () -> sent.stream().filter(Sent::isSettled).count() >= 85);
        assertTrue(sent.stream().filter(Sent::isSettled).count() < 95);
        sent.forEach(one -> assertEquals(Remote.REFUSED, one.outcome()));
        sent.forEach(one -> assertTrue(one.took().compareTo(Duration.ofSeconds(3)) < 0));
    }

    @Test
    void tenCutsLeaveNothingBehind() {
        var a = peer("a", spoiled).linked();
        a.subscribe(TOPIC);
        speakBothWays(a, "before");
        String before = objects();
        for (int i = 0; i < 10; i++) {
            line.cut();
            int round = i;
            Await.until(
                    "a to be back",
                    Duration.ofSeconds(20),
                    () -> a.meters().sum("switchboard.backplane.reconnects") == round + 1);
        }
        speakBothWays(a, "after");
        assertEquals(before, objects());
        var heard = new ArrayList<>(b.textsOn(TOPIC));
        assertEquals(List.of("before from a", "after from a"), heard);
    }

    /** Queues and bindings of this cluster, as the operator sees them. */
    private String objects() {
        return rabbit.control("list_queues", "name", "durable", "exclusive", "consumers")
                        .lines()
                        .filter(queue -> queue.startsWith(cluster + "."))
                        .sorted()
                        .toList()
                + rabbit.control("list_bindings")
                        .lines()
                        .filter(binding -> binding.contains(cluster + "."))
                        .sorted()
                        .toList()
                        .toString();
    }

    @Test
    void aLineThatStallsIsMended() {
        var a = peer("a", spoiled).linked();
        a.subscribe(TOPIC);
        line.stall();
        Await.until("a to notice", () -> !a.backplane().isUp());
        var waiting = a.publish(TOPIC, "waiting");
        line.heal();
        a.awaitLinked();
        assertEquals(Remote.ACCEPTED, waiting.outcome());
        speakBothWays(a, "after");
    }

    @Test
    void aQueueThatAnOperatorDeletesIsMadeAnew() throws IOException {
        var a = peer("a", direct).linked();
        a.subscribe(TOPIC);
        BROKER.channel().queueDelete(queue(a));
        a.awaitNews("up", "down", "up");
        speakBothWays(a, "after");
    }

    @Test
    void aBindingThatAnOperatorDeletesDoesNotStayUnnoticed() throws IOException {
        var a = peer("a", direct).linked();
        a.subscribe(TOPIC);
        BROKER.channel().queueUnbind(queue(a), cluster + ".topics", "ping." + queue(a));
        a.awaitNews("up", "down", "up");
        speakBothWays(a, "after");
    }

    @Test
    void theQueueOfANodeThatIsGoneExpires() {
        var a = peer("a", spoiled.with(Map.of("queue.expires", "2000"))).linked();
        a.subscribe(TOPIC);
        assertTrue(queues().contains(queue(a)) && queues().contains(queue(a) + ".sender"));
        line.refuse();
        Await.until(
                "the queues to be gone",
                Duration.ofSeconds(20),
                this::queues,
                queues -> queues.stream().noneMatch(queue -> queue.startsWith(queue(a))));
        line.heal();
        a.awaitLinked();
        speakBothWays(a, "after");
    }

    /** Asked of the operator's tool: whoever asks as a client keeps a queue from expiring. */
    private List<String> queues() {
        return rabbit.control("list_queues", "name").lines().toList();
    }

    @Test
    void aNodeThatIsClosedTakesItsQueueAlong() {
        var a = peer("a", direct).linked();
        a.backplane().close();
        Await.until("the queues to be gone", () -> !exists(queue(a)) && !exists(queue(a) + ".sender"));
    }

    @Test
    void anAlarmOfTheBrokerIsNotAHang() {
        var a = peer("a", direct.spooling(1 << 20, Duration.ofSeconds(1))).linked();
        var c = peer("c", direct.with(SharedFormat.INSTANCE)).linked();
        a.subscribe(TOPIC);
        var sent = new ArrayList<Sent>();
        rabbit.control("set_vm_memory_high_watermark", "0");
        try {
            sent.add(a.publish(TOPIC, "perhaps"));
            Await.until(
                    "both to be told",
                    () -> !a.backplane().isUp() && !c.backplane().isUp());
            sent.add(a.publish(TOPIC, "no"));
            sent.add(c.publish(TOPIC, "no"));
            assertEquals(Remote.REFUSED, sent.get(1).outcome());
            assertEquals(Remote.REFUSED, sent.get(2).outcome());
            sent.getFirst().outcome();
            sent.forEach(one -> assertTrue(one.took().compareTo(Duration.ofSeconds(8)) < 0));
            // Who listens is not hindered.
            a.subscribe(Topic.group("meanwhile"));
        } finally {
            rabbit.control("set_vm_memory_high_watermark", "absolute", "1GB");
        }
        a.awaitLinked();
        b.awaitLinked();
        speakBothWays(a, "after");
        a.awaitNews("up", "down", "up");
    }

    @Test
    void aWrongPasswordAndAMissingVhostAreNamed() {
        String host = rabbit.host() + ":" + rabbit.port();
        namesTheFault("amqp://guest:wrong@" + host, "refuses user or password");
        namesTheFault("amqp://guest:guest@" + host + "/nowhere", "nowhere");
        namesTheFault("amqp://127.0.0.1:1", "refused");
    }

    private void namesTheFault(String uri, String part) {
        try (var log = CapturedLog.of("io.switchboard.bridges.rabbitmq")) {
            var a = peer("a", BridgeOpener.rabbitmq(uri).spooling(1 << 20, Duration.ofMillis(200)));
            a.backplane().start(a);
            log.await(part);
            assertFalse(log.text().contains("wrong"), log::text);
            assertEquals(Remote.REFUSED, a.publish(TOPIC, "x").outcome());
            assertFalse(a.backplane().isUp());
            a.close();
        }
    }

    @Test
    void aPublishedExchangeOfAnotherTypeIsNamed() throws IOException {
        BROKER.channel().exchangeDelete(SharedFormat.EXCHANGE);
        BROKER.channel().exchangeDeclare(SharedFormat.EXCHANGE, "topic", true);
        try (var log = CapturedLog.of("io.switchboard.bridges.rabbitmq")) {
            var a = peer("a", direct.with(SharedFormat.INSTANCE)).linked();
            var confirmed = a.backplane().subscribe(TOPIC).toCompletableFuture();
            log.await("inequivalent arg 'type' for exchange '" + SharedFormat.EXCHANGE + "'");
            assertFalse(confirmed.isDone());
        } finally {
            BROKER.channel().exchangeDelete(SharedFormat.EXCHANGE);
        }
    }

    @Test
    void thePublishedTextIsAsItsExchangeKnowsIt() throws IOException {
        var format = new MessageWire(MessageWire.EXCHANGE);
        var a = peer("a", direct.with(format)).linked();
        a.subscribe(MessageProtocol.EVERYBODY);
        var channel = BROKER.channel();
        channel.exchangeDeclare(MessageWire.EXCHANGE, "fanout", true);
        String queue = channel.queueDeclare().getQueue();
        channel.queueBind(queue, MessageWire.EXCHANGE, "");
        assertEquals(
                Remote.ACCEPTED,
                a.publish(MessageProtocol.EVERYBODY, "Hi 【all】").outcome());
        var seen = Await.until("the text", () -> channel.basicGet(queue, true), got -> got != null);
        assertEquals("Hi 【all】", new String(seen.getBody(), StandardCharsets.UTF_8));
        assertEquals("", seen.getEnvelope().getRoutingKey());
        var properties = seen.getProps();
        assertEquals(
                List.of("text/plain", "UTF-8", 2, 0, Map.of()),
                List.of(
                        properties.getContentType(),
                        properties.getContentEncoding(),
                        properties.getDeliveryMode(),
                        properties.getPriority(),
                        properties.getHeaders()));
        channel.basicPublish(MessageWire.EXCHANGE, "", null, "from a stranger".getBytes(StandardCharsets.UTF_8));
        a.awaitTexts(MessageProtocol.EVERYBODY, List.of("Hi 【all】", "from a stranger"));
    }

    @Test
    void aMonsterIsGarbageAndHarmless() throws IOException {
        BROKER.putGarbage(cluster, TOPIC, new byte[17 << 20]);
        BROKER.putGarbage(cluster, TOPIC, new byte[10_000_000]);
        Await.until("both to be counted", () -> b.meters().sum("switchboard.backplane.garbage") == 2);
        var a = peer("a", direct).linked();
        assertEquals(
                Remote.REFUSED,
                a.publish(a.publication(TOPIC, Message.binary(new byte[17 << 20])))
                        .outcome());
        a.publish(TOPIC, "after");
        b.awaitTexts(TOPIC, List.of("after"));
        b.awaitNews("up");
    }
}
