package io.switchboard.checks.faults;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Input that nobody should send, drawn by lot; the same seed gives the same. */
final class Garbage {
    private static final List<String> REQUESTS = List.of(
            "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /health/ready HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello",
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            String.join(
                    "\r\n",
                    "GET /chat/user/1 HTTP/1.1",
                    "Host: x",
                    "Upgrade: websocket",
                    "Connection: Upgrade",
                    "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: c3dpdGNoYm9hcmQga2V5IQ==",
                    "",
                    ""));
    private static final List<String> SEGMENTS = List.of(
            "chat",
            "user",
            "group",
            "all",
            "channel",
            "ws",
            "health",
            "",
            ".",
            "..",
            "%",
            "%2",
            "%zz",
            "%00",
            "%0a",
            "%0D%0A",
            "%2f",
            "%2F..%2F",
            "%c3%28",
            "%E5%BC%A0",
            "%ed%a0%80",
            "%f8%88%80%80%80",
            "%C0%80",
            "+",
            "*",
            "1",
            "a b",
            "{id}",
            "<script>",
            "张",
            "x".repeat(201),
            "x".repeat(20_000),
            ";",
            "?",
            "?id=",
            "?id=1&id=2",
            "?sign=1",
            "#",
            "\\",
            "\u0001",
            "\t");
    private static final List<String> WORDS = List.of(
            "\"Method\"",
            "\"One\"",
            "\"UserGroup\"",
            "\"Group\"",
            "\"MsgBody\"",
            "\"Id\"",
            "\"Msg\"",
            "\"FromId\"",
            "\"ToId\"",
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "null",
            "true",
            "1e999",
            "-0",
            "\"\\ud800\"",
            "\"\\u0000\"",
            "\"\"",
            "\"",
            "\\",
            "\"\\x\"",
            "nul",
            "+1",
            ".5",
            "\u0000",
            "\ufeff",
            "//",
            "/* */",
            "😀",
            " ",
            "NaN");

    private final Random random;

    Garbage(long seed) {
        this.random = new Random(seed);
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    byte[] bytes(int lengthMax) {
        var bytes = new byte[1 + random.nextInt(lengthMax)];
        random.nextBytes(bytes);
        return bytes;
    }

    /** After a handshake: a frame that breaks some rule or several, or is none at all. */
    byte[] frame() {
        return switch (random.nextInt(8)) {
            case 0 -> bytes(300);
            case 1 -> frame(0x80 | random.nextInt(128), random.nextInt(126), true);
            case 2 -> frame(0x81, random.nextInt(126), false);
            case 3 -> frame(0x88 + random.nextInt(3), 126 + random.nextInt(400), true);
            case 4 -> joined(frame(0x01, 10, true), frame(0x81, 10, true));
            case 5 -> frame(0x80, random.nextInt(126), true);
            case 6 -> lengthOnly(random.nextLong());
            default -> joined(frame(0x08 + random.nextInt(3), random.nextInt(126), true), bytes(50));
        };
    }

    private byte[] frame(int first, int length, boolean masked) {
        var bytes = new ByteArrayOutputStream();
        bytes.write(first);
        int mask = masked ? 0x80 : 0;
        if (length < 126) {
            bytes.write(mask | length);
        } else {
            bytes.write(mask | 126);
            bytes.write(length >>> 8);
            bytes.write(length);
        }
        var rest = new byte[length + (masked ? 4 : 0)];
        random.nextBytes(rest);
        bytes.writeBytes(rest);
        return bytes.toByteArray();
    }

    private static byte[] lengthOnly(long length) {
        return ByteBuffer.allocate(14)
                .put((byte) 0x82)
                .put((byte) 0xFF)
                .putLong(length)
                .putInt(0)
                .array();
    }

    /** Text that begins like UTF-8 and is none. */
    byte[] notUtf8() {
        var good = "x".repeat(random.nextInt(50)).getBytes(StandardCharsets.UTF_8);
        byte[][] bad = {
            {(byte) 0x80},
            {(byte) 0xC0, (byte) 0x80},
            {(byte) 0xE2, (byte) 0x28, (byte) 0xA1},
            {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
            {(byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
            {(byte) 0xFF},
            {(byte) 0xE5, (byte) 0xBC}
        };
        return joined(good, bad[random.nextInt(bad.length)]);
    }

    /** Tokens in any order, or a good message with a wound. */
    String json(String good) {
        if (random.nextBoolean()) {
            var text = new StringBuilder();
            for (int i = random.nextInt(20); i >= 0; i--) {
                text.append(WORDS.get(random.nextInt(WORDS.size())));
            }
            return text.toString();
        }
        var wounded = new StringBuilder(good);
        for (int i = random.nextInt(3); i >= 0 && !wounded.isEmpty(); i--) {
            int at = random.nextInt(wounded.length());
            switch (random.nextInt(3)) {
                case 0 -> wounded.deleteCharAt(at);
                case 1 -> wounded.setCharAt(at, (char) random.nextInt(0xD800));
                default -> wounded.insert(at, WORDS.get(random.nextInt(WORDS.size())));
            }
        }
        return wounded.toString();
    }

    /** The target of a request. */
    String target() {
        var target = new StringBuilder(random.nextInt(10) == 0 ? "" : "/chat");
        for (int i = random.nextInt(5); i >= 0; i--) {
            target.append(random.nextInt(10) == 0 ? "" : "/").append(SEGMENTS.get(random.nextInt(SEGMENTS.size())));
        }
        return target.toString();
    }

    /** A request with some bytes changed, dropped or too many; or no request at all. */
    byte[] request() {
        if (random.nextInt(5) == 0) {
            return bytes(2_000);
        }
        var bytes = REQUESTS.get(random.nextInt(REQUESTS.size())).getBytes(StandardCharsets.ISO_8859_1);
        for (int i = random.nextInt(4); i >= 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        int from = random.nextInt(bytes.length);
        return switch (random.nextInt(4)) {
            case 0 -> Arrays.copyOf(bytes, from);
            case 1 -> joined(Arrays.copyOf(bytes, from), bytes(30_000));
            case 2 -> joined(bytes, bytes);
            default -> bytes;
        };
    }

    private static byte[] joined(byte[] one, byte[] other) {
        var joined = new ByteArrayOutputStream();
        joined.writeBytes(one);
        joined.writeBytes(other);
        return joined.toByteArray();
    }
}
