package io.switchboard.bridges.redis;

import io.switchboard.backplane.BackplaneProvider.Settings;
import io.switchboard.backplane.Outgoing;
import io.switchboard.backplane.Remote;
import io.switchboard.backplane.Spool;
import io.switchboard.backplane.Tally;
import io.switchboard.backplane.WireFormat;
import io.switchboard.message.Topic;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where each publication goes: to the link of its topic, or, while that is down, to the spool if it is native. One of a
 * published format is sent only while everything is up, so that whoever is told REFUSED can rely on it not coming back.
 */
final class Publications {
    private final Bridge bridge;
    private final WireFormat format;
    private final Tally tally;
    private final Spool spool;
    private final List<PublishSide> written = new ArrayList<>();
    private boolean moving;

    Publications(Bridge bridge, Settings settings, Tally tally) {
        this.bridge = bridge;
        this.format = settings.format();
        this.tally = tally;
        this.spool =
                new Spool(settings.spoolBytes(), settings.spoolTime().toMillis(), tally::settle, tally.spoolBytes::set);
    }

    /** Writes, to be sent by {@link #flush}. */
    void publish(List<? extends Outgoing> batch) {
        long now = bridge.now();
        for (Outgoing outgoing : batch) {
            if (write(outgoing, now)) {
                continue;
            }
            if (format.publishes(outgoing.publication().topic())) {
                tally.settle(outgoing, Remote.REFUSED);
            } else {
                spool.add(outgoing, now);
            }
        }
    }

    void flush() {
        if (!written.isEmpty()) {
            written.forEach(PublishSide::flush);
            written.clear();
        }
    }

    private boolean write(Outgoing outgoing, long now) {
        Topic topic = outgoing.publication().topic();
        boolean published = format.publishes(topic);
        boolean held = published ? !bridge.isUp() : moving;
        byte[] name = Channels.name(topic);
        int tag = published ? Channels.NO_TAG : Channels.tag(name);
        Link link = held ? null : bridge.linkOf(tag);
        PublishSide side = link == null ? null : link.publisher();
        if (side == null) {
            return false;
        }
        if (side.nothingWritten()) {
            written.add(side);
        }
        side.publish(outgoing, published ? format : WireFormat.envelope(), name, tag, now);
        return true;
    }

    /** It is known again where topics belong. */
    void located() {
        moving = false;
        retry();
    }

    /** A link has come up. */
    void retry() {
        long now = bridge.now();
        spool.drain(outgoing -> write(outgoing, now));
        flush();
    }

    void tick(long now) {
        spool.expire(now);
    }

    /** The server answered a command on the publishing connection with an error: nothing was published. */
    void refused(Link link, @Nullable Outgoing outgoing, RespValue.Failure failure) {
        boolean elsewhere = failure.is("MOVED") || failure.is("ASK");
        if (elsewhere || failure.is("CLUSTERDOWN") || failure.is("READONLY")) {
            bridge.locateSoon();
        }
        if (outgoing == null) {
            // A ping that was refused does not come back, and that tells.
            return;
        }
        if (elsewhere && !format.publishes(outgoing.publication().topic())) {
            // Until it is known where to, all native ones wait, so that none overtakes this one.
            moving = true;
            spool.addReturned(outgoing, bridge.now());
            return;
        }
        tally.settle(outgoing, Remote.REFUSED);
        bridge.log().warn("publish", link + " refuses publications: " + failure.text() + cure(failure), bridge.now());
        if (failure.is("NOAUTH") || failure.is("READONLY")) {
            link.lost(failure.text(), false);
        }
    }

    private static String cure(RespValue.Failure failure) {
        return switch (failure.code()) {
            case "NOPERM" -> Channels.PERMISSIONS;
            case "READONLY" ->
                "; this is no master any more: with several servers use redis-sentinel:// or redis-cluster://";
            case "LOADING" -> "; it will take them when it has loaded its data";
            case "OOM" -> "; raise its maxmemory or let it evict";
            case "CLUSTERDOWN" -> "; see CLUSTER INFO there";
            default -> "";
        };
    }

    void close() {
        spool.refuseAll();
    }
}
