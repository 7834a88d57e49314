package io.switchboard.bridges.redis;

import io.netty.buffer.ByteBuf;
import io.switchboard.backplane.Backplane;
import io.switchboard.backplane.RepeatFilter;
import io.switchboard.backplane.WireFormat;
import io.switchboard.message.Envelope;
import io.switchboard.message.MalformedException;
import io.switchboard.message.Origin;
import io.switchboard.message.Publication;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Turns what was heard into publications, and hands them on by the batch: what one reading of the socket gave. */
final class Inbound {
    private static final int BATCH_MAX = 1_024;

    private final Bridge bridge;
    private final Backplane.Listener listener;
    private final WireFormat format;
    private final Origin self;
    private List<Publication> batch = new ArrayList<>();
    private Origin lastOrigin = Origin.UNKNOWN;

    Inbound(Bridge bridge, Backplane.Listener listener, WireFormat format, Origin self) {
        this.bridge = bridge;
        this.listener = listener;
        this.format = format;
        this.self = self;
    }

    void hear(Subscription from, ByteBuf in, int payload, int length, RepeatFilter repeats) {
        ByteBuffer bytes =
                in.nioBufferCount() == 1 ? in.internalNioBuffer(payload, length) : in.nioBuffer(payload, length);
        if (!from.published() && Envelope.isFrom(self, bytes)) {
            // Our own come back to us wherever we listen ourselves: not worth decoding.
            return;
        }
        try {
            Publication publication = decode(from, bytes);
            if (isNews(from, publication, repeats)) {
                batch.add(publication);
                if (batch.size() >= BATCH_MAX) {
                    flush();
                }
            }
        } catch (MalformedException | RuntimeException e) {
            garbage(from.topic() + ": " + e.getMessage());
        } catch (Envelope.Unsupported e) {
            bridge.tally().unsupported.increment();
            bridge.log().warn("unsupported", "dropped: this node is too old for " + e.getMessage(), bridge.now());
        }
    }

    private Publication decode(Subscription from, ByteBuffer bytes) throws MalformedException, Envelope.Unsupported {
        if (from.published()) {
            return format.decode(from.topic(), bytes);
        }
        Publication publication = Envelope.decode(bytes, from.topic(), lastOrigin);
        lastOrigin = publication.origin();
        if (!publication.topic().equals(from.topic())) {
            throw new MalformedException("an envelope for another topic");
        }
        return publication;
    }

    private boolean isNews(Subscription from, Publication publication, RepeatFilter repeats) {
        if (from.published() && !format.carriesOrigin()) {
            return true;
        }
        if (publication.origin().equals(self)) {
            return false;
        }
        if (!repeats.isNew(publication.origin(), publication.sequence())) {
            bridge.tally().repeats.increment();
            return false;
        }
        return true;
    }

    void garbage(String what) {
        bridge.tally().garbage.increment();
        bridge.log().warn("garbage", "dropped garbage from Redis: " + what, bridge.now());
    }

    void flush() {
        if (batch.isEmpty()) {
            return;
        }
        List<Publication> heard = batch;
        batch = new ArrayList<>(heard.size());
        bridge.tally().received.add(heard.size());
        try {
            listener.received(heard);
        } catch (RuntimeException e) {
            RareLog.bug("what was heard from other nodes could not be handed on", e);
        }
    }
}
