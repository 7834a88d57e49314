package io.switchboard.bridges.rocketmq;

import io.switchboard.backplane.Backplane;
import io.switchboard.backplane.Reception;
import io.switchboard.backplane.RepeatFilter;
import io.switchboard.message.Publication;
import io.switchboard.message.Topic;
import io.switchboard.metrics.Meters;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.apache.rocketmq.common.message.MessageExt;
import org.jspecify.annotations.Nullable;

/** Turns what was pulled into publications and hands them on; one thread at a time, whichever topic it comes from. */
final class Inbound {
    /** Who is told that a ping is back. */
    @FunctionalInterface
    interface Pongs {
        void pong(Link link, String broker, long number);
    }

    private final Names names;
    private final Interest interest;
    private final Reception reception;
    private final Backplane.Listener listener;
    private final LongSupplier clock;
    private final Pongs pongs;
    private final LongAdder carried;
    private final LongAdder carriedPublished;
    private final LongAdder unwanted;
    private final RepeatFilter repeats = new RepeatFilter();

    Inbound(
            Names names,
            Interest interest,
            Reception reception,
            Meters meters,
            Backplane.Listener listener,
            LongSupplier clock,
            Pongs pongs) {
        this.names = names;
        this.interest = interest;
        this.reception = reception;
        this.listener = listener;
        this.clock = clock;
        this.pongs = pongs;
        this.carried = carried(meters, "native");
        this.carriedPublished = carried(meters, "published");
        this.unwanted = meters.counter(
                "switchboard.backplane.unwanted", "Publications to topics that nobody here listens to, dropped.");
    }

    private static LongAdder carried(Meters meters, String form) {
        return meters.counter(
                "switchboard.backplane.carried", "Messages that the broker brought here, wanted or not.", "form", form);
    }

    /** Once this returns, nothing more that this link hears of published topics is handed on. */
    synchronized void silence(Link link) {
        link.silence();
    }

    /** Whether they were taken: not from a link that has died; its successor hears them, if they are not too old. */
    synchronized boolean heard(Link link, PublishedPlace place, List<MessageExt> messages) {
        if (!link.isAlive()) {
            return false;
        }
        var batch = new ArrayList<Publication>();
        for (MessageExt message : messages) {
            hear(link, place, message).ifPresent(batch::add);
        }
        if (!batch.isEmpty()) {
            reception.handOn(batch, listener);
        }
        return true;
    }

    private Optional<Publication> hear(Link link, PublishedPlace place, MessageExt message) {
        boolean isNative = place.name().equals(names.nativeTopic());
        if (!isNative && link.isSilenced()) {
            return Optional.empty();
        }
        @Nullable String ping = isNative ? message.getUserProperty(Link.PING) : null;
        if (ping != null) {
            pong(link, message.getBrokerName(), ping);
            return Optional.empty();
        }
        (isNative ? carried : carriedPublished).increment();
        byte @Nullable [] body = message.getBody();
        if (body == null || body.length > Bounds.PAYLOAD_BYTES) {
            reception.garbage("a message without body, or one too long", clock.getAsLong());
            return Optional.empty();
        }
        var bytes = ByteBuffer.wrap(body);
        var heard = isNative
                ? reception.hearNative(Topic.ALL, topic -> true, bytes, repeats, clock.getAsLong())
                : hearPublished(place, bytes);
        if (heard.isPresent() && !interest.listens(heard.get().topic())) {
            unwanted.increment();
            return Optional.empty();
        }
        return heard;
    }

    private Optional<Publication> hearPublished(PublishedPlace place, ByteBuffer bytes) {
        Topic any = interest.anyOf(place);
        if (any == null) {
            unwanted.increment();
            return Optional.empty();
        }
        return reception.hearPublished(any, bytes, repeats, clock.getAsLong());
    }

    private void pong(Link link, String broker, String ping) {
        int colon = ping.indexOf(':');
        // One of an earlier life of this node means nothing.
        if (colon > 0 && ping.substring(0, colon).equals(names.incarnation())) {
            try {
                pongs.pong(link, broker, Long.parseLong(ping.substring(colon + 1)));
            } catch (NumberFormatException _foreign) {
                reception.garbage("a ping that is not ours", clock.getAsLong());
            }
        }
    }
}
