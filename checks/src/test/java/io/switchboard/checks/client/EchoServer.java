package io.switchboard.checks.client;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The smallest server that the clients can be tested against: upgrades everything but {@code /refuse}, answers pings,
 * returns every other frame as it came, and resets the connection when told "reset".
 */
public final class EchoServer implements AutoCloseable {
    private final ServerSocket door;
    private final AtomicInteger accepted = new AtomicInteger();
    private volatile String lastRequest = "";

    /** Of the frames of a connection every so many-th is not returned; 0 returns all. */
    private final int loseEvery;

    private EchoServer(ServerSocket door, int loseEvery) {
        this.door = door;
        this.loseEvery = loseEvery;
    }

    public static EchoServer start() {
        return losing(0);
    }

    /** Loses every so many-th frame of each connection. */
    public static EchoServer losing(int every) {
        try {
            var server = new EchoServer(new ServerSocket(0, 10_000, InetAddress.getLoopbackAddress()), every);
            Thread.ofVirtual().start(server::acceptAll);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public URI uri(String path) {
        return URI.create("ws://127.0.0.1:" + door.getLocalPort() + path);
    }

    public int port() {
        return door.getLocalPort();
    }

    /** How many connections have come so far. */
    public int accepted() {
        return accepted.get();
    }

    /** The last request, up to and with its empty line. */
    public String lastRequest() {
        return lastRequest;
    }

    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException _gone) {
            // It accepts nobody any more, which is all that was wanted.
        }
    }

    private void acceptAll() {
        while (!door.isClosed()) {
            try {
                var socket = door.accept();
                accepted.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException _closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            var in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            var out = socket.getOutputStream();
            if (upgrade(in, out)) {
                boolean open = true;
                for (int number = 1; open; number++) {
                    boolean lost = loseEvery > 0 && number % loseEvery == 0;
                    open = echo(in, lost ? OutputStream.nullOutputStream() : out, socket);
                }
            }
        } catch (IOException _gone) {
            // The client ended as it liked.
        }
    }

    private boolean upgrade(DataInputStream in, OutputStream out) throws IOException {
        var request = new StringBuilder();
        while (request.indexOf("\r\n\r\n") < 0) {
            request.append((char) in.readByte());
        }
        lastRequest = request.toString();
        if (request.indexOf("GET /refuse") == 0) {
            say(out, "HTTP/1.1 403 Forbidden\r\nContent-Length: 4\r\nX-Why: test\r\n\r\nnope");
            return false;
        }
        var name = "Sec-WebSocket-Key: ";
        int start = request.indexOf(name) + name.length();
        var key = request.substring(start, request.indexOf("\r\n", start));
        say(
                out,
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Accept: " + accept(key) + "\r\n\r\n");
        return true;
    }

    private static boolean echo(DataInputStream in, OutputStream out, Socket socket) throws IOException {
        int first = in.readUnsignedByte();
        int second = in.readUnsignedByte();
        long length = switch (second & 127) {
            case 126 -> in.readUnsignedShort();
            case 127 -> in.readLong();
            default -> second & 127;
        };
        var mask = (second & 128) == 0 ? new byte[4] : in.readNBytes(4);
        var payload = in.readNBytes((int) length);
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= mask[i & 3];
        }
        if (new String(payload, StandardCharsets.UTF_8).equals("reset")) {
            socket.setSoLinger(true, 0);
            return false;
        }
        int opcode = (first & 15) == Frame.PING ? Frame.PONG : first & 15;
        var frame = Frame.of(opcode, payload).withReserved(first >>> 4 & 7);
        out.write(FrameCodec.unmasked((first & 128) == 0 ? frame.unfinished() : frame));
        return opcode != Frame.CLOSE;
    }

    private static void say(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String accept(String key) {
        try {
            var text = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
            var digest = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
