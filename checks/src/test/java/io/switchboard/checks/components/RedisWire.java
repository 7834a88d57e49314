package io.switchboard.checks.components;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One connection that speaks RESP2 to a Redis: no pool, no retry, any bytes. For one thread at a time. */
public final class RedisWire implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    private RedisWire(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    public static RedisWire connect(String host, int port) {
        return connect(host, port, RedisSettings.plain());
    }

    static RedisWire connect(String host, int port, RedisSettings settings) {
        try {
            var plain = new Socket();
            plain.setTcpNoDelay(true);
            plain.connect(new InetSocketAddress(host, port), (int) PATIENCE.toMillis());
            plain.setSoTimeout((int) PATIENCE.toMillis());
            var wire = new RedisWire(secured(plain, host, port, settings));
            settings.password().ifPresent(secret -> wire.call("AUTH", secret).text());
            return wire;
        } catch (IOException e) {
            throw new UncheckedIOException("no connection to Redis at " + host + ":" + port, e);
        }
    }

    private static Socket secured(Socket plain, String host, int port, RedisSettings settings) throws IOException {
        if (settings.tls().isEmpty()) {
            return plain;
        }
        return settings.tls().get().trusting().getSocketFactory().createSocket(plain, host, port, true);
    }

    /** Sends a command and reads its answer. */
    public Reply call(String... words) {
        send(words);
        return read();
    }

    /** How many connections got it. */
    public long publish(String channel, String payload) {
        return call("PUBLISH", channel, payload).number();
    }

    public long publish(String channel, byte[] payload) {
        send(List.of(utf8("PUBLISH"), utf8(channel), payload));
        return read().number();
    }

    public void send(String... words) {
        var parts = new ArrayList<byte[]>();
        for (var word : words) {
            parts.add(utf8(word));
        }
        send(parts);
    }

    public void send(List<byte[]> parts) {
        var command = new ByteArrayOutputStream();
        command.writeBytes(utf8("*" + parts.size() + "\r\n"));
        for (var part : parts) {
            command.writeBytes(utf8("$" + part.length + "\r\n"));
            command.writeBytes(part);
            command.writeBytes(utf8("\r\n"));
        }
        sendRaw(command.toByteArray());
    }

    /** Bytes as they are, be they RESP or not. */
    public void sendRaw(byte[] bytes) {
        try {
            out.write(bytes);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("Redis took no command", e);
        }
    }

    /** The next answer, or the next message of a subscription. */
    public Reply read() {
        try {
            return readReply();
        } catch (IOException e) {
            throw new UncheckedIOException("Redis gave no answer", e);
        }
    }

    /** How MONITOR and CLIENT LIST name this connection. */
    public String localAddress() {
        return socket.getLocalAddress().getHostAddress() + ":" + socket.getLocalPort();
    }

    /** Lets {@link #read} wait without end, as a subscriber or a monitor does. */
    void waitForEver() {
        try {
            socket.setSoTimeout(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException _gone) {
            // It is closed as far as we can tell.
        }
    }

    private Reply readReply() throws IOException {
        var line = readLine();
        var rest = line.substring(1);
        return switch (line.charAt(0)) {
            case '+' -> new Reply.Status(rest);
            case '-' -> new Reply.Failure(rest);
            case ':' -> new Reply.Whole(Long.parseLong(rest));
            case '$' -> readBulk(Integer.parseInt(rest));
            case '*' -> readArray(Integer.parseInt(rest));
            default -> throw new IOException("not RESP2: " + line);
        };
    }

    private Reply readBulk(int length) throws IOException {
        if (length < 0) {
            return new Reply.Nil();
        }
        var bytes = in.readNBytes(length);
        if (bytes.length < length || !readLine().isEmpty()) {
            throw new EOFException("Redis closed in the middle of an answer");
        }
        return new Reply.Bulk(ByteBuffer.wrap(bytes).asReadOnlyBuffer());
    }

    private Reply readArray(int length) throws IOException {
        if (length < 0) {
            return new Reply.Nil();
        }
        var items = new ArrayList<Reply>();
        for (int i = 0; i < length; i++) {
            items.add(readReply());
        }
        return new Reply.Array(items);
    }

    private String readLine() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\r'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("Redis closed the connection");
            }
            line.write(next);
        }
        if (in.read() != '\n') {
            throw new IOException("carriage return without line feed from Redis");
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
