package io.switchboard.bench.load;

import io.switchboard.bench.report.Report.Findings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** Compares what was heard with what was sent, and puts failures into words. */
final class Audit {
    private static final int WORST = 5;

    private record Gap(int pair, long missing) {}

    private final Run run;
    private final Workers workers;
    private final long expected;

    Audit(Run run, Workers workers, long expected) {
        this.run = run;
        this.workers = workers;
        this.expected = expected;
    }

    Findings findings(List<Worker.State> states) {
        long distinct = sum(states, Worker.State::distinct);
        return new Findings(
                expected,
                distinct,
                sum(states, Worker.State::repeated),
                sum(states, Worker.State::reordered),
                sum(states, Worker.State::tooLateToTell),
                sum(states, Worker.State::misrouted),
                sum(states, Worker.State::garbled),
                sum(states, Worker.State::foreign),
                sum(states, Worker.State::unstamped),
                sum(states, Worker.State::pings),
                distinct < expected ? worst() : List.of());
    }

    private List<String> worst() {
        var crew = run.crew();
        var heard = workers.heard();
        var gaps = new ArrayList<Gap>();
        for (int pair = 0; pair < heard.length; pair++) {
            long missing = crew.publisherOf(pair).sent - heard[pair];
            if (missing > 0) {
                gaps.add(new Gap(pair, missing));
            }
        }
        gaps.sort((one, other) -> Long.compare(other.missing(), one.missing()));
        return gaps.stream()
                .limit(WORST)
                .map(gap -> {
                    var listener = crew.listenerOf(gap.pair());
                    var publisher = crew.publisherOf(gap.pair());
                    return String.format(
                            Locale.ROOT,
                            "listener %d (group %d, %s) missed %,d of %,d from publisher %d",
                            listener.own,
                            listener.group,
                            run.endpoints().get(listener.server).hostAndPort(),
                            gap.missing(),
                            publisher.sent,
                            publisher.own);
                })
                .toList();
    }

    static Map<String, Integer> causes(List<Worker.State> states) {
        var all = new TreeMap<String, Integer>();
        states.forEach(state -> state.causes().forEach((cause, times) -> all.merge(cause, times, Integer::sum)));
        return all;
    }

    /** Why not everybody could connect. */
    static String failures(List<Worker.State> states, int wanted, boolean stopped) {
        int ready = states.stream().mapToInt(Worker.State::ready).sum();
        var causes = causes(states).entrySet().stream()
                .sorted((one, other) -> Integer.compare(other.getValue(), one.getValue()))
                .map(cause -> "\n  " + cause.getValue() + " × " + cause.getKey())
                .collect(Collectors.joining());
        if (causes.isEmpty()) {
            return (stopped ? "stopped while connecting: " : "") + ready + " of " + wanted + " connections were made";
        }
        return (wanted - ready) + " of " + wanted + " connections could not be made:" + causes;
    }

    private static long sum(List<Worker.State> states, ToLongFunction<Worker.State> of) {
        return states.stream().mapToLong(of).sum();
    }
}
