package io.switchboard.checks.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What came from the server and is not yet used, refilled before a deadline. Nothing is lost when time runs out. */
final class ByteStream {
    private static final int START_BYTES = 16_384;

    private final Socket socket;
    private final InputStream in;
    private ByteBuffer bytes = ByteBuffer.allocate(START_BYTES).flip();

    ByteStream(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
    }

    /** Empty if no whole frame came in time. */
    Optional<Frame> frame(Deadline deadline) {
        while (true) {
            var frame = FrameCodec.decode(bytes);
            if (frame.isPresent() || !fill(deadline)) {
                return frame;
            }
        }
    }

    /** The head of an HTTP answer, without the empty line that ends it. */
    String head(Deadline deadline) {
        while (true) {
            var text = StandardCharsets.ISO_8859_1.decode(bytes.duplicate()).toString();
            int end = text.indexOf("\r\n\r\n");
            if (end >= 0) {
                bytes.position(bytes.position() + end + 4);
                return text.substring(0, end);
            }
            if (!fill(deadline)) {
                throw new AssertionError("no HTTP answer in time, only: " + text);
            }
        }
    }

    /** So many bytes, or all until the end of the connection if fewer come. */
    String text(int length, Deadline deadline) {
        try {
            while (bytes.remaining() < length && fill(deadline)) {
                // Each turn waits for more bytes.
            }
        } catch (EndedException _end) {
            // Without a length, the end of the connection is the end of the text.
        }
        var part = bytes.slice(bytes.position(), Math.min(length, bytes.remaining()));
        bytes.position(bytes.position() + part.remaining());
        return StandardCharsets.UTF_8.decode(part).toString();
    }

    /** False if nothing came in time. */
    private boolean fill(Deadline deadline) {
        makeRoom();
        try {
            socket.setSoTimeout(deadline.remainingMillis());
            int count = in.read(bytes.array(), bytes.limit(), bytes.capacity() - bytes.limit());
            if (count < 0) {
                throw new EndedException(EndedException.Way.FIN);
            }
            bytes.limit(bytes.limit() + count);
            return true;
        } catch (SocketTimeoutException _late) {
            return false;
        } catch (IOException e) {
            if (socket.isClosed()) {
                throw new UncheckedIOException("closed by this side", e);
            }
            throw new EndedException(EndedException.Way.RESET);
        }
    }

    private void makeRoom() {
        if (bytes.limit() < bytes.capacity()) {
            return;
        }
        int capacity = bytes.remaining() > bytes.capacity() / 2 ? bytes.capacity() * 2 : bytes.capacity();
        bytes = ByteBuffer.allocate(capacity).put(bytes).flip();
    }
}
