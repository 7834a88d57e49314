package io.switchboard.bench.plan;

import io.switchboard.bench.target.Target;
import io.switchboard.bench.wire.Stamp;
import java.net.URI;
import java.util.List;

/**
 * One run. {@code traffic} is the scenario itself, for a soak what goes on in it. Publishers are counted apart from
 * the connections that listen.
 */
public record BenchPlan(
        Scenario scenario,
        Scenario traffic,
        Target target,
        List<URI> urls,
        Crowd crowd,
        Pace pace,
        Times times,
        int size,
        List<Long> serverPids) {

    /** How many, and spread over how many groups and threads; {@code inFlight} is handshakes at a time. */
    public record Crowd(int connections, int groups, int publishers, int threads, int inFlight) {
        /** All that will be open at once. */
        public int all() {
            return connections + publishers;
        }
    }

    private static final int SIZE_MAX = 512 * 1024;

    public BenchPlan {
        urls = List.copyOf(urls);
        serverPids = List.copyOf(serverPids);
        urls.forEach(BenchPlan::checkUrl);
        checkTraffic(scenario, traffic);
        checkCrowd(traffic, crowd, urls.size());
        if (crowd.groups() > 1 && !target.hasGroups()) {
            throw new BadPlanException("--target " + target.name() + " has no groups apart: everybody hears everything;"
                    + " leave --groups out");
        }
        if (traffic.hasTraffic() && size < Stamp.LENGTH) {
            throw new BadPlanException("--size " + size + " is too small: the stamp that losses and latency are told by"
                    + " takes " + Stamp.LENGTH + " bytes; give --size " + Stamp.LENGTH + " or more");
        }
        if (size > SIZE_MAX) {
            throw new BadPlanException(
                    "--size " + size + " is more than this generator reads at once; give at most " + SIZE_MAX);
        }
        if (scenario == Scenario.SOAK
                && pace instanceof Pace.Rates rates
                && rates.perSecond().size() > 1) {
            throw new BadPlanException("a soak goes on at one rate; give --rate without a ramp");
        }
    }

    private static void checkUrl(URI url) {
        var scheme = String.valueOf(url.getScheme());
        if (scheme.equals("wss")) {
            throw new BadPlanException("--url " + url + ": wss:// is not spoken by this generator yet;"
                    + " aim at the plain port behind the TLS, ws://…");
        }
        if (!scheme.equals("ws") || url.getHost() == null) {
            throw new BadPlanException("--url " + url + " is not the address of a WebSocket server;"
                    + " give one such as ws://127.0.0.1:8080");
        }
    }

    private static void checkTraffic(Scenario scenario, Scenario traffic) {
        if (scenario == Scenario.SOAK ? !traffic.hasTraffic() || traffic == Scenario.SOAK : scenario != traffic) {
            throw new BadPlanException("a soak needs traffic; give --traffic fan-out, pairs, echo or cluster");
        }
    }

    private static void checkCrowd(Scenario traffic, Crowd crowd, int urls) {
        if (crowd.connections() < 1) {
            throw new BadPlanException("--connections " + crowd.connections() + " is nobody; give 1 or more");
        }
        if (traffic == Scenario.PAIRS && crowd.connections() % 2 != 0) {
            throw new BadPlanException("--connections " + crowd.connections() + " leaves one without a partner;"
                    + " pairs take an even number");
        }
        if (traffic == Scenario.CLUSTER && urls < 2) {
            throw new BadPlanException("cluster needs two servers or more: the first is published to, the others are"
                    + " listened to; give --url twice");
        }
        if (crowd.groups() < 1 || crowd.groups() > crowd.connections()) {
            throw new BadPlanException("--groups " + crowd.groups() + " do not fit " + crowd.connections()
                    + " connections; give 1 to " + crowd.connections());
        }
        if (traffic == Scenario.CLUSTER && crowd.connections() < 2 * crowd.groups()) {
            throw new BadPlanException("--connections " + crowd.connections() + " are too few for cluster: each group"
                    + " has one listener beside its publisher and one or more elsewhere; give "
                    + 2 * crowd.groups() + " or more");
        }
        if (traffic.hasPublishers() && (crowd.publishers() < 1 || crowd.publishers() % crowd.groups() != 0)) {
            throw new BadPlanException("--publishers " + crowd.publishers() + " cannot be shared by " + crowd.groups()
                    + " groups; give a multiple of it");
        }
        if (crowd.threads() < 1 || crowd.threads() > 64) {
            throw new BadPlanException("--threads " + crowd.threads() + " is out of bounds; give 1 to 64");
        }
        if (crowd.inFlight() < 1) {
            throw new BadPlanException("--in-flight " + crowd.inFlight() + " never connects; give 1 or more");
        }
    }
}
