package io.switchboard.hub;

import io.switchboard.log.Log;
import io.switchboard.message.Position;
import io.switchboard.message.Publication;
import io.switchboard.message.Topic;
import io.switchboard.protocol.Event;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How far the listeners of a topic with history have come, on one shard: all of them have been given everything up to
 * one position, so there is nothing to be remembered of each. What follows is passed on, what was heard before is
 * dropped; where something is missing the log is read, and what is heard meanwhile waits. If the log does not have it
 * either, whoever listens by position is told, and listens no more.
 *
 * <p>The position is known before anybody listens: from the log, read after the topic was subscribed. Sessions that
 * catch up ({@link Subscription}) keep what comes in while they read.
 */
final class Track {
    private static final System.Logger LOG = System.getLogger(Track.class.getName());
    private static final int AHEAD_MAX = 256;
    private static final int REPAIR_LIMIT = 1_000;
    private static final long REPAIR_AGAIN_MILLIS = 1_000;
    private static final int REPAIRS_MAX = 30;

    private final Shard shard;
    private final Members members;
    private final History history;

    /** Its place among the tracks of the shard; negative when it is no more. */
    int seat = -1;

    long checkAt;

    /** What all listeners have been given, or are being given in this turn. */
    private @Nullable Position at;

    /** Heard, though something before it is missing. */
    private final List<Publication> ahead = new ArrayList<>(0);

    private final List<Consumer<Boolean>> unanchored = new ArrayList<>(0);
    private final List<Subscription> catchingUp = new ArrayList<>(0);
    private boolean anchoring;
    private boolean repairing;
    private int failures;

    Track(Shard shard, Members members) {
        this.shard = shard;
        this.members = members;
        this.history = shard.hub.history;
    }

    @Nullable
    Position at() {
        return at;
    }

    private Topic topic() {
        return members.topic;
    }

    // The first position

    /** Goes on, with whether it is, when it is known where the topic stands. */
    void anchored(Consumer<Boolean> then) {
        if (at != null) {
            then.accept(true);
            return;
        }
        unanchored.add(then);
        if (!anchoring) {
            anchoring = true;
            on(history.top(topic()), (top, failure) -> {
                anchoring = false;
                if (top != null && at == null) {
                    at = top;
                    proceed();
                } else if (failure != null) {
                    LOG.log(System.Logger.Level.WARNING, "it is not known where {0} stands: {1}", topic(), failure);
                    List<Publication> heard = List.copyOf(ahead);
                    ahead.clear();
                    heard.forEach(this::heard);
                }
                List<Consumer<Boolean>> waiting = List.copyOf(unanchored);
                unanchored.clear();
                waiting.forEach(each -> each.accept(at != null));
            });
        }
    }

    private <T> void on(CompletionStage<T> stage, BiConsumer<@Nullable T, @Nullable Throwable> then) {
        var ignored = stage.whenComplete((value, failure) -> shard.run(() -> then.accept(value, failure)));
    }

    // Hearing

    /** Returns how many listeners there are if it is passed on to them. */
    int heard(Publication publication) {
        Position position = publication.position();
        Position known = at;
        if (position == null) {
            return shard.pend(members, publication);
        }
        if (known == null && !anchoring) {
            // The log could not say where the topic stood, and there are listeners all the same: it begins here.
            return pass(publication, position);
        }
        if (known != null && position.epoch().equals(known.epoch())) {
            if (position.offset() <= known.offset()) {
                return 0;
            }
            if (position.offset() == known.offset() + 1) {
                int listeners = pass(publication, position);
                if (!ahead.isEmpty() || !catchingUp.isEmpty()) {
                    proceed();
                }
                return listeners;
            }
        }
        if (ahead.size() < AHEAD_MAX) {
            // If there are more, the log has them.
            ahead.add(publication);
        }
        if (known != null) {
            repair();
        }
        return 0;
    }

    private int pass(Publication publication, Position position) {
        at = position;
        for (int i = 0; i < catchingUp.size(); i++) {
            catchingUp.get(i).heard(publication);
        }
        return shard.pend(members, publication);
    }

    /** Passes on what has been waiting, as far as it follows. */
    private void proceed() {
        if (!ahead.isEmpty()) {
            List<Publication> waiting = new ArrayList<>(ahead);
            ahead.clear();
            waiting.sort(Comparator.comparingLong(Track::offset));
            for (Publication publication : waiting) {
                if (!follow(publication)) {
                    ahead.add(publication);
                }
            }
        }
        if (!ahead.isEmpty()) {
            repair();
        }
        List.copyOf(catchingUp).forEach(Subscription::proceed);
    }

