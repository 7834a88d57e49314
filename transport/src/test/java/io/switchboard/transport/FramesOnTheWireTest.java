package io.switchboard.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.hub.Limits;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6455, section 5: what frames may be, and what becomes of those that may not. */
class FramesOnTheWireTest {
    private static final int MAX = Limits.DEFAULT.messageBytes();
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static byte[] join(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] close(int code, byte... reason) {
        byte[] payload = ByteBuffer.allocate(2 + reason.length)
                .putShort((short) code)
                .put(reason)
                .array();
        return RawClient.frame(RawClient.CLOSE, true, payload);
    }

    static Stream<Arguments> wrong() {
        byte[] hi = utf8("hi");
        byte[] begin = RawClient.frame(RawClient.TEXT, false, hi);
        var cases = new ArrayList<Arguments>();
        cases.add(Arguments.of("not masked", 1002, bytes(0x81, 0x02, 'h', 'i')));
        cases.add(Arguments.of("ping not masked", 1002, bytes(0x89, 0x00)));
        for (int bit : new int[] {0x40, 0x20, 0x10}) {
            cases.add(Arguments.of("reserved bit " + bit, 1002, RawClient.frame(0x81 | bit, 0, hi)));
            cases.add(Arguments.of("reserved bit in ping " + bit, 1002, RawClient.frame(0x89 | bit, 0, hi)));
        }
        for (int opcode : new int[] {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
            cases.add(Arguments.of("opcode " + opcode, 1002, RawClient.frame(0x80 | opcode, 0, hi)));
            cases.add(
                    Arguments.of("opcode within " + opcode, 1002, join(begin, RawClient.frame(0x80 | opcode, 0, hi))));
        }
        for (int opcode : new int[] {RawClient.CLOSE, RawClient.PING, RawClient.PONG}) {
            cases.add(Arguments.of("fragmented control " + opcode, 1002, RawClient.frame(opcode, 0, hi)));
            cases.add(Arguments.of("long control " + opcode, 1002, RawClient.frame(0x80 | opcode, 2, new byte[126])));
        }
        cases.add(Arguments.of("continuation of nothing", 1002, RawClient.frame(0x80, 0, hi)));
        cases.add(Arguments.of("open continuation of nothing", 1002, RawClient.frame(0x00, 0, hi)));
        cases.add(Arguments.of("text within text", 1002, join(begin, RawClient.frame(0x81, 0, hi))));
        cases.add(Arguments.of("binary within text", 1002, join(begin, RawClient.frame(0x02, 0, hi))));
        cases.add(Arguments.of("16 bits for 125", 1002, RawClient.frame(0x81, 2, new byte[125])));
        cases.add(Arguments.of("64 bits for 125", 1002, RawClient.frame(0x81, 8, new byte[125])));
        cases.add(Arguments.of("64 bits for 65535", 1002, RawClient.frame(0x82, 8, new byte[0xffff])));
        cases.add(Arguments.of("negative length", 1002, bytes(0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4)));
        // Only the header is sent: nothing is kept for what is announced.
        cases.add(Arguments.of(
                "length beyond the limit", 1009, bytes(0x82, 0xff, 0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 0, 1, 2, 3, 4)));
        cases.add(Arguments.of("length just beyond", 1009, bytes(0x82, 0xff, 0, 0, 0, 0, 0, 1, 0, 1, 1, 2, 3, 4)));
        cases.add(Arguments.of(
                "fragments beyond the limit",
                1009,
                join(RawClient.frame(2, false, new byte[MAX - 5]), bytes(0x80, 0x86, 1, 2, 3, 4))));
        cases.add(Arguments.of("close of one byte", 1002, RawClient.frame(RawClient.CLOSE, true, bytes(3))));
        for (int code : new int[] {0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535}) {
            cases.add(Arguments.of("close code " + code, 1002, close(code)));
        }
        cases.add(Arguments.of("close reason not UTF-8", 1007, close(1000, bytes('a', 0xff))));
        cases.add(Arguments.of("close reason cut", 1007, close(1000, bytes('a', 0xc3))));
        return cases.stream();
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @MethodSource("wrong")
    void brokenRuleEndsTheConnectionWithItsCode(String what, int code, byte[] sent) throws Exception {
        try (var client = server.join("/t/1")) {
            client.send(sent);
            client.expectClose(code);
            client.expectEnd();
        }
    }

    static Stream<byte[]> notUtf8() {
        return Stream.of(
                bytes(0x80),
                bytes('a', 0xff),
                bytes(0xc0, 0xaf),
                bytes(0xe0, 0x80, 0xaf),
                bytes(0xed, 0xa0, 0x80),
                bytes(0xf0, 0x80, 0x80, 0xaf),
                bytes(0xf4, 0x90, 0x80, 0x80),
                bytes(0xf8, 0x88, 0x80, 0x80, 0x80),
                bytes('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 0xc3),
                bytes('a', 0xc3, 0x28));
    }

    @ParameterizedTest
    @MethodSource("notUtf8")
    void textThatIsNotUtf8IsRefused(byte[] text) throws Exception {
        try (var whole = server.join("/t/1");
                var bytewise = server.join("/t/1")) {
            whole.send(RawClient.frame(RawClient.TEXT, true, text));
            whole.expectClose(1007);
            whole.expectEnd();
            for (int i = 0; i < text.length; i++) {
                boolean last = i == text.length - 1;
                bytewise.send(RawClient.frame(i == 0 ? RawClient.TEXT : 0, last, bytes(text[i])));
            }
            bytewise.expectClose(1007);
        }
    }

    @Test
    void wrongTextIsNoticedBeforeItsFrameIsWhole() throws Exception {
        try (var client = server.join("/t/1")) {
            byte[] frame = RawClient.frame(RawClient.TEXT, true, join(utf8("hello "), bytes(0xff), new byte[5_000]));
            client.send(Arrays.copyOf(frame, 20));
            client.expectClose(1007);
        }
    }

    @Test
    void wrongTextIsNoticedBeforeItsMessageIsWhole() throws Exception {
        try (var client = server.join("/t/1")) {
            client.send(RawClient.frame(RawClient.TEXT, false, bytes('a', 0xed, 0xa0)));
            client.expectClose(1007);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 127, 4096, 65535, 65536})
    void everyLengthComesBack(int length) throws Exception {
        try (var client = server.join("/t/1")) {
            String text = "x".repeat(length);
            client.text(text);
            client.expectText(text);
            client.send(RawClient.frame(RawClient.BINARY, true, utf8(text)));
            RawClient.Frame binary = client.read();
            assertEquals(RawClient.BINARY, binary.opcode());
            assertEquals(text, binary.latin1());
        }
    }

    @Test
    void maskOfZeroIsAMask() throws Exception {
        try (var client = server.join("/t/1")) {
            client.send(bytes(0x81, 0x82, 0, 0, 0, 0, 'h', 'i'));
            client.expectText("hi");
        }
    }

    @Test
    void messageMayBeCutAnywhere() throws Exception {
        String text = "añ€😀 plain ascii text 【g1】 and more of it";
        byte[] content = utf8(text);
        try (var client = server.join("/t/1")) {
            for (int cut = 0; cut <= content.length; cut++) {
                client.send(join(
                        RawClient.frame(RawClient.TEXT, false, Arrays.copyOf(content, cut)),
                        RawClient.frame(0, true, Arrays.copyOfRange(content, cut, content.length))));
                client.expectText(text);
            }
            var fragments = new ByteArrayOutputStream();
            for (int i = 0; i < content.length; i++) {
                fragments.writeBytes(RawClient.frame(i == 0 ? RawClient.TEXT : 0, false, bytes(content[i])));
                fragments.writeBytes(RawClient.frame(RawClient.PING, true, bytes(i)));
            }
            fragments.writeBytes(RawClient.frame(0, true, new byte[0]));
            client.send(fragments.toByteArray());
            for (int i = 0; i < content.length; i++) {
                RawClient.Frame pong = client.read();
                assertEquals(RawClient.PONG, pong.opcode());
                assertEquals((char) i, pong.latin1().charAt(0));
            }
            client.expectText(text);
        }
    }

    @Test
    void bytesMayComeInAnyPieces() throws Exception {
        var random = new Random(4);
        var sent = new ByteArrayOutputStream();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            String text = i + " ñ€😀 " + "x".repeat(random.nextInt(4) == 0 ? random.nextInt(300) : random.nextInt(20));
            byte[] content = utf8(text);
            int cut = random.nextInt(content.length + 1);
            if (random.nextBoolean()) {
                sent.writeBytes(RawClient.frame(RawClient.TEXT, true, content));
            } else {
                sent.writeBytes(RawClient.frame(RawClient.TEXT, false, Arrays.copyOf(content, cut)));
                sent.writeBytes(RawClient.frame(RawClient.PONG, true, new byte[random.nextInt(126)]));
                sent.writeBytes(RawClient.frame(0, true, Arrays.copyOfRange(content, cut, content.length)));
            }
            expected.add(text);
        }
        byte[] all = sent.toByteArray();
        try (var bytewise = server.join("/t/1")) {
            for (byte one : all) {
                bytewise.send(new byte[] {one});
            }
            for (String text : expected) {
                bytewise.expectText(text);
            }
        }
        for (int round = 0; round < 30; round++) {
            try (var client = server.join("/t/1")) {
                for (int from = 0; from < all.length; ) {
                    int to = Math.min(all.length, from + 1 + random.nextInt(1 + random.nextInt(700)));
                    client.send(Arrays.copyOfRange(all, from, to));
                    from = to;
                }
                for (String text : expected) {
                    client.expectText(text);
                }
            }
        }
    }

    @Test
    void framesMayFollowTheRequestAtOnce() throws Exception {
        try (var client = server.connect()) {
            byte[] frames = join(
                    RawClient.frame(RawClient.TEXT, true, utf8("join g")),
                    RawClient.frame(RawClient.TEXT, true, utf8("pub g first")),
                    RawClient.frame(RawClient.TEXT, true, new byte[9_000]));
            client.send(join(utf8(RawClient.upgradeRequest("/t/1")), frames));
            assertEquals(101, client.answer().status());
            client.expectText("joined g");
            assertTrue(
                    List.of("first", "\0".repeat(9_000)).contains(client.read().text()));
            assertTrue(
                    List.of("first", "\0".repeat(9_000)).contains(client.read().text()));
        }
    }

    @Test
    void pingIsAnsweredWithItsPayload() throws Exception {
        try (var client = server.join("/t/1")) {
            for (int length : new int[] {0, 1, 125}) {
                client.send(RawClient.frame(RawClient.PING, true, utf8("p".repeat(length))));
                RawClient.Frame pong = client.read();
                assertEquals(RawClient.PONG, pong.opcode());
                assertEquals("p".repeat(length), pong.latin1());
            }
            client.send(RawClient.frame(RawClient.PONG, true, utf8("unasked")));
            client.text("still here");
            client.expectText("still here");
        }
    }
}
