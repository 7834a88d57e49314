package io.switchboard.hub;

import io.switchboard.message.Publication;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Slows those who publish to listeners that cannot keep up: their reading pauses until the listener has caught up, at
 * most for the first second of its episode. Only sessions of this node can be slowed.
 *
 * <p>One slow listener among many is its own affair: publishers are slowed only where at least one in {@value #SHARE}
 * of the topic's listeners on this node is pressed. If that holds for the node it holds for one of its shards, so a
 * shard where it does not hold need not ask the others.
 */
final class Brake {
    static final int SHARE = 8;

    private final Shard shard;
    private final SlowMeters meters;

    Brake(Shard shard, SlowMeters meters) {
        this.shard = shard;
        this.meters = meters;
    }

    /** Publications to a topic of whose listeners here some are pressed. */
    void published(Members members, List<Publication> batch) {
        if (!isConsiderable(members.pressed, members.count)) {
            return;
        }
        Backlog backlog = mostPatient(members);
        if (backlog == null) {
            return;
        }
        int now = shard.pressed.now();
        if (backlog.judged != members || backlog.judgedAt != now) {
            backlog.judged = members;
            backlog.judgedAt = now;
            backlog.slows = false;
            judge(members, batch, backlog);
        } else if (backlog.slows) {
            slow(backlog, batch);
        }
    }

    private static boolean isConsiderable(int pressed, int listeners) {
        return (long) pressed * SHARE >= listeners;
    }

    /** One for whose sake publishers may still be slowed; null if there is none. */
    private static @Nullable Backlog mostPatient(Members members) {
        for (int i = 0; i < members.count; i++) {
            Backlog backlog = members.sessions[i].backlog;
            if (backlog != null && !backlog.patienceOver) {
                return backlog;
            }
        }
        return null;
    }

    /** Counts the topic's listeners on the other shards as well, once in a tick. */
    private void judge(Members members, List<Publication> batch, Backlog backlog) {
        long others = shard.hub.interests.shardsOf(members.topic) & ~(1L << shard.index);
        List<Publication> publications = List.copyOf(batch);
        count(shard, members, others, members.pressed, members.count, (pressed, listeners) -> {
            if (isConsiderable(pressed, listeners) && backlog.judged == members) {
                backlog.slows = true;
                slow(backlog, publications);
            }
        });
    }

    private interface Counted {
        void counted(int pressed, int listeners);
    }

    /** From shard to shard, and back to the one that asked. */
    private static void count(Shard asker, Members members, long shards, int pressed, int listeners, Counted then) {
        if (shards == 0) {
            asker.run(() -> then.counted(pressed, listeners));
            return;
        }
        Shard there = asker.hub.shard(Long.numberOfTrailingZeros(shards));
        there.run(() -> {
            Members theirs = there.members(members.topic);
            count(
                    asker,
                    members,
                    shards & (shards - 1),
                    pressed + (theirs == null ? 0 : theirs.pressed),
                    listeners + (theirs == null ? 0 : theirs.count),
                    then);
        });
    }

    private void slow(Backlog backlog, List<Publication> batch) {
        for (Publication publication : batch) {
            slow(backlog, publication.sender().session());
        }
    }

    /** Does not read from the session, if it is one of ours, until the backlog's episode ends or its time is over. */
    void slow(Backlog backlog, String sessionId) {
        if (backlog.patienceOver || sessionId.isEmpty() || backlog.slowed.contains(sessionId)) {
            return;
        }
        boolean ours = shard.hub.withSession(sessionId, session -> {
            if (session != null) {
                session.slowDown();
            }
        });
        if (ours) {
            backlog.slowed.add(sessionId);
            meters.slowedPublishers.increment();
        }
    }

    /** Reads again from those that were slowed for this one. */
    void release(Backlog backlog) {
        backlog.patienceOver = true;
        backlog.judged = null;
        for (String sessionId : backlog.slowed) {
            shard.hub.withSession(sessionId, session -> {
                if (session != null) {
                    session.speedUp();
                }
            });
        }
        backlog.slowed.clear();
    }
}
