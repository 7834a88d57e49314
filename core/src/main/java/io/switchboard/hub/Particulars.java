package io.switchboard.hub;

import io.switchboard.message.Publication;
import io.switchboard.protocol.Event;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Those of a topic's listeners on one shard to whom not everything is sent as to all others: by a filter, or as
 * differences from one publication to the next. What they share is encoded once all the same.
 */
final class Particulars {
    private static final System.Logger LOG = System.getLogger(Particulars.class.getName());

    private enum Form {
        /** As for everybody else. */
        USUAL,
        /** For those who listen by differences, and have not heard the one before. */
        WHOLE,
        DIFFERENCE
    }

    private record Encoded(Lane lane, Form form, FrameBatch batch, List<Integer> ends) {}

    private final Shard shard;
    private final List<Subscription> listeners = new ArrayList<>(1);
    private final List<Encoded> lanes = new ArrayList<>(1);
    private @Nullable Publication before;

    Particulars(Shard shard) {
        this.shard = shard;
    }

    /** Makes a session a listener of what was acquired for it. */
    static void join(Subscription one, Members members) {
        Shard shard = one.session.shard;
        members.expected--;
        shard.drain(members);
        Particulars others = members.particulars;
        if (others == null) {
            others = new Particulars(shard);
            members.particulars = others;
        }
        others.listeners.add(one);
        if (members.topic.isIn("group")) {
            shard.hub.known.add(members.topic);
        }
    }

    static void leave(Subscription one, Members members) {
        Particulars others = members.particulars;
        Shard shard = one.session.shard;
        if (others != null) {
            shard.drain(members);
            others.listeners.remove(one);
            if (others.listeners.isEmpty()) {
                members.particulars = null;
            }
            one.session.forgetBacklog(members.topic);
            shard.attendees.left(one.session, members.topic);
            shard.releaseIfIdle(members);
        }
    }

    int size() {
        return listeners.size();
    }

    List<Session> sessions() {
        return listeners.stream().map(one -> one.session).toList();
    }

    void send(List<Publication> batch, FanOut fanOut) {
        try {
            // Who turns out to be too slow leaves meanwhile.
            for (Subscription one : List.copyOf(listeners)) {
                if (one.listens() && one.session.lives()) {
                    send(one, batch, fanOut);
                }
            }
        } finally {
            lanes.forEach(encoded -> encoded.batch.release());
            lanes.clear();
            before = batch.getLast();
        }
        fanOut.closeTooSlow();
    }

    private void send(Subscription one, List<Publication> batch, FanOut fanOut) {
        // What was gathered for the session alone came first.
        shard.flush(one.session);
        int first = 0;
        for (int i = 0; i < batch.size(); i++) {
            if (FanOut.excludes(batch.get(i), one.session) || !one.wants(batch.get(i))) {
                slice(one, batch, first, i, fanOut);
                one.chained = false;
                first = i + 1;
            }
        }
        slice(one, batch, first, batch.size(), fanOut);
    }

    private void slice(Subscription one, List<Publication> batch, int first, int end, FanOut fanOut) {
        if (first == end) {
            return;
        }
        if (!one.listening.delta()) {
            offer(one, Form.USUAL, batch, first, end, fanOut);
        } else if (one.chained) {
            offer(one, Form.DIFFERENCE, batch, first, end, fanOut);
        } else {
            offer(one, Form.WHOLE, batch, first, first + 1, fanOut);
            if (end > first + 1) {
                offer(one, one.chained ? Form.DIFFERENCE : Form.WHOLE, batch, first + 1, end, fanOut);
            }
        }
    }

    private void offer(Subscription one, Form form, List<Publication> batch, int first, int end, FanOut fanOut) {
        Session session = one.session;
        if (session.backlog != null) {
            // There it waits, and is sent whole.
            one.chained = false;
            fanOut.keep(session, batch, first, end);
            return;
        }
        Encoded encoded = encoded(session.lane, form, batch);
        int from = first == 0 ? 0 : encoded.ends.get(first - 1);
        int to = encoded.ends.get(end - 1);
        Outlet.Offer answer = to > from ? session.outlet.offer(encoded.batch, from, to) : Outlet.Offer.QUEUED;
        one.chained = answer == Outlet.Offer.QUEUED || answer == Outlet.Offer.PRESSED;
        if (answer != Outlet.Offer.QUEUED) {
            fanOut.press(session, answer, batch, first, end);
        }
        if (one.chained) {
            shard.hub.delivered.add(end - first);
        }
    }

    private Encoded encoded(Lane lane, Form form, List<Publication> batch) {
        for (Encoded encoded : lanes) {
            if (encoded.lane == lane && encoded.form == form) {
                return encoded;
            }
        }
        FrameBatch frames = lane.framing().open(batch.size() * FanOut.OVERHEAD);
        List<Integer> ends = new ArrayList<>(batch.size());
        Publication previous = before;
        for (Publication publication : batch) {
            try {
                switch (form) {
                    case USUAL -> lane.encoder().encode(new Event.Published(publication), frames);
                    case WHOLE -> lane.encoder().encodeDelta(publication, null, frames);
                    case DIFFERENCE -> lane.encoder().encodeDelta(publication, previous, frames);
                }
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.ERROR, "a publication could not be encoded", e);
            }
            ends.add(frames.size());
            previous = publication;
        }
        var encoded = new Encoded(lane, form, frames, ends);
        lanes.add(encoded);
        return encoded;
    }
}
