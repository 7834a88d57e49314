package io.switchboard.hub;

import io.switchboard.message.Publication;
import io.switchboard.protocol.Event;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sends what was published to a topic in one turn to its listeners: encoded once for each lane into one buffer, one
 * send per listener. A listener that some publications pass over gets the slices between them. Nothing is allocated per
 * listener.
 *
 * <p>Nearly every topic has listeners of one lane only, hence the look at the last one before the list of lanes.
 */
final class FanOut {
    /** Fairness: a batch is cut when it has this many bytes. */
    static final int BATCH_BYTES = 64 << 10;

    private static final System.Logger LOG = System.getLogger(FanOut.class.getName());

    /** A guess of what a protocol adds to a message, so that the buffer need not grow. */
    static final int OVERHEAD = 64;

    /**
     * How many listeners are fetched from memory at the same time: what they and their connections are has left the
     * cache by the next turn. A power of two.
     */
    private static final int AHEAD = 16;

    /** The bytes of one lane, and where each publication's end. */
    private static final class Encoded {
        Lane lane;
        FrameBatch batch;
        int[] ends;
        int size;

        Encoded(Lane lane, FrameBatch batch, int[] ends) {
            this.lane = lane;
            this.batch = batch;
            this.ends = ends;
            this.size = batch.size();
        }
    }

    private final Shard shard;
    private final List<Encoded> lanes = new ArrayList<>();
    private final List<Session> tooSlow = new ArrayList<>();
    private int stamp;

    /** Keeps what is fetched ahead from being left out as useless. */
    @SuppressWarnings("UnusedVariable")
    private int fetched;

    /** How many of a batch's deliveries are none: excluded, or waiting in a backlog. */
    private long passedOver;

    FanOut(Shard shard) {
        this.shard = shard;
    }

