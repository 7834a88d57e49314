package io.switchboard.hub;

import io.switchboard.directory.Claim;
import io.switchboard.directory.Directory;
import io.switchboard.directory.Directory.Result;
import io.switchboard.directory.LoginPolicy;
import io.switchboard.directory.LoginRules;
import io.switchboard.directory.NodeTable;
import io.switchboard.metrics.Meters;
import io.switchboard.protocol.CloseReason;
import io.switchboard.protocol.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The claims of this node's sessions. A session is let in when the directory has granted its claim; who had the place
 * before hears why and is closed, on whichever node. While the directory is down the node decides for itself, by the
 * same rules among its own sessions, and settles with the others when it is back: every claim is made again with its
 * own epoch, and only a session whose place another has taken is closed. The same is done after the store lost its
 * data, and after this node was taken for dead.
 */
final class Logins {
    private static final System.Logger LOG = System.getLogger(Logins.class.getName());
    private static final int BEATS_PER_LEASE = 8;
    private static final Duration RETRY = Duration.ofSeconds(2);

    /** What is decided about a session on its way in. */
    sealed interface Verdict {
        record In(Claim claim, List<Claim> evicted) implements Verdict {}

        record Out(Refusal refusal) implements Verdict {}
    }

    private final Hub hub;
    private final Directory directory;
    private final LoginRules rules;
    private final LoginPolicy policy;
    private final NodeTable nodes;
    private final AtomicLong highest = new AtomicLong();
    private final LongAdder unsettled;
    private final LongAdder reclaimed;
    private final LongAdder lost;
    private volatile boolean open;
    private volatile boolean beaten;
    private volatile boolean down;
    private volatile boolean unsure;
    /** When the beat that has no answer yet was sent; 0 if there is none. */
    private volatile long beatenAt;

    private long count;

    Logins(Hub hub, @Nullable Directory given, LoginRules rules, Meters meters) {
        this.hub = hub;
        this.directory = given == null ? Directory.local() : given;
        this.rules = rules;
        this.policy = rules.policy();
        this.nodes = new NodeTable(hub.origin.incarnation(), rules.lease().toNanos());
        unsettled = meters.counter("switchboard.logins.unsettled", "Sessions let in while the directory was down");
        reclaimed = meters.counter("switchboard.logins.reclaimed", "Claims made again with their own epoch");
        lost = meters.counter("switchboard.logins.lost", "Sessions closed because another had taken their place");
        meters.gauge("switchboard.directory.up", "1 while the directory answers", () -> down ? 0 : 1);
        meters.gauge("switchboard.directory.nodes", "Other nodes whose lease holds", nodes::live);
    }

    /** Begins to show that this node lives. */
    void open() {
        open = true;
        beatOften();
        hub.shard(0).loop.schedule(this::sweep, sweepMillis());
    }

    private static long sweepMillis() {
        return Directory.RENEWAL.toMillis() / 2
                + ThreadLocalRandom.current().nextLong(Directory.RENEWAL.toMillis() / 2);
    }

    /** Whatever went wrong unnoticed is put right by claiming everything again now and then. */
    private void sweep() {
        if (open) {
            settleSoon();
            hub.shard(0).loop.schedule(this::sweep, sweepMillis());
        }
    }

    void close() {
        open = false;
    }

    boolean isLapsed(Claim claim) {
        return isLapsed(claim.incarnation());
    }

    boolean isLapsed(long incarnation) {
        return nodes.isLapsed(incarnation);
    }

    Set<Long> lapsed() {
        return nodes.lapsed();
    }

    /** Something in the store is of that node: from now on its heartbeat is missed if there is none. */
    void meet(long incarnation) {
        nodes.meet(incarnation);
    }

    // On the way in

    CompletionStage<Verdict> admit(Session session) {
        var wanted = new Claim(
                session.user(), session.device(), session.id(), hub.origin.node(), hub.origin.incarnation(), 0);
        return ask(session, wanted, true);
    }

    private CompletionStage<Verdict> ask(Session session, Claim wanted, boolean first) {
        CompletionStage<Result> asked = directory.claim(wanted, policy, view());
        return asked.handle((result, failure) -> switch (result) {
                    case null -> undecided(session, wanted, failure);
                    case Result.Granted(Claim claim, List<Claim> evicted) -> {
                        know(claim);
                        yield in(claim, evicted);
                    }
                    case Result.Denied(Claim incumbent) -> denied(session, wanted, incumbent, first);
                })
                .thenCompose(verdict -> verdict);
    }

    private static CompletionStage<Verdict> in(Claim claim, List<Claim> evicted) {
        return CompletableFuture.completedFuture(new Verdict.In(claim, evicted));
    }

    private static CompletionStage<Verdict> out(Refusal refusal) {
        return CompletableFuture.completedFuture(new Verdict.Out(refusal));
    }

