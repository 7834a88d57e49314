package io.switchboard.hub;

import java.util.ArrayList;
import java.util.List;

/**
 * Keeps a loop that has slept, as those of a stopped process do, from going on as if nothing had happened: others may
 * have taken the places of its sessions meanwhile. On the shard's loop.
 */
final class Fence {
    private static final System.Logger LOG = System.getLogger(Fence.class.getName());
    private static final int LOOKS_PER_NAP = 4;
    private static final long RENEW_MILLIS = 3_000;
    private static final long RENEW_AGAIN_MILLIS = 100;

    private final Shard shard;

    /** How long the loop may sleep unnoticed; 0 where nothing hangs on it. */
    private long napNanos;

    private long awakeNanos;
    private boolean fenced;
    private int naps;
    private final List<Runnable> whenAwake = new ArrayList<>(1);

    Fence(Shard shard) {
        this.shard = shard;
    }

    /** From now on the loop notices when it has slept for longer, as a stopped process does. From any thread. */
    void watch(long nanos) {
        shard.run(() -> {
            napNanos = nanos;
            awakeNanos = System.nanoTime();
            look();
        });
    }

    private void look() {
        hasSlept();
        shard.loop.schedule(this::look, napNanos / (LOOKS_PER_NAP * 1_000_000L));
    }

    /**
     * Whether this loop has slept so long that others may have taken the places of its sessions. Until it knows better
     * it neither carries out what clients ask nor sends them anything.
     */
    boolean hasSlept() {
        if (napNanos != 0) {
            long now = System.nanoTime();
            long slept = now - awakeNanos;
            awakeNanos = now;
            if (slept > napNanos && !fenced) {
                fenced = true;
                LOG.log(
                        System.Logger.Level.WARNING,
                        "a loop has slept for {0} ms: renewing the lease before it goes on",
                        slept / 1_000_000);
                shard.hub.fences.increment();
                naps++;
                int nap = naps;
                // Whatever becomes of the question, the loop does not wait for ever.
                shard.loop.schedule(() -> giveUp(nap), RENEW_MILLIS);
                renew(nap);
            }
        }
        return fenced;
    }

    boolean isFenced() {
        return fenced;
    }

    private void renew(int nap) {
        var ignored = shard.hub.logins.renew(shard).handle((known, failure) -> {
            shard.loop.execute(() -> answered(nap, failure == null && known));
            return null;
        });
    }

    private void answered(int nap, boolean known) {
        if (isStill(nap)) {
            if (known) {
                awaken();
            } else {
                shard.loop.schedule(
                        () -> {
                            if (isStill(nap)) {
                                renew(nap);
                            }
                        },
                        RENEW_AGAIN_MILLIS);
            }
        }
    }

    private void giveUp(int nap) {
        if (isStill(nap)) {
            LOG.log(System.Logger.Level.WARNING, "the directory does not answer: going on all the same");
            awaken();
        }
    }

    private boolean isStill(int nap) {
        return fenced && nap == naps;
    }

    private void awaken() {
        fenced = false;
        var waiting = List.copyOf(whenAwake);
        whenAwake.clear();
        waiting.forEach(shard.loop::execute);
    }

    /** Runs the task when the loop may go on. */
    void whenAwake(Runnable task) {
        whenAwake.add(task);
    }
}
