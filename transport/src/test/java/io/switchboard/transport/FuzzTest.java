package io.switchboard.transport;

import io.switchboard.hub.Limits;
import io.switchboard.message.Topic;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Thousands of wrong inputs from seeds that are fixed: an observer hears everything, and nothing stays. */
class FuzzTest {
    private static final int ROUNDS = 2_000;
    private static final int CHECK_EVERY = 50;

    private TestServer server;
    private RawClient observer;

    @BeforeEach
    void start() throws IOException {
        Limits limits = TestServer.limits(
                8 << 10, 1 << 20, Duration.ofSeconds(20), Duration.ofSeconds(60), Duration.ofSeconds(20));
        server = TestServer.with(limits);
        observer = server.join("/t/observer");
    }

    @AfterEach
    void stop() throws IOException {
        observer.close();
        server.close();
    }

    private interface Input {
        byte[] next(Random random);
    }

    private void run(long seed, boolean joined, Input input) throws IOException {
        var random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            RawClient client = joined ? server.join("/t/" + round) : server.connect();
            try {
                byte[] bytes = input.next(random);
                int cut = random.nextInt(bytes.length + 1);
                client.send(Arrays.copyOf(bytes, cut));
                client.send(Arrays.copyOfRange(bytes, cut, bytes.length));
            } catch (IOException e) {
                // The server may have ended it already.
            }
            if (random.nextBoolean()) {
                client.reset();
            } else {
                client.close();
            }
            if (round % CHECK_EVERY == 0) {
                observe("round " + round);
            }
        }
        observe("end");
        server.awaitSessions(1);
        TestServer.await("connections gone", () -> server.meter("switchboard.connections.http") == 0);
        TestServer.await("WebSockets gone", () -> server.meter("switchboard.websockets") == 1);
    }

    private void observe(String what) throws IOException {
        server.publish(Topic.user("observer"), what);
        observer.expectText(what);
    }

    @Test
    void noise() throws IOException {
        run(5, false, random -> {
            byte[] bytes = new byte[random.nextInt(600)];
            random.nextBytes(bytes);
            return bytes;
        });
    }

    @Test
    void damagedRequests() throws IOException {
        run(6, false, random -> {
            String request = switch (random.nextInt(4)) {
                case 0 -> RawClient.upgradeRequest("/t/" + random.nextInt() + "?a=%20&b");
                case 1 -> RawClient.request("/t/1", "X-A: b", "Connection: close");
                case 2 -> "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
                default -> "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello";
            };
            return damaged(request.repeat(1 + random.nextInt(3)).getBytes(StandardCharsets.ISO_8859_1), random);
        });
    }

    @Test
    void framesOfNoise() throws IOException {
        run(7, true, random -> {
            byte[] bytes = new byte[random.nextInt(600)];
            random.nextBytes(bytes);
            // Else nearly all would end at the first mask bit or reserved bit.
            if (bytes.length > 1) {
                bytes[0] &= (byte) 0x8f;
                bytes[1] |= (byte) 0x80;
            }
            return bytes;
        });
    }

    @Test
    void damagedConversations() throws IOException {
        run(8, true, random -> {
            byte[] bytes = conversation(random);
            return random.nextInt(4) == 0 ? bytes : damaged(bytes, random);
        });
    }

    private static byte[] conversation(Random random) {
        var out = new ByteArrayOutputStream();
        int frames = 1 + random.nextInt(12);
        boolean within = false;
        for (int i = 0; i < frames; i++) {
            switch (random.nextInt(7)) {
                case 0 -> out.writeBytes(RawClient.frame(RawClient.PING, true, new byte[random.nextInt(126)]));
                case 1 -> out.writeBytes(RawClient.frame(RawClient.PONG, true, new byte[random.nextInt(126)]));
                case 2 -> {
                    byte[] close = new byte[random.nextInt(20)];
                    random.nextBytes(close);
                    out.writeBytes(RawClient.frame(RawClient.CLOSE, true, close));
                }
                default -> {
                    boolean last = random.nextInt(3) > 0;
                    byte[] content = content(random);
                    int opcode = within
                            ? RawClient.CONTINUATION
                            : random.nextInt(4) == 0 ? RawClient.BINARY : RawClient.TEXT;
                    out.writeBytes(RawClient.frame(opcode, last, content));
                    within = !last;
                }
            }
        }
        return out.toByteArray();
    }

    private static byte[] content(Random random) {
        String text = switch (random.nextInt(8)) {
            case 0 -> "join g" + random.nextInt(5);
            case 1 -> "leave g" + random.nextInt(5);
            case 2 -> "pub g" + random.nextInt(5) + " hello 【" + random.nextInt() + "】";
            case 3 -> "x".repeat(random.nextInt(9_000));
            default -> "hello ñ€😀".repeat(random.nextInt(30));
        };
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] damaged(byte[] bytes, Random random) {
        var out = new ByteArrayOutputStream();
        int damage = 1 + random.nextInt(3);
        out.writeBytes(bytes);
        byte[] result = out.toByteArray();
        for (int i = 0; i < damage && result.length > 1; i++) {
            int at = random.nextInt(result.length);
            switch (random.nextInt(4)) {
                case 0 -> result[at] = (byte) random.nextInt();
                case 1 -> result[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> result = Arrays.copyOf(result, at);
                default -> {
                    out.reset();
                    out.write(result, 0, at);
                    out.write(result, random.nextInt(result.length), 1);
                    out.write(result, at, result.length - at);
                    result = out.toByteArray();
                }
            }
        }
        return result;
    }
}
