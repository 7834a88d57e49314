package io.switchboard.hub;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The topics with history that have listeners on one shard. Now and then each is compared with the log: whatever went
 * wrong unnoticed is found out. On the shard's loop; nothing ticks while there are none.
 */
final class Tracks {
    static final long CHECK_MILLIS = 40_000;
    static final long TICK_MILLIS = 5_000;
    private static final long AGAIN_MILLIS = 1_000;

    /** Compared at once, after the log was away. */
    private static final int AT_ONCE = 64;

    private final Shard shard;
    private final List<Track> tracks = new ArrayList<>();
    private final ArrayDeque<Track> unchecked = new ArrayDeque<>();
    private int checking;
    private boolean ticking;
    private long now;

    Tracks(Shard shard) {
        this.shard = shard;
    }

    /** Somebody is about to listen to the topic. */
    void begin(Members members) {
        if (shard.hub.history.keeps(members.topic)) {
            var track = new Track(shard, members);
            members.track = track;
            add(track);
        }
    }

    private void add(Track track) {
        track.seat = tracks.size();
        track.checkAt = now + soon();
        tracks.add(track);
        if (!ticking) {
            ticking = true;
            shard.loop.schedule(this::tick, TICK_MILLIS);
        }
    }

    void remove(Track track) {
        Track last = tracks.removeLast();
        if (last != track) {
            tracks.set(track.seat, last);
            last.seat = track.seat;
        }
        track.seat = -1;
    }

    /** All of them would otherwise ask in the same moment, again and again. */
    private static long soon() {
        return CHECK_MILLIS * 3 / 4 + ThreadLocalRandom.current().nextLong(CHECK_MILLIS / 2);
    }

    private void tick() {
        now += TICK_MILLIS;
        for (int i = 0; i < tracks.size(); i++) {
            Track track = tracks.get(i);
            if (track.checkAt <= now) {
                track.checkAt = now + soon();
                unchecked.add(track);
            }
        }
        checkMore();
        ticking = !tracks.isEmpty();
        if (ticking) {
            shard.loop.schedule(this::tick, TICK_MILLIS);
        }
    }

    /** The log was away. */
    void checkAll() {
        unchecked.clear();
        unchecked.addAll(tracks);
        checkMore();
    }

    private void checkMore() {
        while (checking < AT_ONCE && !unchecked.isEmpty()) {
            Track track = unchecked.poll();
            if (track.seat >= 0) {
                checking++;
                track.check(answered -> {
                    checking--;
                    if (!answered) {
                        shard.loop.schedule(() -> again(track), AGAIN_MILLIS);
                    }
                    // Not from within: a log in memory answers at once, and there may be many topics.
                    shard.loop.execute(this::checkMore);
                });
            }
        }
    }

    private void again(Track track) {
        unchecked.add(track);
        checkMore();
    }
}
