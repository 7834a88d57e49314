package io.switchboard.protocols.centrifugal;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How this protocol behaves.
 *
 * @param prefixes of the paths of connections: {@code /connection} makes {@code /connection/websocket} and the others
 * @param emulation where clients of HTTP connections say what they say later
 * @param version what clients are told of the server
 * @param anonymous whether somebody without a token may connect
 * @param anonymousTokens whether a token may be of nobody
 * @param insecure whether everybody may do everything that is there; for trials only
 * @param personal the namespace in which everybody who has signed in has a channel that is heard without asking, as
 *     {@code user:42}; empty for none
 * @param namespaces what of the rules of each namespace this protocol alone has, by name
 */
public record CentrifugalSettings(
        List<String> prefixes,
        String emulation,
        String version,
        boolean anonymous,
        boolean anonymousTokens,
        boolean insecure,
        Optional<String> personal,
        Map<String, ChannelRules> namespaces,
        Limits limits) {
    public static final CentrifugalSettings USUAL = new CentrifugalSettings(
            List.of("/connection"), "/emulation", "", false, true, false, Optional.empty(), Map.of(), Limits.USUAL);

    public CentrifugalSettings {
        prefixes = List.copyOf(prefixes);
        namespaces = Map.copyOf(namespaces);
    }

    ChannelRules rules(String namespace) {
        return namespaces.getOrDefault(namespace, ChannelRules.USUAL);
    }

    public CentrifugalSettings withAnonymous(boolean permitted) {
        return new CentrifugalSettings(
                prefixes, emulation, version, permitted, anonymousTokens, insecure, personal, namespaces, limits);
    }

    public CentrifugalSettings withInsecure(boolean everything) {
        return new CentrifugalSettings(
                prefixes, emulation, version, anonymous, anonymousTokens, everything, personal, namespaces, limits);
    }

    public CentrifugalSettings withPersonal(String namespace) {
        return new CentrifugalSettings(
                prefixes,
                emulation,
                version,
                anonymous,
                anonymousTokens,
                insecure,
                Optional.of(namespace),
                namespaces,
                limits);
    }

    public CentrifugalSettings withNamespaces(Map<String, ChannelRules> rules) {
        return new CentrifugalSettings(
                prefixes, emulation, version, anonymous, anonymousTokens, insecure, personal, rules, limits);
    }

    public CentrifugalSettings withLimits(Limits other) {
        return new CentrifugalSettings(
                prefixes, emulation, version, anonymous, anonymousTokens, insecure, personal, namespaces, other);
    }

    /**
     * How long, and how many.
     *
     * @param ping how often a client is asked whether it is there; zero for never
     * @param pong within what time it has to answer
     * @param stale within what time a connection has to say who it is
     * @param grace how long something that expired may still be renewed
     * @param channels how many a client listens to at most
     * @param channelBytes how long the name of one may be
     */
    public record Limits(Duration ping, Duration pong, Duration stale, Duration grace, int channels, int channelBytes) {
        public static final Limits USUAL = new Limits(
                Duration.ofSeconds(25),
                Duration.ofSeconds(8),
                Duration.ofSeconds(10),
                Duration.ofSeconds(25),
                128,
                255);
    }
}
