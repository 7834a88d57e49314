package io.switchboard.bridges.redis;

import io.netty.buffer.ByteBuf;
import io.switchboard.backplane.Outgoing;
import io.switchboard.backplane.Remote;
import io.switchboard.backplane.WireFormat;
import io.switchboard.message.Publication;
import java.nio.charset.StandardCharsets;

/**
 * The connection that publishes. A batch becomes one buffer and one write; replies come in the order of the commands,
 * so each settles the oldest that waits. What waits is bounded in number and bytes.
 */
final class PublishSide implements RespConnection.Owner {
    private static final byte[] PUBLISH = "*3\r\n$7\r\nPUBLISH\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SPUBLISH = "*3\r\n$8\r\nSPUBLISH\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int WRITE_BYTES = 256 << 10;
    /** What an envelope adds to a message, roughly: only a guess of the length's digits hangs on it. */
    private static final int ENVELOPE_BYTES = 80;

    private final Bridge bridge;
    private final Link link;
    private final RespConnection connection;
    private final RespBuffer out = new RespBuffer();
    private final Pending pending = new Pending();

    PublishSide(Bridge bridge, Link link) {
        this.bridge = bridge;
        this.link = link;
        this.connection = bridge.dialer().dial(link.address(), this);
    }

    RespConnection connection() {
        return connection;
    }

    /** Whether nothing waits for {@link #flush}. */
    boolean nothingWritten() {
        return out.size() == 0;
    }

    /**
     * Takes the publication, to be written by {@link #flush}, or refuses it.
     *
     * @param name of its topic
     * @param tag of its topic, {@link Channels#NO_TAG} if it is published under its own name
     */
    void publish(Outgoing outgoing, WireFormat format, byte[] name, int tag, long now) {
        Publication publication = outgoing.publication();
        int guess = publication.message().length() + ENVELOPE_BYTES;
        if (guess > RespParser.PAYLOAD_BYTES_MAX) {
            refuse(outgoing, "size", "a publication of " + guess + " bytes would be skipped by its receivers", now);
            return;
        }
        if (!pending.hasRoomFor(guess)) {
            refuse(outgoing, "room", link + " answers too slowly: publications are refused", now);
            return;
        }
        int mark = out.size();
        try {
            out.write(tag == Channels.NO_TAG || !link.sharded() ? PUBLISH : SPUBLISH);
            bridge.channels().write(name, tag, out);
            int begin = out.beginWord(guess);
            format.encode(publication, out);
            out.endWord(begin, guess);
        } catch (RuntimeException e) {
            out.truncate(mark);
            refuse(outgoing, "form", "a publication has no " + format.formatName() + " form: " + e.getMessage(), now);
            return;
        }
        pending.add(outgoing, out.size() - mark, now);
        if (out.size() >= WRITE_BYTES) {
            connection.send(out);
        }
    }

    private void refuse(Outgoing outgoing, String kind, String why, long now) {
        bridge.log().warn(kind, why, now);
        bridge.tally().settle(outgoing, Remote.REFUSED);
    }

    void ping(byte[] channel, long number, long now) {
        tell(channel, Long.toString(number).getBytes(StandardCharsets.US_ASCII), now);
    }

    /** Says something on the link's own account, at once. */
    void tell(byte[] channel, byte[] word, long now) {
        out.write(link.sharded() ? SPUBLISH : PUBLISH);
        out.word(channel);
        out.word(word);
        pending.add(null, 0, now);
        flush();
    }

    void flush() {
        connection.send(out);
        bridge.tally().pending.set(pending.count());
    }

    /** When the oldest that waits was written, {@code now} if nothing waits. */
    long oldest(long now) {
        return pending.oldest(now);
    }

    /** Ends the connection; what was written may or may not have arrived. */
    void close() {
        connection.close();
        while (!pending.isEmpty()) {
            Outgoing outgoing = pending.poll();
            if (outgoing != null) {
                bridge.tally().settle(outgoing, Remote.UNKNOWN);
            }
        }
        bridge.tally().pending.set(0);
    }

    @Override
    public void greeted(Greeting greeting) {
        link.greeted(greeting);
    }

    @Override
    public void number(long receivers) {
        if (pending.isEmpty()) {
            connection.die("a reply to nothing");
            return;
        }
        Outgoing outgoing = pending.poll();
        if (outgoing != null) {
            bridge.tally().settle(outgoing, Remote.ACCEPTED);
        }
    }

    @Override
    public void other(RespValue value) {
        if (pending.isEmpty()) {
            connection.die("the server says: " + value.asText());
            return;
        }
        Outgoing outgoing = pending.poll();
        if (value instanceof RespValue.Failure failure) {
            bridge.publications().refused(link, outgoing, failure);
        } else if (outgoing != null) {
            bridge.tally().settle(outgoing, Remote.UNKNOWN);
        }
    }

    @Override
    public void readComplete() {
        bridge.tally().pending.set(pending.count());
    }

    @Override
    public void died(String why, boolean hopeless) {
        link.lost(why, hopeless);
    }

    @Override
    public void message(ByteBuf in, int channel, int channelLength, int payload, int payloadLength) {
        connection.die("a message on the connection that publishes");
    }

    @Override
    public void oversized(long payloadLength) {
        connection.die("a message on the connection that publishes");
    }
}
