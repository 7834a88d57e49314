package io.switchboard.bridges.redis;

import io.netty.buffer.ByteBuf;
import io.switchboard.backplane.Backplane;
import io.switchboard.backplane.Reception;
import io.switchboard.backplane.RepeatFilter;
import io.switchboard.message.Publication;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Turns what was heard into publications, and hands them on by the batch: what one reading of the socket gave. */
final class Inbound {
    private static final int BATCH_MAX = 1_024;

    private final Bridge bridge;
    private final Backplane.Listener listener;
    private final Reception reception;
    private List<Publication> batch = new ArrayList<>();

    Inbound(Bridge bridge, Backplane.Listener listener, Reception reception) {
        this.bridge = bridge;
        this.listener = listener;
        this.reception = reception;
    }

    void hear(Subscription from, ByteBuf in, int payload, int length, RepeatFilter repeats) {
        ByteBuffer bytes =
                in.nioBufferCount() == 1 ? in.internalNioBuffer(payload, length) : in.nioBuffer(payload, length);
        var publication = from.published()
                ? reception.hearPublished(from.topic(), bytes, repeats, bridge.now())
                : reception.hearNative(from.topic(), from.topic()::equals, bytes, repeats, bridge.now());
        if (publication.isPresent()) {
            batch.add(publication.get());
            if (batch.size() >= BATCH_MAX) {
                flush();
            }
        }
    }

    void garbage(String what) {
        reception.garbage(what, bridge.now());
    }

    void flush() {
        if (batch.isEmpty()) {
            return;
        }
        List<Publication> heard = batch;
        batch = new ArrayList<>(heard.size());
        reception.handOn(heard, listener);
    }
}