    /** The older one stays if it is really there: a claim may outlive its session where a node was killed. */
    private CompletionStage<Verdict> denied(Session session, Claim wanted, Claim incumbent, boolean first) {
        know(incumbent);
        nodes.meet(incumbent);
        if (!first) {
            return out(taken());
        }
        return hub.control
                .probe(incumbent)
                .handle((there, failure) -> {
                    if (failure != null) {
                        return out(Refusal.busy("the node of the user's other connection does not answer", RETRY));
                    }
                    return there
                            ? out(taken())
                            : directory
                                    .release(incumbent)
                                    .handle((released, ignored) -> released)
                                    .thenCompose(released -> ask(session, wanted, false));
                })
                .thenCompose(verdict -> verdict);
    }

    private static Refusal taken() {
        return Refusal.of(409, "user is already connected");
    }

    /** A claim of another kind than a login; granted while the directory is down if logins are, and settled so. */
    CompletionStage<Result> claim(Claim wanted, LoginPolicy other) {
        return directory.claim(wanted, other, view()).handle((result, failure) -> {
            if (result instanceof Result.Granted(Claim claim, List<Claim> ignored)) {
                know(claim);
            } else if (result == null) {
                missing(String.valueOf(failure.getMessage()));
                if (!rules.admitWhenDown()) {
                    throw new CompletionException("the directory is down", failure);
                }
                unsettled.increment();
                return new Result.Granted(wanted.granted(nextEpoch()), List.of());
            }
            return result;
        });
    }

    /** The time in microseconds, as the store would give it: who comes later has the higher epoch, roughly. */
    private long nextEpoch() {
        long now = System.currentTimeMillis() * 1_000;
        return highest.updateAndGet(last -> Math.max(last + 1, now));
    }

    private Directory.View view() {
        return new Directory.View(highest.get(), nodes.lapsed());
    }

    private void know(Claim claim) {
        highest.accumulateAndGet(claim.epoch(), Math::max);
    }

    /** Nobody will hear of it any more: the place is free again. */
    void release(Claim claim) {
        var ignored = directory.release(claim).whenComplete((released, failure) -> {
            if (failure != null) {
                LOG.log(System.Logger.Level.DEBUG, "a claim was not released: {0}", failure.getMessage());
            }
        });
    }

    void evict(List<Claim> evicted) {
        for (Claim claim : evicted) {
            hub.control.kick(claim, CloseReason.REPLACED);
        }
    }

    // While the directory is down

    private CompletionStage<Verdict> undecided(Session session, Claim wanted, @Nullable Throwable failure) {
        missing(String.valueOf(failure == null ? "" : failure.getMessage()));
        if (!rules.admitWhenDown()) {
            return out(Refusal.busy("logins cannot be decided now: the directory is down", RETRY));
        }
        var verdict = new CompletableFuture<Verdict>();
        session.shard.run(() -> {
            Claim own = wanted.granted(nextEpoch());
            session.claim = own;
            unsettled.increment();
            rivals(session, own).thenAccept(rivals -> verdict.complete(judge(own, rivals)));
        });
        return verdict;
    }

    private Verdict judge(Claim own, List<Claim> rivals) {
        for (Claim rival : rivals) {
            if (policy.prefers(rival, own)) {
                return new Verdict.Out(taken());
            }
        }
        return new Verdict.In(own, rivals);
    }

    /** Those on this node that cannot stay beside it. Of two that look at once, at least one sees the other. */
    private CompletionStage<List<Claim>> rivals(Session session, Claim own) {
        var found = new CompletableFuture<List<Claim>>();
        ask(0, new ArrayList<>(), own, session, found);
        return found;
    }

    private void ask(int index, List<Claim> rivals, Claim own, Session session, CompletableFuture<List<Claim>> found) {
        if (index == hub.shardCount()) {
            found.complete(rivals);
            return;
        }
        Shard shard = hub.shard(index);
        shard.run(() -> {
            for (Session other : shard.ofUser(own.user())) {
                Claim held = other.claim;
                if (other != session && held != null && !other.leaving && policy.conflict(held, own)) {
                    rivals.add(held);
                }
            }
            ask(index + 1, rivals, own, session, found);
        });
    }

    private void missing(String why) {
        unsure = true;
        if (!down) {
            down = true;
            // Until the first answer this is how every start looks, and the link says itself what is wrong with it.
            LOG.log(
                    beaten ? System.Logger.Level.WARNING : System.Logger.Level.INFO,
                    beaten ? "the directory is down, {0}: {1}" : "the directory does not answer yet, {0}: {1}",
                    rules.admitWhenDown()
                            ? "logins are decided here and settled when it is back"
                            : "logins are refused until it is back",
                    why);
        }
    }

