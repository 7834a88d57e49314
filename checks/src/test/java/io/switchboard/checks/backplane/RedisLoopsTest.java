package io.switchboard.checks.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.switchboard.backplane.Outgoing;
import io.switchboard.backplane.Remote;
import io.switchboard.checks.components.RedisServer;
import io.switchboard.loop.Loop;
import io.switchboard.message.Publication;
import io.switchboard.message.Topic;
import io.switchboard.transport.loop.NettyLoops;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The node's event loops and the bridge that lives on one of them. */
@Tag("component")
class RedisLoopsTest {
    private static final int COUNT = 1_000;

    private static final RedisServer REDIS = RedisServer.start();

    @AfterAll
    static void stopRedis() {
        REDIS.close();
    }

    /** Node a on the loops of a node that is open to the world, node b on a thread of the bridge's own. */
    private record Pair(NettyLoops loops, Peer a, Peer b) implements AutoCloseable {
        static Pair open(NettyLoops.Kind kind) {
            var loops = new NettyLoops(3, kind);
            return new Pair(loops, peer("a", loops.all()), peer("b", List.of()));
        }

        private static Peer peer(String name, List<Loop> loops) {
            var opener = BridgeOpener.redis(REDIS.uri()).on(loops);
            return new Peer(name, (self, meters) -> opener.open("loops", self, meters)).linked();
        }

        @Override
        public void close() {
            a.close();
            b.close();
            loops.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatALoopPublishesKeepsItsOrderOnTheBridgesOwnLoopAndOnOthers(NettyLoops.Kind kind) {
        try (var pair = Pair.open(kind)) {
            var loops = pair.loops().all();
            for (int i = 0; i < loops.size(); i++) {
                Topic topic = Topic.group("g" + i);
                pair.b().subscribe(topic);
                Loop loop = loops.get(i);
                loop.execute(() -> publishInTurns(pair.a(), loop, topic, 0));
            }
            for (int i = 0; i < loops.size(); i++) {
                pair.b().awaitTexts(Topic.group("g" + i), BackplaneContract.numbers(COUNT));
            }
        }
    }

    private static void publishInTurns(Peer a, Loop loop, Topic topic, int from) {
        a.publishAll(List.of(
                a.publication(topic, Integer.toString(from)), a.publication(topic, Integer.toString(from + 1))));
        if (from + 2 < COUNT) {
            loop.execute(() -> publishInTurns(a, loop, topic, from + 2));
        }
    }

    @Test
    void whoIsToldTheOutcomeMayPublishAtOnce() {
        try (var pair = Pair.open(NettyLoops.Kind.AUTO)) {
            Topic topic = Topic.group("chain");
            pair.b().subscribe(topic);
            pair.loops().all().getFirst().execute(() -> publishNext(pair.a(), topic, 0));
            pair.b().awaitTexts(topic, BackplaneContract.numbers(COUNT));
        }
    }

    private static void publishNext(Peer a, Topic topic, int number) {
        if (number < COUNT) {
            var publication = a.publication(topic, Integer.toString(number));
            a.backplane().publish(List.of(new Outgoing() {
                @Override
                public Publication publication() {
                    return publication;
                }

                @Override
                public void settled(Remote remote) {
                    publishNext(a, topic, number + 1);
                }
            }));
        }
    }

    @Test
    void theBridgeMayBeClosedAfterTheLoops() {
        try (var pair = Pair.open(NettyLoops.Kind.AUTO)) {
            pair.loops().close();
            assertEquals(Remote.REFUSED, pair.a().publish(Topic.ALL, "late").outcome());
            pair.a().backplane().close();
            assertEquals(Remote.REFUSED, pair.a().publish(Topic.ALL, "later").outcome());
            assertFalse(pair.a().backplane().isUp());
        }
    }
}
