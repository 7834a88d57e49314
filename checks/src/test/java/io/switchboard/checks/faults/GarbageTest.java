package io.switchboard.checks.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.client.EndedException;
import io.switchboard.checks.client.Frame;
import io.switchboard.checks.client.Handshake;
import io.switchboard.checks.client.RefusedException;
import io.switchboard.checks.client.WsClient;
import io.switchboard.checks.cluster.Chat;
import io.switchboard.checks.cluster.ChatClient;
import io.switchboard.checks.cluster.Cluster;
import io.switchboard.checks.components.NodeProcess;
import io.switchboard.checks.components.RedisWire;
import io.switchboard.checks.components.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Thousands of inputs that make no sense, from clients, from whoever knocks at the port, and on the channels of Redis.
 * Each hurts its own sender at most: two who watch, one on each node, talk on all the while. The system property
 * {@code switchboard.seed} draws others than the usual ones.
 */
@Tag("component")
@Tag("node")
class GarbageTest {
    private static final long SEED = Long.getLong("switchboard.seed", 1);
    private static final int WATCH_EVERY = 50;

    @RegisterExtension
    static final Cluster CLUSTER = Cluster.start();

    private final Garbage garbage = new Garbage(SEED);
    private ChatClient anna = CLUSTER.onA("/chat/user/watching-anna");
    private ChatClient ben = CLUSTER.onB("/chat/user/watching-ben");
    private int inputs;

    @BeforeEach
    void greet() {
        System.getLogger("checks").log(System.Logger.Level.DEBUG, "seed {0}", SEED);
        watch();
    }

    @AfterEach
    void sayGoodbye() {
        watch();
        CLUSTER.verifyNothingMore(anna, ben);
    }

    /** A word each way, and nothing else is heard. */
    private void watch() {
        var word = "input " + inputs + " of seed " + SEED;
        anna.send(Chat.direct(ben.user(), word));
        ben.hearsOne(anna.user(), word);
        ben.send(Chat.direct(anna.user(), word));
        anna.hearsOne(ben.user(), word);
    }

    private void count() {
        if (++inputs % WATCH_EVERY == 0) {
            watch();
        }
    }

    private NodeProcess eitherNode() {
        return inputs % 2 == 0 ? CLUSTER.nodeA() : CLUSTER.nodeB();
    }

    @Test
    void frames() {
        double closedBefore = closes("1002");
        for (int i = 0; i < 1_500; i++, count()) {
            try (var client = WsClient.connect(eitherNode().uri("/chat/channel/garbage" + i))) {
                sendAndEnd(client, garbage.frame());
            }
        }
        assertTrue(closes("1002") - closedBefore > 300, "those who break the protocol are closed with 1002");
    }

    /** Whatever it was: the node lets go of a client that has ended its side. */
    private static void sendAndEnd(WsClient client, byte[] bytes) {
        try {
            client.sendRaw(bytes);
            client.endSending();
        } catch (UncheckedIOException _closedAlready) {
            // Then the node was faster.
        }
        client.awaitEnd();
    }

    @Test
    void json() {
        double refusedBefore = malformed();
        var onChannel = CLUSTER.onA("/chat/channel/garbage");
        var onUser = CLUSTER.onB("/chat/user/garbage");
        for (int i = 0; i < 2_000; i++, count()) {
            onChannel.send(garbage.json(Chat.all("good")));
            onUser.send(garbage.json(Chat.direct("nobody", "good")));
            if (i % 100 == 0) {
                skipToFence(onChannel, i);
                skipToFence(onUser, i);
            }
        }
        skipToFence(onChannel, -1);
        skipToFence(onUser, -1);
        assertTrue(malformed() - refusedBefore > 1_000, "what makes no sense is counted");
    }

    /** Through all answers until now; the connection must have lived. */
    private static void skipToFence(ChatClient client, int number) {
        client.connection().send(Frame.ping("fence " + number));
        for (var frame = client.connection().receive(); frame.opcode() != Frame.PONG; ) {
            assertEquals(Frame.TEXT, frame.opcode(), frame::toString);
            frame = client.connection().receive();
        }
    }

    @Test
    void textThatIsNotUtf8() {
        double closedBefore = closes("1007");
        for (int i = 0; i < 300; i++, count()) {
            var bytes = garbage.notUtf8();
            int cut = garbage.below(bytes.length);
            try (var client = WsClient.connect(eitherNode().uri("/chat/group/garbage/" + i))) {
                client.send(Frame.of(Frame.TEXT, Arrays.copyOf(bytes, cut)).unfinished());
                client.send(Frame.ping("between"));
                client.send(Frame.continuation(Arrays.copyOfRange(bytes, cut, bytes.length)));
                assertEndsWith(client, 1007);
            }
        }
        assertEquals(300, closes("1007") - closedBefore);
    }

    @Test
    void tooMuch() {
        double closedBefore = closes("1009");
        var kilobyte = new byte[1_000];
        for (int i = 0; i < 40; i++, count()) {
            try (var client = WsClient.connect(eitherNode().uri("/chat/group/garbage/" + i))) {
                if (i % 2 == 0) {
                    client.sendRaw(new byte[] {(byte) 0x81, (byte) 0xFF, 0, 0, 0, (byte) i, 0, 0x10, 0, 1, 0, 0, 0, 0});
                } else {
                    sendWithoutEnd(client, kilobyte);
                }
                assertEndsWith(client, 1009);
            }
        }
        assertEquals(40, closes("1009") - closedBefore);
    }

