package io.switchboard.bridges.rabbitmq;

import com.rabbitmq.client.WriteListener;
import com.rabbitmq.client.impl.AMQConnection;
import com.rabbitmq.client.impl.Frame;
import com.rabbitmq.client.impl.FrameHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/**
 * The client flushes the socket after every command. Between {@link #hold} and {@link #release} what one thread writes
 * stays in the buffer, so that a batch is one write.
 */
final class HeldFrames implements FrameHandler {
    private final FrameHandler socket;
    private volatile @Nullable Thread holder;

    HeldFrames(FrameHandler socket) {
        this.socket = socket;
    }

    /** Until released, this thread's commands are not flushed. Others' are, and take along what has been written. */
    void hold() {
        holder = Thread.currentThread();
    }

    void release() throws IOException {
        holder = null;
        socket.flush(null);
    }

    @Override
    @SuppressWarnings("NullAway") // The client itself passes null for "nobody wants to know".
    public void flush(@Nullable WriteListener listener) throws IOException {
        if (!Thread.currentThread().equals(holder)) {
            socket.flush(listener);
        } else if (listener != null) {
            listener.done(true, null);
        }
    }

    @Override
    public boolean internalHearbeat() {
        return socket.internalHearbeat();
    }

    @Override
    public void setTimeout(int millis) throws SocketException {
        socket.setTimeout(millis);
    }

    @Override
    public int getTimeout() throws SocketException {
        return socket.getTimeout();
    }

    @Override
    public void sendHeader() throws IOException {
        socket.sendHeader();
    }

    @Override
    public void initialize(AMQConnection connection) {
        socket.initialize(connection);
    }

    @Override
    public void startProcessing() {
        socket.startProcessing();
    }

    @Override
    public void finishConnectionNegotiation() {
        socket.finishConnectionNegotiation();
    }

    @Override
    public void setFrameMax(int frameMax) {
        socket.setFrameMax(frameMax);
    }

    @Override
    public Frame readFrame() throws IOException {
        return socket.readFrame();
    }

    @Override
    public void writeFrame(Frame frame) throws IOException {
        socket.writeFrame(frame);
    }

    @Override
    public void close() {
        socket.close();
    }

    @Override
    public InetAddress getLocalAddress() {
        return socket.getLocalAddress();
    }

    @Override
    public int getLocalPort() {
        return socket.getLocalPort();
    }

    @Override
    public InetAddress getAddress() {
        return socket.getAddress();
    }

    @Override
    public int getPort() {
        return socket.getPort();
    }
}
