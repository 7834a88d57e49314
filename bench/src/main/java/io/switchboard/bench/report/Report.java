package io.switchboard.bench.report;

import io.switchboard.bench.measure.Latency;
import io.switchboard.bench.measure.Usage;
import io.switchboard.bench.plan.BenchPlan;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What came out of a run. */
public record Report(
        BenchPlan plan,
        Instant started,
        Connected connected,
        List<Stage> stages,
        List<Moment> moments,
        Findings findings,
        Memory memory,
        List<String> warnings) {

    /** How the connections were made. {@code failed} counts those lost later as well, {@code causes} says why. */
    public record Connected(
            int ready, int failed, double seconds, Latency handshake, Usage server, Map<String, Integer> causes) {
        public Connected {
            causes = Map.copyOf(causes);
        }
    }

    /**
     * One measured stretch at one pace. {@code rate} is 0 in a closed loop. {@code latency} counts from the intended
     * time, {@code uncorrected} from the real one, {@code lag} lies between; the latter two are of open loops only.
     */
    public record Stage(
            double rate,
            double seconds,
            long sent,
            long expected,
            long delivered,
            long stalls,
            Latency latency,
            Latency uncorrected,
            Latency lag,
            List<Latency> perServer,
            long handshakes,
            Latency handshake,
            Usage server,
            double busy) {
        public Stage {
            perServer = List.copyOf(perServer);
        }

        public long lost() {
            return expected - delivered;
        }

        public double perSecond() {
            return seconds > 0 ? delivered / seconds : 0;
        }

        /** Also microseconds each. */
        public double cpuPerMillion() {
            return delivered > 0 ? server.cpu() * 1e6 / delivered : 0;
        }
    }

    /** One interval of the measured time; {@code at} is its end, in seconds since the first began. */
    public record Moment(
            double at,
            double seconds,
            long sent,
            long delivered,
            long handshakes,
            double p50,
            double p99,
            double max,
            double serverCpu,
            long serverResident) {}

    /** Everything that was counted about messages, of the warm-up as well. */
    public record Findings(
            long expected,
            long distinct,
            long repeated,
            long reordered,
            long tooLateToTell,
            long misrouted,
            long garbled,
            long foreign,
            long unstamped,
            long pings,
            List<String> worst) {
        public Findings {
            worst = List.copyOf(worst);
        }

        public long lost() {
            return expected - distinct;
        }

        public boolean flawless() {
            return lost() == 0 && repeated == 0 && misrouted == 0 && garbled == 0;
        }
    }

    /** Resident bytes of the servers: before the first connection, with all of them, at the end. */
    public record Memory(long before, long connected, long end) {}

    public Report {
        stages = List.copyOf(stages);
        moments = List.copyOf(moments);
        warnings = List.copyOf(warnings);
    }

    /** 0 all well, 1 connections failed, 3 messages were lost, repeated, garbled or heard by the wrong ones. */
    public int exitCode() {
        return !findings.flawless() ? 3 : connected.failed() > 0 ? 1 : 0;
    }

    /** Resident bytes per hour that the servers grew by, from the first interval to the last. */
    public long growthPerHour() {
        if (moments.size() < 2) {
            return 0;
        }
        var first = moments.getFirst();
        var last = moments.getLast();
        return (long) ((last.serverResident() - first.serverResident()) / (last.at() - first.at()) * 3_600);
    }

    public boolean knowsServer() {
        return !plan.serverPids().isEmpty();
    }
}