    /**
     * Sends a batch; returns whether there is more. Whatever fails here is our bug; it must not take the other topics
     * of this turn with it.
     */
    boolean drainSome(Members members) {
        try {
            return sendSome(members);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "a publication could not be sent", e);
            return !members.pending.isEmpty();
        }
    }

    private boolean sendSome(Members members) {
        List<Publication> pending = members.pending;
        int to = 0;
        int bytes = 0;
        while (to < pending.size() && (bytes == 0 || bytes < BATCH_BYTES)) {
            bytes += pending.get(to++).message().length() + OVERHEAD;
        }
        List<Publication> batch = members.takePending(to);
        if (batch.isEmpty()) {
            return false;
        }
        if (members.count == 1) {
            toOne(members, members.sessions[0], batch);
        } else if (members.count > 1) {
            toMany(members, batch, bytes);
        }
        Particulars others = members.particulars;
        if (others != null) {
            others.send(batch, this);
        }
        return !members.pending.isEmpty();
    }

    /** One-to-one and tiny groups: no shared buffer, and together with whatever else the turn has for the session. */
    private void toOne(Members members, Session session, List<Publication> batch) {
        int delivered = 0;
        for (Publication publication : batch) {
            if (!excludes(publication, session)) {
                delivered += session.backlog == null ? 1 : 0;
                tell(session, publication);
            }
        }
        shard.hub.delivered.add(delivered);
        if (members.pressed > 0) {
            shard.pressed.brake().published(members, batch);
        }
    }

    private void toMany(Members members, List<Publication> batch, int bytes) {
        boolean exclusions = markExcluded(batch);
        passedOver = 0;
        try {
            walk(members, batch, bytes, exclusions);
        } finally {
            lanes.forEach(encoded -> encoded.batch.release());
            lanes.clear();
        }
        shard.hub.delivered.add((long) members.count * batch.size() - passedOver);
        if (members.pressed > 0) {
            shard.pressed.brake().published(members, batch);
        }
        closeTooSlow();
    }

    void closeTooSlow() {
        if (!tooSlow.isEmpty()) {
            List<Session> all = List.copyOf(tooSlow);
            tooSlow.clear();
            all.forEach(shard::tooSlow);
        }
    }

    /** Offers the batch to each listener; where one has a backlog it waits there, and nothing is encoded for it. */
    private void walk(Members members, List<Publication> batch, int bytes, boolean exclusions) {
        Session[] sessions = members.sessions;
        boolean pressed = members.pressed > 0;
        @Nullable Encoded last = null;
        for (int i = 0; i < members.count; i++) {
            if ((i & AHEAD - 1) == 0) {
                fetched = fetch(sessions, i, Math.min(i + AHEAD, members.count));
            }
            Session session = sessions[i];
            if (pressed && session.backlog != null) {
                keep(session, batch, 0, batch.size());
                continue;
            }
            if (last == null || last.lane != session.lane) {
                last = encoded(session.lane, batch, bytes);
            }
            if (exclusions && session.excludedIn == stamp) {
                offerSlices(session, last, batch);
            } else {
                offerAll(session, last, batch);
            }
        }
    }

    private static int fetch(Session[] sessions, int from, int to) {
        int any = 0;
        for (int i = from; i < to; i++) {
            any += sessions[i].outlet.prefetch();
        }
        return any;
    }

    private Encoded encoded(Lane lane, List<Publication> publications, int bytes) {
        for (int i = 0; i < lanes.size(); i++) {
            if (lanes.get(i).lane == lane) {
                return lanes.get(i);
            }
        }
        FrameBatch batch = lane.framing().open(bytes);
        int[] ends = new int[publications.size()];
        for (int i = 0; i < ends.length; i++) {
            encode(lane, publications.get(i), batch);
            ends[i] = batch.size();
        }
        var encoded = new Encoded(lane, batch, ends);
        lanes.add(encoded);
        return encoded;
    }

    /** A message that cannot be encoded is our bug; it must not take the others of the batch with it. */
    private static void encode(Lane lane, Publication publication, FrameBatch batch) {
        try {
            lane.encoder().encode(new Event.Published(publication), batch);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "a publication could not be encoded", e);
        }
    }

    private static void tell(Session session, Publication publication) {
        try {
            session.tell(new Event.Published(publication));
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "a publication could not be encoded", e);
        }
    }

    private void offerAll(Session session, Encoded encoded, List<Publication> batch) {
        if (encoded.size > 0) {
            Outlet.Offer answer = session.outlet.offer(encoded.batch, 0, encoded.size);
            if (answer != Outlet.Offer.QUEUED) {
                press(session, answer, batch, 0, batch.size());
            }
        }
    }

    /** Offers the publications from {@code first} (inclusive) to {@code end} (exclusive). */
    private void offer(Session session, Encoded encoded, List<Publication> batch, int first, int end) {
        int from = first == 0 ? 0 : encoded.ends[first - 1];
        int to = end == 0 ? 0 : encoded.ends[end - 1];
        if (to > from) {
            Outlet.Offer answer = session.outlet.offer(encoded.batch, from, to);
            if (answer != Outlet.Offer.QUEUED) {
                press(session, answer, batch, first, end);
            }
        }
    }

    void press(Session session, Outlet.Offer answer, List<Publication> batch, int first, int end) {
        if (answer == Outlet.Offer.CLOSED || session.closed || session.leaving) {
            return;
        }
        shard.pressed.of(session);
        if (answer == Outlet.Offer.REFUSED) {
            keep(session, batch, first, end);
        }
    }

    /** Into the session's backlog. */
    void keep(Session session, List<Publication> batch, int first, int end) {
        Backlog backlog = shard.pressed.of(session);
        boolean fits = true;
        for (int i = first; i < end && fits; i++) {
            if (!excludes(batch.get(i), session)) {
                fits = backlog.add(batch.get(i), shard.pressed.now());
            }
        }
        if (!fits) {
            // Closing a session changes the listeners: not while they are being walked.
            tooSlow.add(session);
        }
        passedOver += end - first;
    }

    /** The batch without the publications that pass over this session. */
    private void offerSlices(Session session, Encoded encoded, List<Publication> batch) {
        int first = 0;
        for (int i = 0; i < batch.size(); i++) {
            if (excludes(batch.get(i), session)) {
                offerSlice(session, encoded, batch, first, i);
                passedOver++;
                first = i + 1;
            }
        }
        offerSlice(session, encoded, batch, first, batch.size());
    }

    private void offerSlice(Session session, Encoded encoded, List<Publication> batch, int first, int end) {
        if (session.backlog == null) {
            offer(session, encoded, batch, first, end);
        } else if (end > first) {
            keep(session, batch, first, end);
        }
    }

    /** Stamps the sessions that some publication of the batch passes over; says whether there can be any. */
    private boolean markExcluded(List<Publication> batch) {
        stamp++;
        boolean any = false;
        for (Publication publication : batch) {
            switch (publication.exclusion()) {
                case NONE -> {}
                case USER -> {
                    for (Session session : shard.ofUser(publication.sender().user())) {
                        session.excludedIn = stamp;
                        any = true;
                    }
                }
                case SESSION -> {
                    Session session = shard.session(publication.sender().session());
                    if (session != null) {
                        session.excludedIn = stamp;
                        any = true;
                    }
                }
            }
        }
        return any;
    }

    static boolean excludes(Publication publication, Session session) {
        return switch (publication.exclusion()) {
            case NONE -> false;
            case USER ->
                !session.user().isEmpty() && publication.sender().user().equals(session.user());
            case SESSION -> publication.sender().session().equals(session.id());
        };
    }
}
