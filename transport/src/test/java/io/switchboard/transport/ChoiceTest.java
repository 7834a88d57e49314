package io.switchboard.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.switchboard.hub.Handler;
import io.switchboard.hub.Session;
import io.switchboard.protocol.CloseReason;
import java.io.EOFException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an endpoint may choose for each client of its WebSockets. */
class ChoiceTest {
    private static final BlockingQueue<Session> OPENED = new LinkedBlockingQueue<>();
    private static final Duration BRIEF = Duration.ofMillis(200);
    private static TestServer server;

    @BeforeAll
    static void start() {
        var limits = TestServer.limits(64 << 10, 1 << 20, Duration.ofSeconds(20), BRIEF, BRIEF);
        server = TestServer.withNode(config -> config.withLimits(limits).withHandler(new Handler() {
            @Override
            public void onOpen(Session session) {
                OPENED.add(session);
            }
        }));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({"/choosy, 1", "/choosy?format=text, 1", "/choosy?format=binary, 2"})
    void itsEncoderSpeaks(String path, int opcode) throws Exception {
        try (var client = server.join(path)) {
            client.text("é");
            var frame = client.read();
            assertEquals(opcode, frame.opcode());
            assertEquals("é", frame.text());
        }
    }

    @Test
    void anEncoderThatWasNotNamedIsABugOfTheEndpoint() throws Exception {
        try (var client = server.connect()) {
            client.send(RawClient.upgradeRequest("/choosy?format=unknown"));
            assertEquals(500, client.answer().status());
        }
    }

    @ParameterizedTest
    @CsvSource({"'a, b, c', b", "b, b", "'a, b b, b', b", "'a,,b', b"})
    void itsSubProtocolIsAgreedTo(String offered, String agreed) throws Exception {
        try (var client = server.connect()) {
            client.send(RawClient.upgradeRequest("/choosy", "Sec-WebSocket-Protocol: " + offered));
            var answer = client.answer();
            assertEquals(101, answer.status());
            assertEquals(agreed, answer.header("sec-websocket-protocol"));
        }
    }

    @ParameterizedTest
    @CsvSource({"a", "'a, b b'"})
    void whatWasNotOfferedIsNotAgreedTo(String offered) throws Exception {
        try (var client = server.connect()) {
            client.send(RawClient.upgradeRequest("/choosy", "Sec-WebSocket-Protocol: " + offered));
            var answer = client.answer();
            assertEquals(101, answer.status());
            assertFalse(answer.headers().containsKey("sec-websocket-protocol"));
        }
    }

    /** Another client, silent for as long, is asked, and closed because it does not answer. */
    @Test
    void whoIsAskedByTheProtocolIsNeitherPingedNorClosedForSilence() throws Exception {
        try (var silent = server.join("/choosy");
                var asked = server.join("/choosy?ping")) {
            assertEquals(RawClient.PING, asked.read().opcode());
            asked.expectClose(4011);
            silent.text("still there");
            silent.expectText("still there");
        }
    }

    @Test
    void code3000EndsTheConnectionWithoutACloseFrame() throws Exception {
        OPENED.clear();
        try (var client = server.join("/choosy")) {
            server.node.hub().close(OPENED.take().id(), new CloseReason(3000, "not to be said"));
            assertThrows(EOFException.class, client::read);
        }
        server.awaitSessions(0);
    }
}
