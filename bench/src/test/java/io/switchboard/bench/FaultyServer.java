package io.switchboard.bench;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** Echoes every short frame, but not always as it should: what becomes of the n-th is up to the test. */
final class FaultyServer implements AutoCloseable {
    enum Deed {
        ECHO,
        LOSE,
        REPEAT,
        /** Back only after the next one. */
        HOLD
    }

    private final ServerSocket door;
    private final IntFunction<Deed> deeds;
    private final String answer;

    private FaultyServer(ServerSocket door, IntFunction<Deed> deeds, String answer) {
        this.door = door;
        this.deeds = deeds;
        this.answer = answer;
    }

    /** {@code deeds} is asked for each frame of a connection, counted from 0. */
    static FaultyServer doing(IntFunction<Deed> deeds) {
        return open(
                deeds,
                "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
    }

    static FaultyServer answering(String answer) {
        return open(number -> Deed.LOSE, answer);
    }

    private static FaultyServer open(IntFunction<Deed> deeds, String answer) {
        try {
            var server = new FaultyServer(new ServerSocket(0, 100, InetAddress.getLoopbackAddress()), deeds, answer);
            Thread.ofVirtual().start(server::accept);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    URI uri() {
        return URI.create("ws://127.0.0.1:" + door.getLocalPort());
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                var socket = door.accept();
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
            var request = new StringBuilder();
            while (request.indexOf("\r\n\r\n") < 0) {
                request.append((char) in.readByte());
            }
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            List<byte[]> held = new ArrayList<>();
            for (int number = 0; answer.contains(" 101 "); number++) {
                var frame = frame(in);
                switch (deeds.apply(number)) {
                    case ECHO -> {
                        socket.getOutputStream().write(frame);
                        for (var late : held) {
                            socket.getOutputStream().write(late);
                        }
                        held.clear();
                    }
                    case LOSE -> {}
                    case REPEAT -> {
                        socket.getOutputStream().write(frame);
                        socket.getOutputStream().write(frame);
                    }
                    case HOLD -> held.add(frame);
                }
            }
        } catch (IOException _gone) {
            // The client ended.
        }
    }

    /** Unmasked, so that it can be sent back. */
    private static byte[] frame(DataInputStream in) throws IOException {
        int first = in.readUnsignedByte();
        int length = in.readUnsignedByte() & 0x7F;
        var mask = in.readNBytes(4);
        var frame = new byte[length + 2];
        frame[0] = (byte) first;
        frame[1] = (byte) length;
        for (int i = 0; i < length; i++) {
            frame[i + 2] = (byte) (in.readByte() ^ mask[i & 3]);
        }
        return frame;
    }

    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