    /** Passes it on if it is the next one; false if something before it is missing. */
    private boolean follow(Publication publication) {
        Position known = at;
        Position position = publication.position();
        if (known == null || position == null || !position.epoch().equals(known.epoch())) {
            return false;
        }
        if (position.offset() == known.offset() + 1) {
            pass(publication, position);
            return true;
        }
        return position.offset() <= known.offset();
    }

    static long offset(Publication publication) {
        Position position = publication.position();
        return position == null ? 0 : position.offset();
    }

    // Repairing

    /** Compares with the log, and says whether it answered. */
    void check(Consumer<Boolean> done) {
        Position known = at;
        if (known == null) {
            anchored(done);
            return;
        }
        on(history.top(topic()), (top, failure) -> {
            if (top != null && !top.equals(known) && seat >= 0) {
                compare(top, known);
            }
            done.accept(failure == null);
        });
    }

    /** What was published just now may still be on its way here. */
    private void compare(Position top, Position then) {
        boolean ahead = top.epoch().equals(then.epoch()) && top.offset() > then.offset();
        if (!ahead) {
            Position now = at;
            if (now != null && now.equals(then)) {
                repair();
            }
            return;
        }
        shard.loop.schedule(() -> expect(top), Subscription.PATIENCE_MILLIS);
    }

    /** By now the topic should have come to that position. */
    void expect(Position top) {
        Position now = at;
        if (now != null && seat >= 0 && !(now.epoch().equals(top.epoch()) && now.offset() >= top.offset())) {
            repair();
        }
    }

    /** Reads from the log what follows; one at a time. */
    void repair() {
        Position known = at;
        if (repairing || known == null || seat < 0) {
            return;
        }
        repairing = true;
        history.repairs.increment();
        on(history.read(topic(), known, REPAIR_LIMIT), (page, failure) -> {
            repairing = false;
            if (seat < 0) {
                return;
            }
            if (page == null) {
                repairLater(failure);
            } else {
                failures = 0;
                repaired(page);
            }
        });
    }

    private void repairLater(@Nullable Throwable failure) {
        if (++failures > REPAIRS_MAX) {
            LOG.log(System.Logger.Level.ERROR, "a hole in {0} was not closed: {1}", topic(), failure);
            failures = 0;
            lose(null);
        } else {
            shard.loop.schedule(this::repair, REPAIR_AGAIN_MILLIS);
        }
    }

    private void repaired(Log.Page page) {
        Position known = at;
        if (known == null || !page.complete() || !page.top().epoch().equals(known.epoch())) {
            lose(page.top());
            return;
        }
        page.publications().forEach(this::follow);
        proceed();
        Position now = at;
        if (now != null && now.offset() < page.top().offset() && !repairing) {
            // There was more than is read at once.
            repair();
        }
    }

    /** Begins anew where the log stands; null if that is not known. Whoever listens by position is told. */
    private void lose(@Nullable Position top) {
        history.lost.increment();
        List<Publication> waiting = new ArrayList<>(ahead);
        ahead.clear();
        at = top;
        List<Subscription> positioned = new ArrayList<>();
        for (Session session : members.everybody()) {
            Subscription subscription = session.subscription(topic());
            if (subscription != null && subscription.listening.positioned()) {
                positioned.add(subscription);
            } else {
                session.tell(new Event.Gap(topic()));
            }
        }
        if (top != null) {
            // What we heard of the new epoch is new to those who stay.
            waiting.removeIf(publication -> !isOf(publication, top.epoch()));
            waiting.sort(Comparator.comparingLong(Track::offset));
            if (!waiting.isEmpty() && offset(waiting.getFirst()) <= top.offset()) {
                at = new Position(offset(waiting.getFirst()) - 1, top.epoch());
            }
            ahead.addAll(waiting);
        }
        List<Subscription> again = List.copyOf(catchingUp);
        // The listeners change: nobody may be told anything while we still look at them.
        members.expected++;
        positioned.forEach(Subscription::lose);
        proceed();
        again.forEach(Subscription::readAgain);
        members.expected--;
        shard.releaseIfIdle(members);
    }

    private static boolean isOf(Publication publication, String epoch) {
        Position position = publication.position();
        return position != null && position.epoch().equals(epoch);
    }

    // Those who catch up

    void add(Subscription subscription) {
        catchingUp.add(subscription);
    }

    void remove(Subscription subscription) {
        catchingUp.remove(subscription);
    }
}
