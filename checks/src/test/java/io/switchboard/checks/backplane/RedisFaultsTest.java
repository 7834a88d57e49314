package io.switchboard.checks.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.backplane.Remote;
import io.switchboard.checks.client.Await;
import io.switchboard.checks.components.FaultProxy;
import io.switchboard.checks.components.RedisServer;
import io.switchboard.checks.components.RedisWire;
import io.switchboard.message.Message;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** On a Redis. */
@Tag("component")
class RedisFaultsTest extends FaultsContract {
    @AutoClose
    private static final RedisServer REDIS = RedisServer.start();

    RedisFaultsTest() {
        super(REDIS.host(), REDIS.port(), port -> BridgeOpener.redis(REDIS.uri(port)), PlainFormat.INSTANCE);
    }

    @AfterEach
    void thaw() {
        REDIS.thaw();
    }

    @Test
    void nativePublicationsWaitForABrokenLineAndKeepTheirOrder() {
        var a = peer("a", spoiled).linked();
        breakLine(a);
        var waiting = a.publishAll(hundred(a));
        Await.until("them to wait", () -> a.meters().sum("switchboard.backplane.spool.bytes") > 0);
        line.heal();
        a.awaitLinked();
        var after = a.publish(TOPIC, "100");
        waiting.forEach(sent -> assertEquals(Remote.ACCEPTED, sent.outcome()));
        assertEquals(Remote.ACCEPTED, after.outcome());
        b.awaitTexts(TOPIC, BackplaneContract.numbers(101));
        assertEquals(0, a.meters().sum("switchboard.backplane.spool.bytes"));
    }

    @Test
    void whatDoesNotFitTheSpoolIsRefusedAndTheRestKept() {
        var a = peer("a", spoiled.spooling(10 * 300, Duration.ofSeconds(30))).linked();
        breakLine(a);
        var sent = a.publishAll(hundred(a));
        Await.until(
                "most to be refused",
                () -> sent.stream().filter(Sent::isSettled).count() >= 85);
        line.heal();
        a.awaitLinked();
        var accepted = sent.stream()
                .filter(one -> one.outcome() == Remote.ACCEPTED)
                .map(Sent::text)
                .toList();
        assertEquals(BackplaneContract.numbers(accepted.size()), accepted);
        assertTrue(accepted.size() > 5 && accepted.size() < 15, accepted::toString);
        b.awaitTexts(TOPIC, accepted);
    }

    @Test
    void whatWaitsTooLongIsRefused() {
        var a = peer("a", spoiled.spooling(1 << 20, Duration.ofMillis(500))).linked();
        breakLine(a);
        var sent = a.publish(TOPIC, "x");
        assertEquals(Remote.REFUSED, sent.outcome());
        assertTrue(sent.took().compareTo(Duration.ofSeconds(3)) < 0, () -> "took " + sent.took());
    }

    @Test
    void aCutLineIsMended() {
        mended(line::cut);
    }

    @Test
    void aLineThatEndsInOneDirectionIsMended() {
        mended(() -> line.halfClose(FaultProxy.Direction.TO_CLIENT));
        mended(() -> line.halfClose(FaultProxy.Direction.TO_SERVER));
    }

    @Test
    void aLineThatSpeaksNoRedisIsMended() {
        mended(() -> line.inject(
                FaultProxy.Direction.TO_CLIENT,
                "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void aLineThatStallsIsMended() {
        mended(() -> {
            line.stall();
            Await.until(
                    "somebody to notice",
                    () -> peers.stream().anyMatch(peer -> !peer.backplane().isUp()));
            line.heal();
        });
    }

    private void mended(Runnable fault) {
        line.heal();
        var a = peer("a", spoiled).linked();
        a.subscribe(TOPIC);
        fault.run();
        a.awaitNews("up", "down", "up");
        a.publish(TOPIC, "from a");
        b.awaitText(TOPIC, "from a");
        b.publish(TOPIC, "from b");
        a.awaitText(TOPIC, "from b");
        assertEquals(1, a.meters().sum("switchboard.backplane.reconnects"));
    }

    @Test
    void aSlowLineIsNotALostOne() {
        var a = peer("a", spoiled).linked();
        line.delay(FaultProxy.Direction.TO_CLIENT, Duration.ofMillis(400));
        var sent = IntStream.range(0, 20)
                .mapToObj(i -> a.publish(TOPIC, Integer.toString(i)))
                .toList();
        sent.forEach(one -> assertEquals(Remote.ACCEPTED, one.outcome()));
        b.awaitTexts(TOPIC, BackplaneContract.numbers(20));
        a.awaitNews("up");
    }

    @Test
    void moreThanMayWaitForAnswersIsRefused() {
        var a = peer("a", direct).linked();
        REDIS.freeze();
        var sent = new ArrayList<Sent>();
        try {
            for (int i = 0; i < 14; i++) {
                sent.addAll(a.publishAll(IntStream.range(0, 10_000)
                        .mapToObj(n -> a.publication(TOPIC, "x"))
                        .toList()));
            }
            Await.until(
                    "some to be refused",
                    () -> sent.stream().anyMatch(one -> one.isSettled() && one.outcome() == Remote.REFUSED));
        } finally {
            REDIS.thaw();
        }
        Await.until(
                "all to be settled", Duration.ofSeconds(20), () -> sent.stream().allMatch(Sent::isSettled));
        assertTrue(sent.stream().allMatch(one -> one.times() == 1));
    }

    @Test
    void whatReceiversWouldSkipIsRefused() {
        var a = peer("a", direct).linked();
        var monster = Message.binary(new byte[17 << 20]);
        var sent = a.publishAll(List.of(a.publication(TOPIC, monster), a.publication(TOPIC, "small")));
        assertEquals(Remote.REFUSED, sent.getFirst().outcome());
        assertEquals(Remote.ACCEPTED, sent.getLast().outcome());
        b.awaitTexts(TOPIC, List.of("small"));
    }

    @Test
    void whatAStoppedRedisHadNotReadDoesNotComeAfterNewerThings() {
        var a = peer("a", direct.with(PlainFormat.INSTANCE)).linked();
        try (RedisWire wire = REDIS.wire()) {
            wire.call("SUBSCRIBE", TOPIC.name());
            REDIS.freeze();
            for (int i = 0; i < 100; i++) {
                int from = i * 1_000;
                a.publishAll(IntStream.range(from, from + 1_000)
                        .mapToObj(n -> a.publication(TOPIC, Integer.toString(n)))
                        .toList());
            }
            Await.until("a to notice", () -> !a.backplane().isUp());
            // By then a new connection knocks as well.
            BrokerContract.pause(Duration.ofSeconds(1));
            REDIS.thaw();
            a.awaitLinked();
            a.publish(TOPIC, "100000");
            int last = -1;
            while (last < 100_000) {
                String payload = wire.read().items().get(2).text();
                int number = Integer.parseInt(payload.substring(payload.lastIndexOf(':') + 2, payload.length() - 2));
                assertTrue(number > last, number + " came after " + last);
                last = number;
            }
        }
    }
}
