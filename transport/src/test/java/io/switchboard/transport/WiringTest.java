package io.switchboard.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.EventLoop;
import io.switchboard.loop.Loop;
import io.switchboard.transport.http.HttpAnswer;
import io.switchboard.transport.http.HttpRoute;
import io.switchboard.transport.http.HttpRoutes;
import io.switchboard.transport.http.Resources;
import io.switchboard.transport.loop.NettyLoops;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What the one who wires a server can get wrong, and what it is told. */
class WiringTest {
    @Test
    void portInUseIsSaid() {
        try (var server = TestServer.start()) {
            var failure = assertThrows(
                    UncheckedIOException.class,
                    () -> TestServer.with(settings -> ServerSettings.on("127.0.0.1", server.port())));
            String text = String.valueOf(failure.getMessage());
            assertTrue(text.contains("127.0.0.1:" + server.port()) && text.contains("in use"), text);
        }
    }

    @Test
    void hostThatIsNotHereIsSaid() {
        var failure = assertThrows(
                UncheckedIOException.class, () -> TestServer.with(settings -> ServerSettings.on("host.invalid", 0)));
        assertTrue(String.valueOf(failure.getMessage()).contains("host.invalid"));
    }

    @Test
    void closedServerGivesItsPortBackAndKeepsItsConnections() throws Exception {
        try (var server = TestServer.start();
                var client = server.join("/t/1")) {
            server.server.close();
            server.server.close();
            client.text("still here");
            client.expectText("still here");
            int port = server.port();
            try (var next = TestServer.with(settings -> ServerSettings.on("127.0.0.1", port))) {
                assertEquals(port, next.port());
            }
        }
    }

    @Test
    void serverMayStopAcceptingForAWhile() throws Exception {
        try (var server = TestServer.start()) {
            server.server.accepts(false);
            try (var client = server.connect()) {
                client.send(RawClient.upgradeRequest("/t/1"));
                assertEquals(0, server.meter("switchboard.connections.accepted"));
                server.server.accepts(true);
                assertEquals(101, client.answer().status());
            }
        }
    }

    @Test
    void wrongPortsRoutesAndFilesAreErrors() {
        assertThrows(IllegalArgumentException.class, () -> ServerSettings.on("localhost", 65536));
        assertThrows(
                IllegalArgumentException.class, () -> HttpRoute.get("no-slash", request -> HttpAnswer.text(200, "")));
        HttpRoute route = HttpRoute.get("/a", request -> HttpAnswer.text(200, ""));
        assertThrows(IllegalArgumentException.class, () -> new HttpRoutes(List.of(route, route)));
        assertThrows(
                IllegalArgumentException.class, () -> new Resources(WiringTest.class, "http", List.of("none.html")));
    }

    @Test
    void loopRunsTasksInOrderOnItsThread() {
        try (var loops = new NettyLoops(2, NettyLoops.Kind.NIO)) {
            Loop loop = loops.all().getFirst();
            assertTrue(loop.unwrap(EventLoop.class).isPresent());
            assertTrue(loop.unwrap(String.class).isEmpty());
            assertTrue(!loop.isCurrent());
            var order = new StringBuilder();
            var done = new CompletableFuture<Boolean>();
            loop.execute(() -> {
                loop.schedule(() -> done.complete(loop.isCurrent()), 1);
                loop.execute(() -> order.append("b"));
                order.append("a");
            });
            assertTrue(done.join());
            assertEquals("ab", order.toString());
        }
    }
}
