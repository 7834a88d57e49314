package io.switchboard.checks.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WsClientTest {
    private final EchoServer server = EchoServer.start();

    @AfterEach
    void closeServer() {
        server.close();
    }

    @Test
    void textsOfAllLengthFormsComeBack() {
        try (var client = WsClient.connect(server.uri("/"))) {
            for (int length : new int[] {0, 1, 125, 126, 65_535, 65_536, 300_000}) {
                var text = "é".repeat(length / 2) + "z".repeat(length % 2);
                client.sendText(text);
                client.awaitText(text);
            }
            client.expectNothingMore();
        }
    }

    @Test
    void illegalFramesArriveAsTheyAre() {
        try (var client = WsClient.connect(server.uri("/"))) {
            client.send(Frame.of(5, new byte[] {1}).withReserved(6).unfinished());
            var echoed = client.receive();
            assertEquals(5, echoed.opcode());
            assertEquals(6, echoed.reserved());
            assertFalse(echoed.fin());
            client.sendUnmasked(Frame.binary(new byte[] {1, 2, 3}));
            assertArrayEquals(new byte[] {1, 2, 3}, client.receive().bytes());
            client.sendRaw(new byte[] {(byte) 0x81, 0x01, 'a'});
            client.awaitText("a");
        }
    }

    @Test
    void expectNothingMoreNoticesWhatCame() {
        try (var client = WsClient.connect(server.uri("/"))) {
            client.sendText("one too many");
            var failure = assertThrows(AssertionError.class, client::expectNothingMore);
            assertTrue(failure.toString().contains("one too many"), failure::toString);
        }
    }

    @Test
    void bytesMayFollowTheRequestAtOnce() {
        var bytes = FrameCodec.masked(Frame.text("early"));
        try (var client = WsClient.connect(Handshake.to(server.uri("/")).followedBy(bytes))) {
            client.awaitText("early");
        }
    }

    @Test
    void refusalGivesStatusHeadersAndBody() {
        var refused = assertThrows(RefusedException.class, () -> WsClient.connect(server.uri("/refuse")));
        assertEquals(403, refused.answer().status());
        assertEquals("test", refused.answer().header("x-why"));
        assertEquals("nope", refused.answer().body());
        assertEquals(
                403, WsClient.ask(Handshake.to(server.uri("/refuse")).plain()).status());
    }

    @Test
    void closeIsReadWithCodeAndReason() {
        try (var client = WsClient.connect(server.uri("/"))) {
            client.send(Frame.close(4001, "see you"));
            assertEquals("see you", client.awaitClose(4001));
            assertEquals(EndedException.Way.FIN, client.awaitEnd());
        }
    }

    @Test
    void leavingIsClean() {
        WsClient.connect(server.uri("/")).leave();
    }

    @Test
    void resetIsToldFromAnEnd() {
        try (var client = WsClient.connect(server.uri("/"))) {
            client.sendText("reset");
            assertEquals(EndedException.Way.RESET, client.awaitEnd());
        }
    }

    @Test
    void waitingEndsWithTheDeadlineAndLosesNothing() {
        try (var client = WsClient.connect(server.uri("/"))) {
            assertTrue(client.receive(Duration.ofMillis(20)).isEmpty());
            client.sendText("later");
            client.awaitText("later");
        }
    }
}
