package io.switchboard.bench.wire;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One connection. It belongs to its loop's thread; everything but {@link #id} is to be used there only. */
public final class Link {
    private enum State {
        CONNECTING,
        UPGRADING,
        OPEN,
        ENDED
    }

    private static final int ANSWER_MAX = 16_384;
    private static final byte[] NOTHING = {};

    private final Loop loop;
    private final int id;
    private final SocketChannel channel;
    private final Endpoint endpoint;
    private final SelectionKey key;
    private final long begun;
    private State state = State.CONNECTING;
    private byte[] request;
    /** The beginning of a frame whose end has not come yet. */
    private byte[] rest = NOTHING;

    private @Nullable ByteBuffer out;
    private boolean queued;

    Link(Loop loop, int id, Endpoint endpoint, SocketChannel channel, SelectionKey key, byte[] request, long now) {
        this.loop = loop;
        this.id = id;
        this.endpoint = endpoint;
        this.channel = channel;
        this.key = key;
        this.request = request;
        this.begun = now;
    }

    public int id() {
        return id;
    }

    public boolean open() {
        return state == State.OPEN;
    }

    /** When it began to connect. */
    public long begun() {
        return begun;
    }

    /** Whether it is neither open yet nor over. */
    boolean underWay() {
        return state == State.CONNECTING || state == State.UPGRADING;
    }

    /** Bytes that the server has not taken yet. */
    public int waiting() {
        var buffer = out;
        return buffer == null ? 0 : buffer.position();
    }

    /** Written at the end of the turn, together with whatever else this turn has for it. */
    public void send(boolean binary, byte[] payload, int length) {
        if (state == State.OPEN) {
            frame(binary ? Frames.BINARY : Frames.TEXT, payload, 0, length);
        }
    }

