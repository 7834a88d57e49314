package io.switchboard.hub;

import io.switchboard.protocol.CloseReason;

/** Closes a shard's sessions in paced steps, so that their clients do not all connect elsewhere at once. */
final class DrainPace implements Runnable {
    private static final int STEPS = 20;
    private static final long WAIT_MILLIS = 20;

    private final Shard shard;
    private final long stepMillis;
    private final Runnable whenEmpty;
    private int step;
    private int perStep;

    DrainPace(Shard shard, long spreadMillis, Runnable whenEmpty) {
        this.shard = shard;
        this.stepMillis = Math.max(1, spreadMillis / STEPS);
        this.whenEmpty = whenEmpty;
    }

    @Override
    public void run() {
        if (shard.sessions.size() == 0) {
            whenEmpty.run();
            return;
        }
        if (step++ == 0) {
            perStep = shard.sessions.size() / STEPS + 1;
        }
        if (step <= STEPS + 1) {
            int[] left = {perStep};
            shard.sessions.forEach(session -> {
                if (!session.isToldToGo() && left[0]-- > 0) {
                    Hub.guarded(() -> session.close(CloseReason.DRAINING));
                }
            });
            shard.loop.schedule(this, stepMillis);
        } else {
            shard.loop.schedule(this, WAIT_MILLIS);
        }
    }
}
