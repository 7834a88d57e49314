package io.switchboard.server.config;

import io.switchboard.server.config.ServerConfig.DiscoveryType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The keys of {@code discovery}. */
final class DiscoveryKeys {
    private static final KeyList LIST = new KeyList();

    static final Key<DiscoveryType> TYPE = LIST.add(
            "discovery.type",
            Types.oneOf(DiscoveryType.class),
            "none",
            "Who tells balancers which nodes are up: none, static (a list they have; they ask /health/ready), nacos.");
    static final Key<String> SERVER = discovery(
            "server", "host:port of Nacos, or several with commas", "127.0.0.1:8848", "Where Nacos is.", "[^\\s@]+");
    static final Key<String> NAMESPACE =
            discovery("namespace", "the id of a namespace of Nacos", "public", "The namespace in Nacos.", "[\\w.:-]+");
    static final Key<String> GROUP =
            discovery("group", "a group of Nacos", "DEFAULT_GROUP", "The group of the service.", "[\\w.:-]+");
    static final Key<String> SERVICE = discovery(
            "service",
            "the name of a service",
            "websocket-demo",
            "What balancers call the nodes; unlike the name of any HTTP service of yours.",
            "[\\w.:-]+");
    static final Key<Optional<String>> IP = LIST.add(
            "discovery.ip",
            Types.optional(Types.text("an address or a host name", Keys.HOST)),
            "none",
            "Where balancers reach this node; by default node.host, or the address this machine has towards Nacos.");
    static final Key<Optional<Integer>> PORT = LIST.add(
            "discovery.port",
            Types.optional(Types.integer(1, 65_535)),
            "none",
            "The port by which they reach it; by default the one it listens on.");
    static final Key<Optional<String>> USER = LIST.add(
            "discovery.user",
            Types.optional(Types.text("a user of Nacos", Pattern.compile("\\S+"))),
            "none",
            "The user that may register, where Nacos asks for one.");
    static final Key<Optional<Secret>> PASSWORD =
            LIST.add("discovery.password", Types.optional(Types.secret()), "none", "The password of that user.");
    static final Key<Duration> NOTICE = LIST.add(
            "discovery.notice",
            Types.duration(Duration.ZERO, Duration.ofMinutes(1)),
            "3s",
            "How long a node that stops goes on serving after it withdrew, so that balancers notice first.");

    private DiscoveryKeys() {}

    static List<Key<?>> all() {
        return LIST.all();
    }

    private static Key<String> discovery(String name, String expected, String fallback, String doc, String pattern) {
        return LIST.add("discovery." + name, Types.text(expected, Pattern.compile(pattern)), fallback, doc);
    }
}