    // The lease

    private void beatOften() {
        if (open) {
            var ignored = beat();
            hub.shard(0).loop.schedule(this::beatOften, rules.lease().toMillis() / BEATS_PER_LEASE);
        }
    }

    /** Completes with whether the store took it. */
    private CompletionStage<Boolean> beat() {
        long now = System.nanoTime();
        // One without an answer for that long will have none.
        if (beatenAt != 0 && now - beatenAt < leaseNanos()) {
            return CompletableFuture.completedFuture(false);
        }
        beatenAt = now;
        return directory.beat(hub.origin, nextCount(), nodes.lapsed()).handle((pulse, failure) -> {
            beatenAt = 0;
            if (failure != null) {
                missing(String.valueOf(failure.getMessage()));
                return false;
            }
            nodes.observe(pulse.counts(), System.nanoTime());
            if (down) {
                down = false;
                LOG.log(System.Logger.Level.INFO, beaten ? "the directory is back" : "the directory answers");
            }
            if (beaten && !pulse.remembered()) {
                LOG.log(System.Logger.Level.WARNING, "the directory had forgotten this node: claiming again");
                unsure = true;
            }
            beaten = true;
            if (unsure) {
                unsure = false;
                reclaimAll();
            }
            return true;
        });
    }

    private synchronized long nextCount() {
        return ++count;
    }

    /** The other nodes may not have heard what this one said, or the other way round. */
    void settleSoon() {
        unsure = true;
    }

    private void reclaimAll() {
        hub.attendance.settle();
        for (int i = 0; i < hub.shardCount(); i++) {
            Shard shard = hub.shard(i);
            shard.run(() -> reclaim(shard));
        }
    }

    /** Claims again, with their own epochs, what the sessions of the shard hold; on its loop. */
    private CompletionStage<Boolean> reclaim(Shard shard) {
        return new Reclaim(shard).start();
    }

    /**
     * The shard's loop has slept: shows that this node lives, and finds out which of its sessions still have their
     * place. Completes when that is known, or cannot be.
     */
    CompletionStage<Boolean> renew(Shard shard) {
        unsure = true;
        return beat().thenCompose(alive -> {
            var known = new CompletableFuture<Boolean>();
            shard.run(() -> reclaim(shard).thenAccept(known::complete));
            return known;
        });
    }

    long leaseNanos() {
        return rules.lease().toNanos();
    }

    /** Goes through a shard's claims, so many at a time; everything on the shard's loop. */
    private final class Reclaim {
        private static final int AT_ONCE = 256;

        private record Held(Session session, Claim claim) {}

        private final Shard shard;
        private final List<Held> all = new ArrayList<>();
        private final CompletableFuture<Boolean> done = new CompletableFuture<>();
        private int next;
        private int underWay;
        private boolean failed;

        Reclaim(Shard shard) {
            this.shard = shard;
            shard.sessions.forEach(session -> {
                Claim login = session.claim;
                if (login != null) {
                    all.add(new Held(session, login));
                }
                if (session.hasBound()) {
                    session.bound().forEach(claim -> all.add(new Held(session, claim)));
                }
            });
        }

        CompletionStage<Boolean> start() {
            proceed();
            return done;
        }

        private void proceed() {
            while (underWay < AT_ONCE && next < all.size() && !failed) {
                Held held = all.get(next++);
                Session session = held.session;
                boolean still = held.claim.equals(session.claim)
                        || (session.hasBound() && session.bound().contains(held.claim));
                if (still && !session.closed && !session.leaving) {
                    underWay++;
                    var bound = held.claim.boundTopic();
                    var ignored = directory
                            .claim(held.claim, bound.isPresent() ? Bindings.NEWEST : policy, view())
                            .whenComplete((result, failure) -> shard.loop.execute(() -> settled(held, result)));
                }
            }
            if (underWay == 0) {
                if (failed) {
                    unsure = true;
                }
                done.complete(!failed);
            }
        }

        private void settled(Held held, @Nullable Result result) {
            underWay--;
            var bound = held.claim.boundTopic();
            switch (result) {
                case null -> failed = true;
                case Result.Granted(Claim claim, List<Claim> evicted) -> {
                    reclaimed.increment();
                    if (bound.isPresent()) {
                        evicted.forEach(old -> hub.bindings.takeFrom(old, bound.get()));
                    } else {
                        evict(evicted);
                    }
                }
                case Result.Denied(Claim incumbent) -> {
                    know(incumbent);
                    if (bound.isPresent()) {
                        hub.bindings.take(held.session.id(), held.claim.epoch(), bound.get(), ignored -> {});
                    } else {
                        lost.increment();
                        held.session.close(CloseReason.TAKEN);
                    }
                }
            }
            proceed();
        }
    }
}
