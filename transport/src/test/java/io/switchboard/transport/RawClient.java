package io.switchboard.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** A client that sends exactly the bytes it is told to. */
final class RawClient implements AutoCloseable {
    static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;
    private static final int PATIENCE_MILLIS = 20_000;
    private static final int MASK = 0x37fa213d;

    /** A frame of the server; the payload byte by character. */
    record Frame(int first, String latin1) {
        int opcode() {
            return first & 0x0f;
        }

        String text() {
            return new String(latin1.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        }

        int closeCode() {
            return latin1.isEmpty() ? 1005 : latin1.charAt(0) << 8 | latin1.charAt(1);
        }

        String closeText() {
            return latin1.isEmpty() ? "" : new Frame(first, latin1.substring(2)).text();
        }
    }

    /** An answer in HTTP; names of headers in lower case. */
    record Answer(int status, Map<String, String> headers, String body) {
        /** Empty where there is none. */
        String header(String lowerCaseName) {
            return headers.getOrDefault(lowerCaseName, "");
        }
    }

    private final Socket socket;
    private final DataInputStream in;

    RawClient(int port) throws IOException {
        this(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    RawClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
    }

    Socket socket() {
        return socket;
    }

    // HTTP

    static String request(String path, String... headers) {
        var text = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n");
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        return text.append("\r\n").toString();
    }

    /** A request for a WebSocket with the usual headers, and more. */
    static String upgradeRequest(String path, String... more) {
        String[] headers = new String[more.length + 4];
        headers[0] = "Upgrade: websocket";
        headers[1] = "Connection: keep-alive, Upgrade";
        headers[2] = "Sec-WebSocket-Version: 13";
        headers[3] = "Sec-WebSocket-Key: " + KEY;
        System.arraycopy(more, 0, headers, 4, more.length);
        return request(path, headers);
    }

    void upgrade(String path, String... more) throws IOException {
        send(upgradeRequest(path, more));
        assertEquals(101, answer().status());
    }

    Answer get(String path, String... headers) throws IOException {
        send(request(path, headers));
        return answer();
    }

    void post(String path, byte[] body, String... headers) throws IOException {
        String[] all = Arrays.copyOf(headers, headers.length + 1);
        all[headers.length] = "Content-Length: " + body.length;
        send(request(path, all).replaceFirst("GET", "POST"));
        send(body);
    }

    /** Says something with a POST, and reads the answer. */
    Answer posted(String path, String body, String... headers) throws IOException {
        post(path, body.getBytes(StandardCharsets.UTF_8), headers);
        return answer();
    }

    /** Begins a stream with a POST, and reads the head of the answer. */
    Answer stream(String path, String body, String... headers) throws IOException {
        post(path, body.getBytes(StandardCharsets.UTF_8), headers);
        Answer head = answer(false);
        assertEquals(200, head.status());
        return head;
    }

    /** The content of the next chunk, empty for the last one. Its size must be in the shortest form. */
    String chunk() throws IOException {
        var size = new StringBuilder();
        while (size.indexOf("\r\n") < 0) {
            int c = in.read();
            if (c < 0) {
                throw new EOFException("the stream was cut");
            }
            size.append((char) c);
        }
        int length = Integer.parseInt(size.substring(0, size.length() - 2), 16);
        assertEquals(Integer.toHexString(length) + "\r\n", size.toString());
        String content = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        assertEquals("\r\n", new String(in.readNBytes(2), StandardCharsets.US_ASCII));
        return content;
    }

    void expectLine(String line) throws IOException {
        assertEquals(line + "\n", chunk());
    }

    Answer answer() throws IOException {
        return answer(true);
    }

    Answer answer(boolean withBody) throws IOException {
        String[] lines = head().stripTrailing().split("\r\n", -1);
        int status = Integer.parseInt(lines[0].split(" ", 3)[1]);
        var headers = new HashMap<String, String>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(": ");
            headers.put(lines[i].substring(0, colon).toLowerCase(Locale.ROOT), lines[i].substring(colon + 2));
        }
        byte[] body =
                withBody ? in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0"))) : new byte[0];
        return new Answer(status, headers, new String(body, StandardCharsets.UTF_8));
    }

    private String head() throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int c = in.read();
            if (c < 0) {
                throw new EOFException("the connection ended after: " + head);
            }
            head.append((char) c);
        }
        return head.toString();
    }

    void send(String latin1) throws IOException {
        send(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    // Frames

    void text(String text) throws IOException {
        send(frame(TEXT, true, text.getBytes(StandardCharsets.UTF_8)));
    }

    void closeFrame(int code, String reason) throws IOException {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        send(frame(
                CLOSE,
                true,
                ByteBuffer.allocate(2 + text.length)
                        .putShort((short) code)
                        .put(text)
                        .array()));
    }

    static byte[] frame(int opcode, boolean last, byte[] payload) {
        int form = payload.length < 126 ? 0 : payload.length < 0x10000 ? 2 : 8;
        return frame((last ? 0x80 : 0) | opcode, form, payload);
    }

    /** @param lengthBytes 0, 2 or 8, whether or not it is the right form */
    static byte[] frame(int first, int lengthBytes, byte[] payload) {
        var out = new ByteArrayOutputStream();
        out.write(first);
        out.write(0x80 | (lengthBytes == 0 ? payload.length : lengthBytes == 2 ? 126 : 127));
        ByteBuffer length = ByteBuffer.allocate(8).putLong(payload.length);
        out.write(length.array(), 8 - lengthBytes, lengthBytes);
        byte[] mask = ByteBuffer.allocate(4).putInt(MASK).array();
        out.writeBytes(mask);
        for (int i = 0; i < payload.length; i++) {
            out.write(payload[i] ^ mask[i & 3]);
        }
        return out.toByteArray();
    }

    /** The next frame of the server, checked to be whole and unmasked. */
    Frame read() throws IOException {
        int first = in.readUnsignedByte();
        int second = in.readUnsignedByte();
        assertEquals(0x80, first & 0xf0, "final, without reserved bits");
        assertEquals(0, second & 0x80, "unmasked");
        long length = second == 126 ? in.readUnsignedShort() : second == 127 ? in.readLong() : second;
        return new Frame(first, new String(in.readNBytes((int) length), StandardCharsets.ISO_8859_1));
    }

    void expectText(String text) throws IOException {
        Frame frame = read();
        assertEquals(TEXT, frame.opcode());
        assertEquals(text, frame.text());
    }

    Frame expectClose(int code) throws IOException {
        Frame frame = read();
        assertEquals(CLOSE, frame.opcode(), () -> "instead of a close frame came " + frame.text());
        assertEquals(code, frame.closeCode(), frame::closeText);
        return frame;
    }

    /** Nothing more comes: the server has ended its half. */
    void expectEnd() throws IOException {
        try {
            assertEquals(-1, in.read());
        } catch (SocketException reset) {
            throw new AssertionError("the connection was reset, what the server said last may be lost", reset);
        }
    }

    /** Whether the connection ends, in whichever way. */
    boolean ends() {
        try {
            return in.skip(1 << 20) == 0 && in.read() < 0;
        } catch (IOException e) {
            return true;
        }
    }

    InputStream input() {
        return in;
    }

    /** Ends without a word, as a process that is killed. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
