package io.switchboard.checks.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A WebSocket client that does exactly what a test says, legal or not. One thread may receive while another sends.
 * Pings of the server are answered and not shown, unless {@link #showPings()}.
 */
public final class WsClient implements AutoCloseable {
    private static final AtomicInteger FENCES = new AtomicInteger();
    private static final int BODY_BYTES_MAX = 1 << 20;

    private final Socket socket;
    private final ByteStream stream;
    private final Lock sending = new ReentrantLock();
    private HttpAnswer answer = new HttpAnswer(0, Map.of(), "");
    private boolean showsPings;

    private WsClient(Socket socket) throws IOException {
        this.socket = socket;
        this.stream = new ByteStream(socket);
    }

    public static WsClient connect(URI uri) {
        return connect(Handshake.to(uri));
    }

    /** Throws {@link RefusedException} if the answer is anything but an upgrade. */
    public static WsClient connect(Handshake handshake) {
        return connect(handshake, new Socket());
    }

    /** Over a socket made for the purpose: with a small receive buffer, or bound to an address. */
    public static WsClient connect(Handshake handshake, Socket socket) {
        var client = open(handshake, socket);
        if (client.answer.status() != 101) {
            client.close();
            throw new RefusedException(client.answer);
        }
        handshake.verify(client.answer);
        return client;
    }

    /** Asks, and gives the answer whatever it is. */
    public static HttpAnswer ask(Handshake handshake) {
        try (var client = open(handshake, new Socket())) {
            return client.answer;
        }
    }

    private static WsClient open(Handshake handshake, Socket socket) {
        try {
            var deadline = Deadline.in(Await.PATIENCE);
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(handshake.host(), handshake.port()), deadline.remainingMillis());
            var client = new WsClient(socket);
            client.sendRaw(handshake.bytes());
            client.answer = HttpAnswer.ofHead(client.stream.head(deadline));
            if (client.answer.status() != 101 && !handshake.method().equals("HEAD")) {
                client.answer = client.answer.withBody(client.body(deadline));
            }
            return client;
        } catch (IOException e) {
            throw new UncheckedIOException("no connection to " + handshake.host() + ":" + handshake.port(), e);
        }
    }

    private String body(Deadline deadline) {
        var length = answer.header("Content-Length");
        return stream.text(length.isEmpty() ? BODY_BYTES_MAX : Integer.parseInt(length), deadline);
    }

    /** The answer to the handshake. */
    public HttpAnswer answer() {
        return answer;
    }

    public void send(Frame frame) {
        sendRaw(FrameCodec.masked(frame));
    }

    public void sendText(String text) {
        send(Frame.text(text));
    }

    /** Against the standard, which demands a mask from clients. */
    public void sendUnmasked(Frame frame) {
        sendRaw(FrameCodec.unmasked(frame));
    }

    public void sendRaw(byte[] bytes) {
        sending.lock();
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("the server takes nothing more", e);
        } finally {
            sending.unlock();
        }
    }

    /** The next frame; a failure if none comes in time. Throws {@link EndedException} when the connection ended. */
    public Frame receive() {
        return receive(Await.PATIENCE)
                .orElseThrow(() -> new AssertionError("no frame within " + Await.PATIENCE.toMillis() + " ms"));
    }

    /** Empty if no frame came in time. */
    public Optional<Frame> receive(Duration patience) {
        var deadline = Deadline.in(patience);
        while (true) {
            var frame = stream.frame(deadline);
            if (showsPings || frame.isEmpty() || frame.get().opcode() != Frame.PING) {
                return frame;
            }
            send(Frame.pong(frame.get().bytes()));
        }
    }

    /** From now on pings of the server are received like other frames, and nobody answers them. */
    public WsClient showPings() {
        showsPings = true;
        return this;
    }

    /** The text of the next frame, which must be a whole text message. */
    public String nextText() {
        var frame = receive();
        if (frame.opcode() != Frame.TEXT || !frame.fin() || frame.reserved() != 0) {
            throw new AssertionError("expected a whole text message but got " + frame);
        }
        return frame.text();
    }

    public void awaitText(String expected) {
        assertEquals(expected, nextText());
    }

    /**
     * A fence instead of a pause: the server answers our ping after everything that it had sent before, so the pong
     * must be the very next frame.
     */
    public void expectNothingMore() {
        var fence = "fence-" + FENCES.incrementAndGet();
        send(Frame.ping(fence));
        var next = receive();
        if (next.opcode() != Frame.PONG || !next.text().equals(fence)) {
            throw new AssertionError("expected nothing more but got " + next);
        }
    }

    /** The next frame must be a close with this code; gives its reason. */
    public String awaitClose(int code) {
        var frame = receive();
        if (frame.opcode() != Frame.CLOSE || frame.closeCode() != code) {
            throw new AssertionError("expected close " + code + " but got " + frame);
        }
        return frame.closeReason();
    }

    /** Waits for the end of the connection, whatever comes before it. */
    public EndedException.Way awaitEnd() {
        var deadline = Deadline.in(Await.PATIENCE);
        try {
            while (stream.frame(deadline).isPresent()) {
                // What still comes is of no interest.
            }
        } catch (EndedException e) {
            return e.way();
        }
        throw new AssertionError("the connection is still open after " + Await.PATIENCE.toMillis() + " ms");
    }

    /** The closing handshake as a good client does it: close, the same back, end. */
    public void leave() {
        send(Frame.close(1000, ""));
        awaitClose(1000);
        awaitEnd();
        close();
    }

    /** As if the cable were cut on a machine that then reboots: a reset instead of an end. */
    public void abort() {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException _gone) {
            // Then there is nothing left to reset.
        }
        close();
    }

    /** Sends FIN; what the server still sends can be received. */
    public void endSending() {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int localPort() {
        return socket.getLocalPort();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException _gone) {
            // It is closed as far as we can tell.
        }
    }
}
