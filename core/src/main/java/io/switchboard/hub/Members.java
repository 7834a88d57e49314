package io.switchboard.hub;

import io.switchboard.message.Publication;
import io.switchboard.message.Topic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sessions of one shard that listen to a topic, and what was published to it in this turn. */
final class Members {
    private static final Session[] NONE = {};

    final Topic topic;
    Session[] sessions = NONE;
    int count;

    /** How many of them have a backlog. */
    int pressed;

    /** Sessions on their way in: the shard must stay interested though nobody listens yet. */
    int expected;

    /** Published in this turn, not yet fanned out. Empty and shared while idle. */
    List<Publication> pending = List.of();

    /** How far its listeners have come; null for topics without history. */
    @Nullable
    Track track;

    /** Listeners who are not among {@link #sessions}; null, as nearly always, if there are none. */
    @Nullable
    Particulars particulars;

    Members(Topic topic) {
        this.topic = topic;
    }

    boolean isNeeded() {
        return count > 0 || expected > 0 || particulars != null;
    }

    int listeners() {
        Particulars others = particulars;
        return others == null ? count : count + others.size();
    }

    /** All listeners, as they are now. */
    List<Session> everybody() {
        var all = new ArrayList<>(Arrays.asList(sessions).subList(0, count));
        Particulars others = particulars;
        if (others != null) {
            all.addAll(others.sessions());
        }
        return all;
    }

    void add(Session session) {
        if (count == sessions.length) {
            sessions = Arrays.copyOf(sessions, count == 0 ? 1 : count + (count >> 1) + 1);
        }
        session.take(this, count);
        sessions[count++] = session;
        if (session.backlog != null) {
            pressed++;
        }
    }

    /** Takes the session out; the last one gets its seat. */
    @SuppressWarnings("NullAway") // The free end of the array is never read.
    void remove(Session session) {
        int seat = session.seatIn(this);
        session.give(this);
        if (session.backlog != null) {
            pressed--;
        }
        Session last = sessions[--count];
        sessions[count] = null;
        if (last != session) {
            sessions[seat] = last;
            last.moveTo(this, seat);
        }
        if (count < sessions.length / 4) {
            sessions = Arrays.copyOf(sessions, count);
        }
    }

    /** Returns whether this is the first of the turn. */
    boolean pend(Publication publication) {
        if (pending.isEmpty()) {
            pending = new ArrayList<>(4);
            pending.add(publication);
            return true;
        }
        pending.add(publication);
        return false;
    }

    List<Publication> takePending() {
        List<Publication> taken = pending;
        pending = List.of();
        return taken;
    }

    /** The first ones only. */
    List<Publication> takePending(int count) {
        if (count == pending.size()) {
            return takePending();
        }
        List<Publication> head = pending.subList(0, count);
        List<Publication> taken = List.copyOf(head);
        head.clear();
        return taken;
    }
}
