package io.switchboard.bench.load;

import io.switchboard.bench.plan.Pace;
import io.switchboard.bench.wire.Link;
import io.switchboard.bench.wire.LinkEvents;
import io.switchboard.bench.wire.Loop;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One generator thread's share: its members, what they send, what they hear. */
final class Worker implements LinkEvents, AutoCloseable {
    /** How things stand; the counts are since the beginning. */
    record State(
            boolean connecting,
            int ready,
            int failed,
            Map<String, Integer> causes,
            long distinct,
            long repeated,
            long reordered,
            long tooLateToTell,
            long misrouted,
            long garbled,
            long foreign,
            long unstamped,
            long pings) {}

    private final Run run;
    private final List<Member> members;
    private final Member[] byId;
    private final Connecting connecting;
    private final Hearing hearing;
    private final Sending sending;
    private final Loop loop;
    private final @Nullable Heartbeat heartbeat;
    private Slice slice;
    private long pings;

    Worker(Run run, int number, IntToLongFunction heardOf) {
        this.run = run;
        int workers = run.plan().crowd().threads();
        members = run.crew().of(number, workers);
        byId = run.crew().members().toArray(Member[]::new);
        connecting = new Connecting(run);
        hearing = new Hearing(run, run.plan().pace() instanceof Pace.Rates);
        sending = new Sending(
                run, members.stream().filter(member -> member.publishes).toList(), heardOf);
        heartbeat = run.spelling().reply().map(Heartbeat::new).orElse(null);
        slice = fresh();
        loop = Loop.start("bench-" + number, this);
    }

    long threadId() {
        return loop.threadId();
    }

    long heardOf(int publisher) {
        return hearing.heardOf(publisher);
    }

    CompletableFuture<Boolean> connect(int atATime, double gapNanos, boolean churn) {
        return loop.ask(() -> {
            connecting.begin(loop, members, atATime, gapNanos, churn, System.nanoTime());
            return true;
        });
    }

    CompletableFuture<Boolean> stopConnecting() {
        return loop.ask(() -> {
            connecting.end();
            return true;
        });
    }

    /** What was counted since the last cut. */
    CompletableFuture<Slice> cut() {
        return loop.ask(() -> {
            var done = slice;
            slice = fresh();
            return done;
        });
    }

    CompletableFuture<State> state() {
        return loop.ask(() -> {
            var ledger = hearing.ledger();
            return new State(
                    connecting.busy(),
                    connecting.ready(),
                    connecting.failed(),
                    Map.copyOf(connecting.causes()),
                    ledger.distinct(),
                    ledger.repeated(),
                    ledger.reordered(),
                    ledger.tooLateToTell(),
                    hearing.misrouted(),
                    hearing.garbled(),
                    hearing.foreign(),
                    hearing.unstamped(),
                    pings);
        });
    }

    /** From {@code at} on; what is intended earlier is not measured. */
    CompletableFuture<Boolean> begin(double rate, double share, long at) {
        return loop.ask(() -> {
            hearing.measureFrom(at);
            sending.begin(run.plan().pace(), rate, share, at);
            if (sending.interval() > 0 && Double.isFinite(sending.interval())) {
                loop.beat(at, sending.interval());
            }
            return true;
        });
    }

    CompletableFuture<Boolean> end() {
        return loop.ask(() -> {
            sending.end();
            loop.rest();
            return true;
        });
    }

    CompletableFuture<List<Long>> heard() {
        return loop.ask(() -> {
            var ledger = hearing.ledger();
            return IntStream.range(0, run.crew().pairs())
                    .mapToObj(ledger::heard)
                    .toList();
        });
    }

    @Override
    public void opened(Link link, long now) {
        connecting.opened(byId[link.id()], now);
    }

    @Override
    public void message(Link link, byte[] bytes, int from, int to, long now) {
        var member = byId[link.id()];
        var beat = heartbeat;
        if (beat != null && beat.answered(link, bytes, from, to)) {
            pings++;
        } else if (member.state == Member.State.OPENING) {
            connecting.message(member, bytes, from, to, now);
        } else if (member.listens) {
            int fresh = hearing.hear(member, bytes, from, to, now);
            if (fresh > 0) {
                sending.heard(member, fresh, now);
            }
        }
    }

    @Override
    public void pinged(Link link) {
        pings++;
    }

    @Override
    public void ended(Link link, String cause, long now) {
        connecting.ended(byId[link.id()], cause);
    }

    @Override
    public long turn(long now) {
        return Math.min(connecting.turn(now), sending.turn(now));
    }

    @Override
    public void close() {
        var gone = loop.ask(() -> {
            connecting.end();
            for (var member : members) {
                var link = member.link;
                if (link != null) {
                    link.reset();
                }
            }
            return true;
        });
        gone.exceptionally(failed -> false).join();
        loop.close();
    }

    private Slice fresh() {
        var next = new Slice(run.endpoints().size());
        connecting.into(next);
        hearing.into(next);
        sending.into(next);
        return next;
    }
}
