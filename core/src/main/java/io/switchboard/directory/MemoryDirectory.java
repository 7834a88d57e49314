package io.switchboard.directory;

import io.switchboard.message.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Claims in memory, shared by the nodes of one process. The map decides races: claims of one user are computed one
 * after another.
 */
public final class MemoryDirectory implements Directory {
    /** What nodes of one process share. */
    public static final class Store {
        // Most users have one session; List.of(one) keeps such an entry small.
        private final ConcurrentMap<String, List<Claim>> claims = new ConcurrentHashMap<>();
        private final ConcurrentMap<Long, Long> counts = new ConcurrentHashMap<>();
        private final AtomicLong epochs = new AtomicLong();
        private final MemoryPresence.Store presence = new MemoryPresence.Store();
        private final Groups groups = Groups.local();

        /** Forgets everything, as a store does that restarts without its data. */
        public void clear() {
            claims.clear();
            counts.clear();
            presence.clear();
            epochs.set(0);
        }
    }

    private final Store store;

    public MemoryDirectory(Store store) {
        this.store = store;
    }

    @Override
    public CompletionStage<Result> claim(Claim claim, LoginPolicy policy, View view) {
        var decision = new Decision(claim, policy, view);
        store.claims.compute(claim.user(), (user, present) -> decision.on(present == null ? List.of() : present));
        return CompletableFuture.completedFuture(decision.result());
    }

    @Override
    public CompletionStage<Boolean> release(Claim claim) {
        var released = new boolean[1];
        store.claims.computeIfPresent(claim.user(), (user, present) -> {
            List<Claim> left =
                    present.stream().filter(held -> !held.equals(claim)).toList();
            released[0] = left.size() < present.size();
            return left.isEmpty() ? null : List.copyOf(left);
        });
        return CompletableFuture.completedFuture(released[0]);
    }

    @Override
    public CompletionStage<List<Claim>> find(String user) {
        return CompletableFuture.completedFuture(store.claims.getOrDefault(user, List.of()));
    }

    @Override
    public CompletionStage<Pulse> beat(Origin self, long count, Set<Long> lapsed) {
        boolean remembered = store.counts.put(self.incarnation(), count) != null;
        var pulse = new Pulse(remembered, Map.copyOf(store.counts));
        lapsed.forEach(store.counts::remove);
        return CompletableFuture.completedFuture(pulse);
    }

    @Override
    public Presence presence(Origin self) {
        return new MemoryPresence(store.presence, self.incarnation());
    }

    @Override
    public Groups groups() {
        return store.groups;
    }

    /** What others share stays: who leaves has released what was his, or his lease lapses. */
    @Override
    public void close() {}

    private final class Decision {
        private final Claim claim;
        private final LoginPolicy policy;
        private final View view;
        private @Nullable Result result;

        Decision(Claim claim, LoginPolicy policy, View view) {
            this.claim = claim;
            this.policy = policy;
            this.view = view;
        }

        List<Claim> on(List<Claim> present) {
            var staying = new ArrayList<Claim>(present.size() + 1);
            var evicted = new ArrayList<Claim>();
            for (Claim held : present) {
                if (held.session().equals(claim.session()) || view.lapsed().contains(held.incarnation())) {
                    continue;
                }
                if (!policy.conflict(held, claim)) {
                    staying.add(held);
                } else if (policy.prefers(held, claim)) {
                    result = new Result.Denied(held);
                    return present;
                } else {
                    evicted.add(held);
                }
            }
            Claim granted = claim.epoch() == 0
                    ? claim.granted(store.epochs.updateAndGet(last -> Math.max(last, view.epoch()) + 1))
                    : claim;
            store.epochs.accumulateAndGet(granted.epoch(), Math::max);
            staying.add(granted);
            result = new Result.Granted(granted, evicted);
            return List.copyOf(staying);
        }

        Result result() {
            Result decided = result;
            if (decided == null) {
                throw new IllegalStateException("the claim was not decided");
            }
            return decided;
        }
    }
}
