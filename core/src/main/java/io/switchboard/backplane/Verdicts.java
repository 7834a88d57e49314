package io.switchboard.backplane;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What became of publications, told in the order in which it was decided: a published format delivers here what was
 * refused, and an older one must not come after a newer one because another thread was quicker. Decided under the lock
 * of whoever decides, told outside of it, by one thread at a time; those who are told may publish again.
 */
public final class Verdicts {
    private record Verdict(Outgoing outgoing, Remote remote) {}

    private final Tally tally;
    private final Queue<Verdict> decided = new ConcurrentLinkedQueue<>();
    private final AtomicInteger calls = new AtomicInteger();

    public Verdicts(Tally tally) {
        this.tally = tally;
    }

    /** Under the lock. */
    public void add(Outgoing outgoing, Remote remote) {
        decided.add(new Verdict(outgoing, remote));
    }

    /** Outside of the lock. Returns at once if another thread is telling: that one goes on with what is there now. */
    public void tell() {
        if (calls.getAndIncrement() > 0) {
            return;
        }
        int seen = 1;
        while (seen > 0) {
            for (Verdict next = decided.poll(); next != null; next = decided.poll()) {
                tally.settle(next.outgoing, next.remote);
            }
            seen = calls.addAndGet(-seen);
        }
    }
}
