package io.switchboard.bench.load;

import io.switchboard.bench.measure.Latency;
import io.switchboard.bench.target.Spelling.Role;
import io.switchboard.bench.target.Spelling.Step;
import io.switchboard.bench.wire.Loop;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Opens a worker's connections: so many at a time, spread over the ramp; in churn again and again. */
final class Connecting {
    private static final long CHECK_NANOS = 20_000_000;

    private final Run run;
    private final ArrayDeque<Member> waiting = new ArrayDeque<>();
    private final Map<String, Integer> causes = new TreeMap<>();
    private Slice slice;
    private @Nullable Loop loop;
    private int inFlightMax;
    private int inFlight;
    private int ready;
    private int failed;
    private boolean churning;
    private long start;
    private double gap;
    private long begun;

    Connecting(Run run) {
        this.run = run;
        slice = new Slice(run.endpoints().size());
    }

    void into(Slice next) {
        slice = next;
    }

    /** {@code gap}: nanoseconds from one connection to the next. */
    void begin(Loop on, List<Member> members, int atATime, double gapNanos, boolean churn, long now) {
        loop = on;
        inFlightMax = atATime;
        gap = gapNanos;
        churning = churn;
        start = now;
        waiting.addAll(members);
    }

    void end() {
        churning = false;
        waiting.clear();
    }

    long turn(long now) {
        var on = loop;
        if (on == null || waiting.isEmpty()) {
            return Long.MAX_VALUE;
        }
        while (inFlight < inFlightMax && !waiting.isEmpty()) {
            long due = start + (long) (begun * gap);
            if (due > now) {
                return Math.min(due, now + CHECK_NANOS);
            }
            connect(on, waiting.poll(), now);
        }
        return now + CHECK_NANOS;
    }

    private void connect(Loop on, Member member, long now) {
        var endpoint = run.endpoints().get(member.server);
        var role = roleOf(member);
        // A path in the server's address comes before everything that is spelled here.
        var prefix = String.valueOf(endpoint.uri().getRawPath()).replaceAll("/+$", "");
        var path = prefix + role.path().text(member.own, member.target, member.group);
        begun++;
        member.state = Member.State.CONNECTING;
        member.step = 0;
        member.begun = now;
        inFlight++;
        try {
            member.link = on.connect(member.id, endpoint, path, role.headers());
        } catch (IOException | RuntimeException e) {
            ended(member, "could not connect to " + endpoint.hostAndPort() + ": " + e.getMessage());
        }
    }

    private Role roleOf(Member member) {
        return member.publishes && !member.listens
                ? run.spelling().publisher()
                : run.spelling().listener();
    }

    void opened(Member member, long now) {
        member.state = Member.State.OPENING;
        go(member, now);
    }

    /** While it is being opened: perhaps what the opening waits for. */
    void message(Member member, byte[] bytes, int from, int to, long now) {
        var opening = roleOf(member).opening();
        if (opening.get(member.step) instanceof Step.Await(var part)
                && new String(bytes, from, to - from, StandardCharsets.UTF_8).contains(part)) {
            member.step++;
            go(member, now);
        }
    }

    private void go(Member member, long now) {
        var opening = roleOf(member).opening();
        var link = member.link;
        while (link != null
                && member.step < opening.size()
                && opening.get(member.step) instanceof Step.Say(var template)) {
            var text = template.text(member.own, member.target, member.group).getBytes(StandardCharsets.UTF_8);
            link.send(run.spelling().binary(), text, text.length);
            member.step++;
        }
        if (link != null && member.step == opening.size()) {
            inFlight--;
            slice.handshakes++;
            Latency.record(slice.handshake, now - member.begun);
            if (churning) {
                link.reset();
                member.link = null;
                waiting.add(member);
                member.state = Member.State.WAITING;
            } else {
                member.state = Member.State.READY;
                ready++;
            }
        }
    }

    void ended(Member member, String cause) {
        if (member.ready()) {
            ready--;
        } else {
            inFlight--;
        }
        failed++;
        causes.merge(cause, 1, Integer::sum);
        member.link = null;
        member.state = Member.State.GONE;
        if (churning) {
            waiting.add(member);
            member.state = Member.State.WAITING;
        }
    }

    boolean busy() {
        return inFlight > 0 || !waiting.isEmpty();
    }

    int ready() {
        return ready;
    }

    int failed() {
        return failed;
    }

    /** Why connections could not be made or were lost, and how many each time. */
    Map<String, Integer> causes() {
        return causes;
    }
}
