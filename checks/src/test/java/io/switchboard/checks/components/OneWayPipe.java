package io.switchboard.checks.components;

import java.io.IOException;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Carries bytes from one socket to another past a {@link Gate}. A reader notes when bytes arrive and a writer lets them
 * go when the gate says so; between them is a short queue, so a stalled pipe soon makes the sender wait.
 */
final class OneWayPipe {
    private static final int CHUNK_BYTES = 8_192;
    private static final int CHUNKS_UNDER_WAY = 32;

    private final Socket source;
    private final Socket target;
    private final Gate gate;
    private final Runnable onBroken;
    private final Runnable onEnded;
    private final BlockingQueue<Chunk> underWay = new ArrayBlockingQueue<>(CHUNKS_UNDER_WAY);
    private final Lock writing = new ReentrantLock();
    private boolean ended;

    OneWayPipe(Socket source, Socket target, Gate gate, Runnable onBroken, Runnable onEnded) {
        this.source = source;
        this.target = target;
        this.gate = gate;
        this.onBroken = onBroken;
        this.onEnded = onEnded;
    }

    /** Bytes and when they arrived; the end of the stream has no bytes. */
    private static final class Chunk {
        final byte[] bytes;
        final long arrivedNanos = System.nanoTime();

        Chunk(byte[] bytes) {
            this.bytes = bytes;
        }
    }

    void start() {
        Thread.ofVirtual().start(this::read);
        Thread.ofVirtual().start(this::write);
    }

    void inject(byte[] garbage) {
        try {
            send(garbage);
        } catch (IOException _gone) {
            onBroken.run();
        }
    }

    /** Tells the receiver that nothing follows; what still arrives from the sender is dropped. */
    void end() {
        writing.lock();
        try {
            if (!ended) {
                ended = true;
                target.shutdownOutput();
            }
        } catch (IOException _gone) {
            onBroken.run();
        } finally {
            writing.unlock();
        }
    }

    private void read() {
        try {
            var in = source.getInputStream();
            var buffer = new byte[CHUNK_BYTES];
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                underWay.put(new Chunk(Arrays.copyOf(buffer, length)));
            }
            underWay.put(new Chunk(new byte[0]));
        } catch (IOException _broken) {
            onBroken.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write() {
        try {
            for (var chunk = underWay.take(); chunk.bytes.length > 0; chunk = underWay.take()) {
                gate.pass(chunk.arrivedNanos, chunk.bytes.length);
                send(chunk.bytes);
            }
            gate.pass(System.nanoTime(), 0);
            end();
            onEnded.run();
        } catch (IOException _broken) {
            onBroken.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(byte[] bytes) throws IOException {
        writing.lock();
        try {
            if (!ended) {
                target.getOutputStream().write(bytes);
            }
        } finally {
            writing.unlock();
        }
    }
}