    /** One message in frames that are each small enough, and together are not. */
    private static void sendWithoutEnd(WsClient client, byte[] piece) {
        try {
            client.send(Frame.of(Frame.TEXT, piece).unfinished());
            for (int bytes = 0; bytes <= 1 << 20; bytes += piece.length) {
                client.send(Frame.continuation(piece).unfinished());
            }
        } catch (UncheckedIOException _closedAlready) {
            // Then the node did not wait for the end.
        }
    }

    private static void assertEndsWith(WsClient client, int code) {
        var frame = client.receive();
        if (frame.opcode() == Frame.PONG) {
            frame = client.receive();
        }
        assertEquals(Frame.CLOSE, frame.opcode(), frame::toString);
        assertEquals(code, frame.closeCode(), frame::toString);
        client.awaitEnd();
    }

    @Test
    void pathsAtTheDoor() {
        var statuses = new TreeSet<Integer>();
        for (int i = 0; i < 1_000; i++, count()) {
            var node = eitherNode();
            var target = garbage.target();
            var knock = Handshake.to("127.0.0.1", node.port(), target);
            try {
                statuses.add(WsClient.ask(i % 3 == 0 ? knock.plain() : knock).status());
            } catch (EndedException | RefusedException e) {
                throw new AssertionError("no answer to a request for " + target, e);
            }
        }
        assertTrue(statuses.containsAll(Set.of(101, 400, 404)), statuses::toString);
        assertTrue(statuses.stream().allMatch(status -> status < 500), statuses::toString);
    }

    @Test
    void requests() throws IOException {
        for (int i = 0; i < 1_000; i++, count()) {
            try (var socket =
                    new Socket(InetAddress.getLoopbackAddress(), eitherNode().port())) {
                socket.setSoTimeout(10_000);
                knock(socket, garbage.request());
            }
        }
    }

    /** Whatever it was: an answer or none, then the end. */
    private static void knock(Socket socket, byte[] bytes) throws IOException {
        try {
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
            var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertTrue(answer.isEmpty() || answer.startsWith("HTTP/1.1 "), () -> "no HTTP: " + answer);
            // 501 and 505 are for what HTTP knows and a node does not; it is never the node that is at fault.
            assertTrue(!answer.matches("(?s)HTTP/1.1 5(?!01|05).*"), answer);
        } catch (SocketException _reset) {
            // Closed with our bytes unread: as good an end as any.
        }
    }

    @Test
    void channelsOfRedis() {
        var target = CLUSTER.onA("/chat/channel/garbage");
        var inGroup = CLUSTER.onB("/chat/group/garbage/garbage");
        double garbageBefore = heardGarbage();
        try (var wire = CLUSTER.redis().wire()) {
            var channels = List.of("user:garbage", "group:garbage", "all");
            for (int i = 0; i < 2_000; i++, count()) {
                var channel = channels.get(i % channels.size());
                var good = Chat.wire(channel, "9", "good");
                if (i % 2 == 0) {
                    wire.publish(channel, garbage.bytes(500));
                } else {
                    wire.publish(channel, garbage.json(good));
                }
                wire.publish("user:" + anna.user(), garbage.bytes(500));
                if (i % 100 == 0) {
                    skipToFence(target, i);
                    skipToFence(inGroup, i);
                }
            }
        }
        assertTrue(heardGarbage() - garbageBefore > 2_000, "what makes no sense is counted");
    }

    @Test
    void channelsThatOurNodesHaveForThemselves() {
        try (var wire = CLUSTER.redis().wire()) {
            var own = ownChannels(wire);
            assertTrue(own.size() >= 2, () -> "no channels of our own: " + own);
            for (int i = 0; i < 1_000; i++, count()) {
                var channel = own.get(i % own.size());
                if (i % 3 == 0) {
                    wire.publish(channel, Long.toString(garbage.below(1_000)));
                } else {
                    wire.publish(channel, garbage.bytes(500));
                }
            }
        }
        CLUSTER.awaitLinksUp();
    }

    /** All that is subscribed to and is not published. */
    private static List<String> ownChannels(RedisWire wire) {
        return wire.call("PUBSUB", "CHANNELS").items().stream()
                .map(Reply::text)
                .filter(channel -> !channel.startsWith("user:"))
                .filter(channel -> !channel.startsWith("group:"))
                .filter(channel -> !channel.equals("all"))
                .toList();
    }

    private static double closes(String code) {
        return CLUSTER.nodes().stream()
                .mapToDouble(node -> node.metric("switchboard_closes_total", "code", code))
                .sum();
    }

    private static double malformed() {
        return CLUSTER.nodes().stream()
                .mapToDouble(node -> node.metric("switchboard_commands_refused_total", "reason", "malformed"))
                .sum();
    }

    private static double heardGarbage() {
        return CLUSTER.nodes().stream()
                .mapToDouble(node -> node.metric("switchboard_backplane_garbage_total"))
                .sum();
    }
}
