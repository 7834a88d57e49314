package io.switchboard.hub;

import io.switchboard.log.Log;
import io.switchboard.message.Position;
import io.switchboard.message.Publication;
import io.switchboard.message.Topic;
import io.switchboard.protocol.Event;
import io.switchboard.protocol.Listening;
import io.switchboard.protocol.Namespace;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * How one session listens to one topic, where it does so in a way of its own, or is on its way there:
 *
 * <pre>
 *   ACQUIRING --subscribed--> READING --read, and the shard has come as far--> READY --> LISTENING --> ENDED
 * </pre>
 *
 * While it reads what it missed it keeps what comes in; both together are what it missed, without holes or repeats, and
 * from then on it shares the position of the shard ({@link Track}). On the session's loop.
 */
final class Subscription {
    /** After that time what was published before must have arrived. */
    static final long PATIENCE_MILLIS = 200;

    private static final int TRIES_MAX = 5;
    private static final System.Logger LOG = System.getLogger(Subscription.class.getName());

    private enum State {
        ACQUIRING,
        READING,
        READY,
        LISTENING,
        ENDED
    }

    final Session session;
    final Topic topic;
    final Listening listening;
    private final Listening.Answer answer;
    private final @Nullable Together together;
    private State state = State.ACQUIRING;
    private boolean confirmed;
    private @Nullable Members members;
    private List<Publication> heard = List.of();
    private Log.@Nullable Page page;

    /** Counts the times it has read: a late answer is not taken for the newest. */
    private int tries;

    /** It is about to be told that it has missed something. */
    private boolean losing;

    /** It has heard the publication before, so that the next one may come as a difference to it. */
    boolean chained;

    Subscription(
            Session session, Topic topic, Listening listening, Listening.Answer answer, @Nullable Together together) {
        this.session = session;
        this.topic = topic;
        this.listening = listening;
        this.answer = answer;
        this.together = together;
    }

    /** Whether it listens already. */
    boolean listens() {
        return state == State.LISTENING;
    }

    boolean isReady() {
        return state == State.READY;
    }

    /** Whether not everything is sent to it as to all others. */
    boolean isParticular() {
        return listening.filter() != null || listening.delta();
    }

