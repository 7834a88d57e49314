package io.switchboard.backplane;

import io.switchboard.message.Envelope;
import io.switchboard.message.MalformedException;
import io.switchboard.message.Origin;
import io.switchboard.message.Publication;
import io.switchboard.message.Topic;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Turns what was heard into publications; garbage, repeats and the node's own end here, each counted. One thread. */
public final class Reception {
    private final String broker;
    private final WireFormat format;
    private final Origin self;
    private final Tally tally;
    private final RareLog log;
    private final boolean hearsOwn;
    private Origin lastOrigin = Origin.UNKNOWN;

    /** @param broker for the log, as {@code Redis} */
    public Reception(String broker, WireFormat format, Origin self, Tally tally, RareLog log) {
        this(broker, format, self, tally, log, false);
    }

    /** @param hearsOwn whether the node hears what it published itself, as from a log */
    public Reception(String broker, WireFormat format, Origin self, Tally tally, RareLog log, boolean hearsOwn) {
        this.hearsOwn = hearsOwn;
        this.broker = broker;
        this.format = format;
        this.self = self;
        this.tally = tally;
        this.log = log;
    }

    /**
     * What was heard in the published format.
     *
     * @param topic as in {@link WireFormat#decode}
     */
    public Optional<Publication> hearPublished(Topic topic, ByteBuffer bytes, RepeatFilter repeats, long now) {
        return hear(format, topic, any -> true, bytes, repeats, now);
    }

    /**
     * What was heard in the native envelope.
     *
     * @param topic what it most likely is to
     * @param belongs whether publications to a topic may come from where this one came from
     */
    public Optional<Publication> hearNative(
            Topic topic, Predicate<Topic> belongs, ByteBuffer bytes, RepeatFilter repeats, long now) {
        // Our own come back to us wherever we listen ourselves: not worth decoding.
        return !hearsOwn && Envelope.isFrom(self, bytes)
                ? Optional.empty()
                : hear(WireFormat.envelope(), topic, belongs, bytes, repeats, now);
    }

    private Optional<Publication> hear(
            WireFormat in, Topic topic, Predicate<Topic> belongs, ByteBuffer bytes, RepeatFilter repeats, long now) {
        try {
            Publication publication = decode(in, topic, bytes);
            if (!belongs.test(publication.topic())) {
                throw new MalformedException("an envelope for another topic, " + publication.topic());
            }
            return isNews(in, publication, repeats) ? Optional.of(publication) : Optional.empty();
        } catch (MalformedException | RuntimeException e) {
            garbage(topic + ": " + e.getMessage(), now);
        } catch (Envelope.Unsupported e) {
            tally.unsupported.increment();
            log.warn("unsupported", "dropped: this node is too old for " + e.getMessage(), now);
        }
        return Optional.empty();
    }

    private Publication decode(WireFormat in, Topic topic, ByteBuffer bytes)
            throws MalformedException, Envelope.Unsupported {
        if (!in.equals(WireFormat.envelope())) {
            return in.decode(topic, bytes);
        }
        Publication publication = Envelope.decode(bytes, topic, lastOrigin);
        lastOrigin = publication.origin();
        return publication;
    }

    private boolean isNews(WireFormat in, Publication publication, RepeatFilter repeats) {
        if (!in.carriesOrigin() || publication.position() != null) {
            // Repeats of what has a position are known by it.
            return true;
        }
        if (!hearsOwn && publication.origin().equals(self)) {
            return false;
        }
        if (!repeats.isNew(publication.origin(), publication.sequence())) {
            tally.repeats.increment();
            return false;
        }
        return true;
    }

    public void garbage(String what, long now) {
        tally.garbage.increment();
        log.warn("garbage", "dropped garbage from " + broker + ": " + what, now);
    }

    /** Hands a batch to the listener, whose failures are not the bridge's. */
    public void handOn(List<Publication> heard, Backplane.Listener listener) {
        tally.received.add(heard.size());
        try {
            listener.received(heard);
        } catch (RuntimeException e) {
            log.bug("what was heard from other nodes could not be handed on", e);
        }
    }
}
