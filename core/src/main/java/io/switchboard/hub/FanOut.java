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
    private static final int OVERHEAD = 64;

    /** The bytes of one lane, and where each publication's end. */
    private static final class Encoded {
        Lane lane;
        FrameBatch batch;
        int[] ends;

        Encoded(Lane lane, FrameBatch batch, int[] ends) {
            this.lane = lane;
            this.batch = batch;
            this.ends = ends;
        }
    }

    private final Shard shard;
    private final List<Encoded> lanes = new ArrayList<>();
    private final List<Session> refused = new ArrayList<>();
    private int stamp;

    FanOut(Shard shard) {
        this.shard = shard;
    }

    void drain(Members members) {
        List<Publication> pending = members.takePending();
        if (pending.isEmpty() || members.count == 0) {
            return;
        }
        if (members.count == 1) {
            toOne(members.sessions[0], pending);
            return;
        }
        int from = 0;
        while (from < pending.size()) {
            int to = from;
            int bytes = 0;
            while (to < pending.size() && (bytes == 0 || bytes < BATCH_BYTES)) {
                bytes += pending.get(to++).message().length() + OVERHEAD;
            }
            toMany(members, pending.subList(from, to), bytes);
            from = to;
        }
    }

    /** One-to-one and tiny groups: no shared buffer, and together with whatever else the turn has for the session. */
    private void toOne(Session session, List<Publication> pending) {
        int delivered = 0;
        for (Publication publication : pending) {
            if (!excludes(publication, session)) {
                tell(session, publication);
                delivered++;
            }
        }
        shard.hub.delivered.add(delivered);
    }

    private void toMany(Members members, List<Publication> batch, int bytes) {
        boolean exclusions = markExcluded(batch);
        try {
            walk(members, batch, bytes, exclusions);
        } finally {
            lanes.forEach(encoded -> encoded.batch.release());
            lanes.clear();
        }
        shard.hub.delivered.add((long) members.count * batch.size());
        if (!refused.isEmpty()) {
            refused.forEach(shard::tooSlow);
            refused.clear();
        }
    }

    private void walk(Members members, List<Publication> batch, int bytes, boolean exclusions) {
        Session[] sessions = members.sessions;
        @Nullable Encoded last = null;
        for (int i = 0; i < members.count; i++) {
            Session session = sessions[i];
            if (last == null || last.lane != session.lane) {
                last = encoded(session.lane, batch, bytes);
            }
            if (exclusions && session.excludedIn == stamp) {
                offerSlices(session, last, batch);
            } else {
                offer(session, last.batch, 0, last.batch.size());
            }
        }
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

    private void offer(Session session, FrameBatch batch, int from, int to) {
        if (to > from && session.outlet.offer(batch, from, to) == Outlet.Offer.REFUSED) {
            // Closing a session changes the listeners: not while they are being walked.
            refused.add(session);
        }
    }

    /** The batch without the publications that pass over this session. */
    private void offerSlices(Session session, Encoded encoded, List<Publication> batch) {
        int from = 0;
        int to = 0;
        for (int i = 0; i < batch.size(); i++) {
            int end = encoded.ends[i];
            if (excludes(batch.get(i), session)) {
                offer(session, encoded.batch, from, to);
                shard.hub.delivered.decrement();
                from = end;
            }
            to = end;
        }
        offer(session, encoded.batch, from, to);
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

    private static boolean excludes(Publication publication, Session session) {
        return switch (publication.exclusion()) {
            case NONE -> false;
            case USER ->
                !session.user().isEmpty() && publication.sender().user().equals(session.user());
            case SESSION -> publication.sender().session().equals(session.id());
        };
    }
}