    boolean wants(Publication publication) {
        var filter = listening.filter();
        try {
            return filter == null || filter.test(publication);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "a filter failed", e);
            return false;
        }
    }

    // On its way

    void begin() {
        session.keep(this);
        session.shard.acquire(topic, this::acquired);
    }

    private void acquired(Members acquired, boolean isConfirmed) {
        if (state == State.ENDED || !session.lives()) {
            session.shard.abandon(acquired);
            return;
        }
        members = acquired;
        confirmed = isConfirmed;
        Track track = acquired.track;
        boolean byPosition = listening.positioned() || listening.since() != null;
        if (track != null && byPosition && (!confirmed || track.at() == null)) {
            fail("the log or the broker does not answer");
        } else if (track == null || listening.since() == null) {
            ready();
        } else {
            track.add(this);
            read(track, listening.since());
        }
    }

    private void read(Track track, Position since) {
        Position at = track.at();
        tries++;
        heard = new ArrayList<>(0);
        page = null;
        state = State.READING;
        if (at == null || tries > TRIES_MAX) {
            fail("the log does not say what was missed");
        } else if (since.equals(at)) {
            proceed(new Log.Page(List.of(), at, true));
        } else if (!History.isOf(since, at.epoch()) || isTooFar(since, at)) {
            proceed(new Log.Page(List.of(), at, false));
        } else {
            int number = tries;
            History history = session.shard.hub.history;
            CompletionStage<Log.Page> asked = isCache() ? history.newest(topic) : history.read(topic, since, limit());
            var ignored = asked.whenComplete((found, failure) -> session.shard.run(() -> {
                if (state == State.READING && tries == number) {
                    if (failure == null) {
                        proceed(found);
                    } else {
                        fail("the log does not answer");
                    }
                }
            }));
        }
    }

    private boolean isCache() {
        return listening.recovery() == Namespace.Recovery.CACHE;
    }

    private int limit() {
        return session.shard.hub.limits.recovery();
    }

    private boolean isTooFar(Position since, Position at) {
        return !isCache() && at.offset() - since.offset() > limit();
    }

    /** Where the topic stands is no longer what it was: from the beginning. */
    void readAgain() {
        Members acquired = members;
        Position since = listening.since();
        if (acquired != null && acquired.track != null && since != null && state != State.LISTENING) {
            read(acquired.track, since);
        }
    }

    /** Heard by the shard while this one catches up. */
    void heard(Publication publication) {
        if (heard.size() <= limit()) {
            // With more it is too far behind in any case.
            heard.add(publication);
        }
    }

    private void proceed(Log.Page found) {
        page = found;
        proceed();
        if (state == State.READING && members != null && members.track != null) {
            Track track = members.track;
            int number = tries;
            session.shard.loop.schedule(
                    () -> {
                        if (state == State.READING && tries == number) {
                            track.expect(found.top());
                        }
                    },
                    PATIENCE_MILLIS);
        }
    }

    /** Goes on if the shard has come as far as was read. */
    void proceed() {
        Log.Page found = page;
        Position at = members == null || members.track == null ? null : members.track.at();
        if (state == State.READING
                && found != null
                && at != null
                && at.epoch().equals(found.top().epoch())
                && at.offset() >= found.top().offset()) {
            ready();
        }
    }

    private void ready() {
        state = State.READY;
        if (together == null) {
            finish();
        } else {
            together.proceed();
        }
    }

    /** From here on it listens. */
    void finish() {
        Members joining = members;
        if (state != State.READY || joining == null || !session.lives()) {
            return;
        }
        Listening.Start start = start(joining.track);
        if (joining.track != null) {
            joining.track.remove(this);
        }
        heard = List.of();
        page = null;
        state = State.LISTENING;
        if (!confirmed) {
            session.degraded = true;
        }
        if (isParticular()) {
            Particulars.join(this, joining);
        } else {
            session.shard.join(session, joining);
            if (!listening.positioned()) {
                session.drop(this);
            }
        }
        Commands.guarded(session, () -> answer.begins(start));
        if (state == State.LISTENING && session.lives()) {
            session.shard.attendees.came(session, topic, listening);
        }
    }

    private Listening.Start start(@Nullable Track track) {
        Position at = track == null ? null : track.at();
        Position since = listening.since();
        Log.Page found = page;
        if (at == null || since == null || found == null) {
            return new Listening.Start(at, false, List.of(), confirmed);
        }
        List<Publication> missed = new ArrayList<>(found.publications());
        for (Publication publication : heard) {
            if (Track.offset(publication) > found.top().offset()) {
                missed.add(publication);
            }
        }
        boolean recovered = isCache() ? toNewest(missed, since, at) : isWhole(missed, found, since, at);
        History history = session.shard.hub.history;
        (recovered ? history.recovered : history.notRecovered).increment();
        return new Listening.Start(
                at, recovered, recovered ? missed.stream().filter(this::wants).toList() : List.of(), confirmed);
    }

    /** Whether this is all from there to where the topic stands. */
    private static boolean isWhole(List<Publication> missed, Log.Page found, Position since, Position at) {
        return found.complete()
                && missed.size() == at.offset() - since.offset()
                && (missed.isEmpty() || Track.offset(missed.getLast()) == at.offset());
    }

    /** Leaves the newest alone, if it has not been heard yet; returns whether the newest is known. */
    private static boolean toNewest(List<Publication> missed, Position since, Position at) {
        boolean hasAll = History.isOf(since, at.epoch()) && since.offset() == at.offset();
        boolean found = !missed.isEmpty() && Track.offset(missed.getLast()) == at.offset();
        if (hasAll || !found) {
            missed.clear();
        } else {
            missed.subList(0, missed.size() - 1).clear();
        }
        return hasAll || found;
    }

    // The end

    private void fail(String detail) {
        if (giveUp() && session.lives()) {
            Commands.guarded(session, () -> answer.fails(Event.Reason.INTERNAL, detail));
        }
    }

    /** Leaves nothing behind; false if it had ended before. */
    private boolean giveUp() {
        if (state == State.ENDED) {
            return false;
        }
        abandon();
        if (together != null) {
            together.failed();
        }
        return true;
    }

    /** As if it had never begun. */
    void abandon() {
        State before = state;
        Members acquired = members;
        state = State.ENDED;
        session.drop(this);
        if (acquired != null && (before == State.READING || before == State.READY || before == State.ACQUIRING)) {
            if (acquired.track != null) {
                acquired.track.remove(this);
            }
            session.shard.abandon(acquired);
        } else if (acquired != null && before == State.LISTENING && isParticular()) {
            Particulars.leave(this, acquired);
        } else if (acquired != null && before == State.LISTENING) {
            session.shard.leaveSeat(session, acquired);
        }
    }

    /** The session wants it no more. */
    void end() {
        if (state == State.LISTENING) {
            abandon();
        } else if (giveUp() && session.lives()) {
            Commands.guarded(
                    session, () -> answer.fails(Event.Reason.NOT_A_LISTENER, "the session left the topic meanwhile"));
        }
    }

    /** Says whether this is news. */
    boolean isLosing() {
        return losing;
    }

    /** Something was dropped before it was heard. Not now: the listeners may be being walked through. */
    void loseSoon() {
        losing = true;
        session.shard.loop.execute(this::lose);
    }

    /** It may have missed something. */
    void lose() {
        if (state == State.LISTENING && session.lives()) {
            abandon();
            session.lost(topic);
        }
    }
}
