package io.switchboard.checks.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** One connection of a {@link Crowd}. Everything here happens on the crowd's thread. */
final class CrowdMember {
    private static final byte[] HEAD_END = {'\r', '\n', '\r', '\n'};

    final Ledger ledger = new Ledger();
    private final Handshake handshake;
    private final SocketChannel channel;
    private final SelectionKey key;
    private final Deque<ByteBuffer> unsent = new ArrayDeque<>();
    private byte[] unread = {};
    private boolean upgraded;
    private String ending = "";

    private CrowdMember(Handshake handshake, SocketChannel channel, SelectionKey key) {
        this.handshake = handshake;
        this.channel = channel;
        this.key = key;
    }

    static CrowdMember connect(URI uri, Selector selector) throws IOException {
        var handshake = Handshake.to(uri);
        var channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.connect(new InetSocketAddress(uri.getHost(), uri.getPort()));
        var member = new CrowdMember(handshake, channel, channel.register(selector, SelectionKey.OP_CONNECT));
        member.key.attach(member);
        return member;
    }

    boolean upgraded() {
        return upgraded;
    }

    boolean ended() {
        return !ending.isEmpty();
    }

    /** How the connection ended; empty while it is open. */
    String ending() {
        return ending;
    }

    void send(Frame frame) {
        if (ended()) {
            throw new IllegalStateException("this member has left: " + ending);
        }
        unsent.add(ByteBuffer.wrap(FrameCodec.masked(frame)));
        flush();
    }

    /** Does what the selector found possible; gives the number of messages that came. */
    int ready(ByteBuffer buffer) {
        try {
            if (key.isConnectable() && channel.finishConnect()) {
                key.interestOps(SelectionKey.OP_READ);
                unsent.add(ByteBuffer.wrap(handshake.bytes()));
                flush();
                return 0;
            }
            if (key.isWritable()) {
                flush();
            }
            return key.isValid() && key.isReadable() ? read(buffer) : 0;
        } catch (IOException e) {
            end("broken: " + e.getMessage());
            return 0;
        }
    }

    void end(String how) {
        if (ended()) {
            return;
        }
        ending = how;
        unsent.clear();
        key.cancel();
        try {
            channel.close();
        } catch (IOException _gone) {
            // The key is cancelled, so nobody will touch it again.
        }
    }

    /** A reset instead of an end. */
    void abort() {
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException _gone) {
            // Then there is nothing left to reset.
        }
        end("aborted by the test");
    }

    private void flush() {
        try {
            for (var next = unsent.peek(); next != null; next = unsent.peek()) {
                channel.write(next);
                if (next.hasRemaining()) {
                    key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                    return;
                }
                unsent.remove();
            }
            key.interestOps(SelectionKey.OP_READ);
        } catch (IOException e) {
            end("broken: " + e.getMessage());
        }
    }

    private int read(ByteBuffer buffer) throws IOException {
        buffer.clear().put(unread);
        int count = channel.read(buffer);
        if (count < 0) {
            end("the server closed without a close frame");
            return 0;
        }
        buffer.flip();
        int messages = upgraded || upgrade(buffer) ? take(buffer) : 0;
        unread = new byte[buffer.remaining()];
        buffer.get(unread);
        return messages;
    }

    private boolean upgrade(ByteBuffer buffer) {
        var bytes = StandardCharsets.ISO_8859_1.decode(buffer.duplicate()).toString();
        int end = bytes.indexOf(new String(HEAD_END, StandardCharsets.ISO_8859_1));
        if (end < 0) {
            return false;
        }
        var answer = HttpAnswer.ofHead(bytes.substring(0, end));
        if (answer.status() != 101) {
            end("refused with " + answer.status());
            return false;
        }
        handshake.verify(answer);
        buffer.position(buffer.position() + end + HEAD_END.length);
        upgraded = true;
        return true;
    }

    private int take(ByteBuffer buffer) {
        int messages = 0;
        for (var frame = next(buffer); frame.isPresent(); frame = next(buffer)) {
            messages += hear(frame.get());
        }
        return messages;
    }

    private Optional<Frame> next(ByteBuffer buffer) {
        return ended() ? Optional.empty() : FrameCodec.decode(buffer);
    }

    private int hear(Frame frame) {
        switch (frame.opcode()) {
            case Frame.PING -> send(Frame.pong(frame.bytes()));
            case Frame.CLOSE -> end("closed with " + frame.closeCode() + " " + frame.closeReason());
            case Frame.TEXT, Frame.BINARY -> {
                Stamp.find(frame.text()).ifPresentOrElse(ledger::hear, ledger::hearUnstamped);
                return 1;
            }
            default -> end("unexpected " + frame);
        }
        return 0;
    }
}