    /** Drops the connection with a reset, so that no port is kept waiting for it. */
    public void reset() {
        if (state == State.ENDED) {
            return;
        }
        state = State.ENDED;
        release();
        rest = NOTHING;
        request = NOTHING;
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            channel.close();
        } catch (IOException _gone) {
            // The other side was faster; the descriptor is free either way.
        }
    }

    void ready(long now) {
        try {
            if (state == State.CONNECTING && key.isConnectable() && channel.finishConnect()) {
                state = State.UPGRADING;
                key.interestOps(SelectionKey.OP_READ);
                var room = room(request.length);
                room.put(request);
                request = NOTHING;
            }
            if (state != State.ENDED && key.isValid() && key.isWritable()) {
                flush();
            }
            if (state != State.ENDED && key.isValid() && key.isReadable()) {
                read(now);
            }
        } catch (ConnectException e) {
            end("connection refused by " + endpoint.hostAndPort() + " (does a server listen there?)", now);
        } catch (IOException e) {
            end(
                    (underWay() ? "could not connect to " : "connection lost to ") + endpoint.hostAndPort() + ": "
                            + e.getMessage(),
                    now);
        }
    }

    void end(String cause, long now) {
        if (state != State.ENDED) {
            reset();
            loop.events().ended(this, cause, now);
        }
    }

    private void read(long now) throws IOException {
        var incoming = loop.incoming();
        var bytes = loop.incomingBytes();
        int capacity = bytes.length;
        int length;
        do {
            incoming.clear();
            if (rest.length > 0) {
                incoming.put(rest);
                rest = NOTHING;
            }
            if (channel.read(incoming) < 0) {
                over(bytes, incoming.position(), now);
                return;
            }
            length = incoming.position();
            int used = state == State.OPEN ? frames(bytes, 0, length, now) : answer(bytes, length, now);
            if (state == State.ENDED) {
                return;
            }
            if (used < length) {
                rest = Arrays.copyOfRange(bytes, used, length);
                if (rest.length == capacity) {
                    end("the server sent a frame longer than " + capacity + " bytes", now);
                    return;
                }
            }
        } while (length == capacity);
    }

    private void over(byte[] bytes, int length, long now) {
        int end = state == State.UPGRADING ? Upgrade.end(bytes, length) : -1;
        if (end >= 0) {
            end(Upgrade.refusal(bytes, length, end), now);
        } else {
            end("the server closed the connection without a word", now);
        }
    }

    private int answer(byte[] bytes, int length, long now) {
        int end = Upgrade.end(bytes, length);
        if (end < 0 || !Upgrade.switches(bytes, end)) {
            if ((end >= 0 && Upgrade.complete(bytes, length, end)) || length >= ANSWER_MAX) {
                end(end < 0 ? "no HTTP answer in " + length + " bytes" : Upgrade.refusal(bytes, length, end), now);
            }
            return 0;
        }
        var fault = Upgrade.fault(bytes, end);
        if (fault.isPresent()) {
            end(fault.get(), now);
            return 0;
        }
        state = State.OPEN;
        loop.events().opened(this, now);
        return state == State.OPEN ? frames(bytes, end, length, now) : length;
    }

    /** All whole frames; returns how far it came. */
    private int frames(byte[] bytes, int from, int to, long now) {
        int at = from;
        while (to - at >= 2 && state == State.OPEN) {
            int length = bytes[at + 1] & 0x7F;
            int body = at + 2;
            if (length == 126) {
                if (to - at < 4) {
                    break;
                }
                length = (bytes[at + 2] & 0xFF) << 8 | (bytes[at + 3] & 0xFF);
                body = at + 4;
            } else if (length == 127) {
                if (to - at < 10) {
                    break;
                }
                length = long4(bytes, at + 6);
                body = at + 10;
            }
            if (length < 0 || length > to - body) {
                break;
            }
            int opcode = bytes[at] & 0x0F;
            if (opcode <= Frames.BINARY) {
                loop.events().message(this, bytes, body, body + length, now);
            } else {
                control(opcode, bytes, body, length, now);
            }
            at = body + length;
        }
        return at;
    }

    /** The lower half of a length; the upper half is beyond what any buffer here holds. */
    private static int long4(byte[] bytes, int at) {
        return bytes[at] << 24 | (bytes[at + 1] & 0xFF) << 16 | (bytes[at + 2] & 0xFF) << 8 | (bytes[at + 3] & 0xFF);
    }

    private void control(int opcode, byte[] bytes, int from, int length, long now) {
        if (opcode == Frames.PING) {
            frame(Frames.PONG, bytes, from, length);
            loop.events().pinged(this);
        } else if (opcode == Frames.CLOSE) {
            var code = length < 2 ? "" : " with " + ((bytes[from] & 0xFF) << 8 | (bytes[from + 1] & 0xFF));
            var reason = length <= 2 ? "" : ": " + new String(bytes, from + 2, length - 2, StandardCharsets.UTF_8);
            end("the server closed the connection" + code + reason, now);
        }
    }

    private void frame(int opcode, byte[] from, int start, int length) {
        Frames.write(room(length + Frames.HEADER_MAX), opcode, from, start, length, loop.mask());
    }

    /** The buffer with at least this much room, to be written at the end of the turn. */
    private ByteBuffer room(int length) {
        var buffer = out;
        if (buffer == null) {
            buffer = loop.lend(length);
        } else if (buffer.remaining() < length) {
            var larger = loop.lend(Math.max(buffer.capacity() * 2, buffer.position() + length));
            larger.put(buffer.flip());
            loop.giveBack(buffer);
            buffer = larger;
        }
        out = buffer;
        if (!queued) {
            queued = true;
            loop.dirty(this);
        }
        return buffer;
    }

    /** Writes what the socket takes; the loop comes back when it takes more. */
    void flushTurn(long now) {
        queued = false;
        try {
            flush();
        } catch (IOException e) {
            end("connection lost to " + endpoint.hostAndPort() + ": " + e.getMessage(), now);
        }
    }

    private void flush() throws IOException {
        var buffer = out;
        if (buffer == null || state == State.ENDED || state == State.CONNECTING) {
            return;
        }
        channel.write(buffer.flip());
        boolean all = !buffer.hasRemaining();
        buffer.compact();
        int wanted = all ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE;
        if (key.interestOps() != wanted) {
            key.interestOps(wanted);
        }
        if (all) {
            release();
        }
    }

    private void release() {
        var buffer = out;
        if (buffer != null) {
            out = null;
            loop.giveBack(buffer.clear());
        }
    }
}
