package io.switchboard.directory;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Claims in memory. The map decides races: claims of one user are computed one after another. */
final class LocalDirectory implements Directory {
    // Most users have one session; List.of(one) keeps such an entry small.
    private final ConcurrentMap<String, List<Claim>> claims = new ConcurrentHashMap<>();
    private final AtomicLong epochs = new AtomicLong();

    @Override
    public CompletionStage<Result> claim(Claim claim, LoginPolicy policy, Predicate<Claim> isLive) {
        var decision = new Decision(claim, policy, isLive);
        claims.compute(claim.user(), (user, present) -> decision.on(present == null ? List.of() : present));
        return CompletableFuture.completedFuture(decision.result());
    }

    @Override
    public CompletionStage<Boolean> release(Claim claim) {
        var released = new boolean[1];
        claims.computeIfPresent(claim.user(), (user, present) -> {
            List<Claim> left =
                    present.stream().filter(held -> !held.equals(claim)).toList();
            released[0] = left.size() < present.size();
            return left.isEmpty() ? null : List.copyOf(left);
        });
        return CompletableFuture.completedFuture(released[0]);
    }

    @Override
    public CompletionStage<List<Claim>> find(String user) {
        return CompletableFuture.completedFuture(claims.getOrDefault(user, List.of()));
    }

    @Override
    public void close() {
        claims.clear();
    }

    private final class Decision {
        private final Claim claim;
        private final LoginPolicy policy;
        private final Predicate<Claim> isLive;
        private @Nullable Result result;

        Decision(Claim claim, LoginPolicy policy, Predicate<Claim> isLive) {
            this.claim = claim;
            this.policy = policy;
            this.isLive = isLive;
        }

        List<Claim> on(List<Claim> present) {
            var staying = new ArrayList<Claim>(present.size() + 1);
            var evicted = new ArrayList<Claim>();
            for (Claim held : present) {
                if (!isLive.test(held)) {
                    continue;
                }
                if (!policy.conflict(held, claim)) {
                    staying.add(held);
                } else if (policy.strategy() == LoginPolicy.Strategy.OLDEST) {
                    result = new Result.Denied(held);
                    return present;
                } else {
                    evicted.add(held);
                }
            }
            Claim granted = claim.granted(epochs.incrementAndGet());
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
