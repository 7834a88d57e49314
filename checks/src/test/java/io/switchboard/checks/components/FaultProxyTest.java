package io.switchboard.checks.components;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.components.FaultProxy.Direction;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultProxyTest {
    private final ServerSocket server;
    private final FaultProxy proxy;

    private Socket near;
    private Socket far;

    FaultProxyTest() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        proxy = FaultProxy.inFrontOf("127.0.0.1", server.getLocalPort());
        near = new Socket();
        far = new Socket();
    }

    @BeforeEach
    void connect() throws IOException {
        near = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        far = server.accept();
        Await.until("the proxy to know the connection", proxy::connections, count -> count == 1);
        near.setSoTimeout(5_000);
        far.setSoTimeout(5_000);
    }

    @AfterEach
    void closeAll() throws IOException {
        near.close();
        far.close();
        proxy.close();
        server.close();
    }

    @Test
    void passesBytesBothWaysAndTheEnd() throws IOException {
        say(near, "hello");
        assertEquals("hello", hear(far, 5));
        near.shutdownOutput();
        assertEquals(-1, far.getInputStream().read());
        say(far, "still here");
        assertEquals("still here", hear(near, 10));
    }

    @Test
    void cutIsSeenAsAResetOnBothSides() {
        proxy.cut();
        assertThrows(SocketException.class, () -> near.getInputStream().read());
        assertThrows(SocketException.class, () -> far.getInputStream().read());
    }

    @Test
    void stallHoldsBackOneDirectionUntilHealed() throws IOException {
        proxy.stall(Direction.TO_SERVER);
        say(near, "late");
        say(far, "at once");
        assertEquals("at once", hear(near, 7));
        far.setSoTimeout(50);
        assertThrows(SocketTimeoutException.class, () -> far.getInputStream().read());
        far.setSoTimeout(5_000);
        proxy.heal();
        assertEquals("late", hear(far, 4));
    }

    @Test
    void delayKeepsOrderAndDoesNotAddUp() throws IOException {
        proxy.delay(Direction.TO_SERVER, Duration.ofMillis(200));
        long start = System.nanoTime();
        for (int i = 0; i < 10; i++) {
            say(near, Integer.toString(i));
        }
        assertEquals("0123456789", hear(far, 10));
        long millis = (System.nanoTime() - start) / 1_000_000;
        assertTrue(millis >= 200, () -> "arrived after " + millis + " ms already");
        assertTrue(millis < 1_500, () -> "arrived after " + millis + " ms only");
    }

    @Test
    void throttleTakesItsTime() throws IOException {
        proxy.throttle(Direction.TO_SERVER, 10_000);
        long start = System.nanoTime();
        say(near, "x".repeat(3_000));
        assertEquals(3_000, hear(far, 3_000).length());
        long millis = (System.nanoTime() - start) / 1_000_000;
        assertTrue(millis >= 290, () -> "3,000 bytes took " + millis + " ms");
    }

    @Test
    void halfCloseEndsOneDirectionOnly() throws IOException {
        proxy.halfClose(Direction.TO_CLIENT);
        assertEquals(-1, near.getInputStream().read());
        say(far, "into the void");
        say(near, "heard");
        assertEquals("heard", hear(far, 5));
    }

    @Test
    void injectsGarbage() throws IOException {
        proxy.inject(Direction.TO_CLIENT, "?!".getBytes(StandardCharsets.UTF_8));
        assertEquals("?!", hear(near, 2));
    }

    @Test
    void refusesUntilHealed() throws IOException {
        proxy.refuse();
        try (var refused = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
            refused.setSoTimeout(5_000);
            assertThrows(SocketException.class, () -> refused.getInputStream().read());
        }
        proxy.heal();
        try (var accepted = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
                var other = server.accept()) {
            say(accepted, "again");
            assertEquals("again", hear(other, 5));
        }
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String hear(Socket socket, int bytes) throws IOException {
        return new String(socket.getInputStream().readNBytes(bytes), StandardCharsets.UTF_8);
    }
}
