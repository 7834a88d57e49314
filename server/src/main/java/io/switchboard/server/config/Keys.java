package io.switchboard.server.config;

import io.switchboard.protocols.message.MessageWire;
import io.switchboard.protocols.sign.SignWire;
import io.switchboard.server.config.ServerConfig.BackplaneFormat;
import io.switchboard.server.config.ServerConfig.BackplaneType;
import io.switchboard.server.config.ServerConfig.DirectoryType;
import io.switchboard.server.config.ServerConfig.HttpRoot;
import io.switchboard.server.config.ServerConfig.IoTransport;
import io.switchboard.server.config.ServerConfig.LogLevel;
import io.switchboard.server.config.ServerConfig.LogType;
import io.switchboard.server.config.ServerConfig.NamespaceRules;
import io.switchboard.server.config.ServerConfig.SessionPolicy;
import io.switchboard.server.config.ServerConfig.SessionStrategy;
import io.switchboard.server.config.ServerConfig.WhenDown;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The table of everything that can be set. Parsing, suggestions, environment variables, the listing of
 * {@code check-config --keys} and the documentation all come from it; a new key is one new entry.
 */
final class Keys {
    private static final Map<String, Key<?>> TABLE = new LinkedHashMap<>();

    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;
    private static final int GIB = 1024 * MIB;
    private static final int MANY = 100_000_000;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:_%-]{1,255}|\\[[0-9A-Fa-f:.%]+]");
    private static final Pattern PATH = Pattern.compile("(/[^/\\s?#{}%\\p{Cntrl}]+)+");
    private static final Pattern ANY_PATH = Pattern.compile("\\*|" + PATH.pattern());
    private static final Pattern WORD = Pattern.compile("[a-z_]{1,32}");
    private static final Pattern EXCHANGE = Pattern.compile("[A-Za-z0-9._-]{1,127}");
    private static final Pattern KEY_PREFIX = Pattern.compile("[A-Za-z0-9:._-]{1,100}");
    private static final Pattern ORIGIN = Pattern.compile("\\*|null|[a-z][a-z0-9+.-]*://[^\\s/?#@]+");

    private static final ValueType<String> PATH_TYPE = Types.text("a path such as /chat", PATH);

    static final Key<String> CLUSTER_NAME = add(
            "cluster.name",
            Types.text("1 to 64 letters, digits, _ or -", NAME),
            "switchboard",
            "What the cluster is called; nodes with the same name and broker form one cluster.");

    static final Key<Optional<String>> NODE_NAME = add(
            "node.name",
            Types.optional(Types.text("1 to 64 letters, digits, _ or -", NAME)),
            "none",
            "What this node is called, unlike any other in the cluster; by default the host's name and the port.");
    static final Key<Optional<String>> NODE_HOST = add(
            "node.host",
            Types.optional(Types.text("an address or a host name", HOST)),
            "none",
            "Where to listen; by default every address with auth configured, 127.0.0.1 without.");
    static final Key<Integer> NODE_PORT =
            add("node.port", Types.integer(0, 65_535), "8080", "The port for WebSocket and HTTP; 0 takes a free one.");

    static final Key<BackplaneType> BACKPLANE_TYPE = add(
            "backplane.type",
            Types.oneOf(BackplaneType.class),
            "none",
            "What links the nodes: none (one node alone), memory (nodes of one process), redis, rabbitmq, rocketmq.");
    static final Key<BrokerUri> BACKPLANE_URI = add(
            "backplane.uri",
            Types.brokerUri("redis://127.0.0.1:6379"),
            "redis://127.0.0.1:6379",
            "Where the broker is; may hold user and password, which are never logged.");
    static final Key<BackplaneFormat> BACKPLANE_FORMAT = add(
            "backplane.format",
            Types.oneOf(BackplaneFormat.class),
            "native",
            "How messages are spelled on the broker: native, or a protocol's name to share it with published nodes.");

    static final Key<Optional<Path>> BACKPLANE_TLS_CA = add(
            "backplane.tls_ca",
            Types.optional(Types.file()),
            "none",
            "The PEM file of the authority that signed the broker's certificate, where the JDK does not know it.");
    static final Key<Optional<Secret>> BACKPLANE_SENTINEL_PASSWORD = add(
            "backplane.sentinel_password",
            Types.optional(Types.secret()),
            "none",
            "The password of the Sentinels, where it is not the one of Redis.");

    static final Key<Duration> BACKPLANE_QUEUE_EXPIRES = add(
            "backplane.queue_expires",
            Types.duration(Duration.ofSeconds(1), Duration.ofHours(24)),
            "60s",
            "How long RabbitMQ keeps the queue of a node that is gone; a node back within it misses nothing.");

    static final Key<DirectoryType> DIRECTORY_TYPE = add(
            "directory.type",
            Types.oneOf(DirectoryType.class),
            "memory",
            "Who is connected where is kept: memory (each node knows its own sessions), redis (all nodes know all).");
    static final Key<Optional<BrokerUri>> DIRECTORY_URI = add(
            "directory.uri",
            Types.optional(Types.brokerUri("redis://127.0.0.1:6379")),
            "none",
            "Where the directory's store is; by default where backplane.uri says, if that is a Redis.");
    static final Key<Duration> DIRECTORY_LEASE = add(
            "directory.lease",
            Types.duration(Duration.ofSeconds(1), Duration.ofMinutes(5)),
            "10s",
            "How long a node may show no sign of life before its sessions do not count any more.");

    static {
        include(DiscoveryKeys.all());
    }

    static final Key<LogType> LOG_TYPE = add(
            "log.type",
            Types.oneOf(LogType.class),
            "auto",
            "Where the history of topics is kept: auto (where backplane.uri says if that is a Redis, else in memory),"
                    + " memory (of this process), redis.");
    static final Key<Optional<BrokerUri>> LOG_URI = add(
            "log.uri",
            Types.optional(Types.brokerUri("redis://127.0.0.1:6379")),
            "none",
            "Where the Redis with the histories is; by default where backplane.uri says, if that is a Redis.");
    static final Key<LogLevel> LOG_LEVEL =
            add("log.level", Types.oneOf(LogLevel.class), "info", "How much goes to standard error.");

    static {
        include(AuthKeys.all());
        include(HookKeys.all());
    }

    static final Key<Boolean> CHAT_ENABLED =
            add("protocols.chat.enabled", Types.bool(), "true", "Whether the chat protocol is served.");
    static final Key<List<String>> CHAT_PATH = add(
            "protocols.chat.path",
            Types.listOf(PATH_TYPE),
            "/chat",
            "Prefixes of the chat endpoints user/{id}, group/{group}/{id}, all/{id} and channel/{id}.");
    static final Key<Optional<String>> CHAT_ECHO = add(
            "protocols.chat.echo",
            Types.optional(PATH_TYPE),
            "none",
            "A path that sends every frame back, such as /ws.");

    static final Key<Boolean> MESSAGE_ENABLED =
            add("protocols.message.enabled", Types.bool(), "false", "Whether the message protocol is served.");
    static final Key<List<String>> MESSAGE_PATH = add(
            "protocols.message.path",
            Types.listOf(PATH_TYPE),
            "/message",
            "Paths of the message protocol: every text goes to everybody.");
    static final Key<Boolean> MESSAGE_TO_SENDER = add(
            "protocols.message.to_sender",
            Types.bool(),
            "true",
            "Whether a client of the message protocol hears its own messages, as published.");
    static final Key<Optional<String>> MESSAGE_HELLO = add(
            "protocols.message.hello",
            Types.optional(PATH_TYPE),
            "none",
            "A path whose GET sends the text publish/subscribe hello to everybody, such as /publish-sub-send.");

    static final Key<Boolean> INBOX_ENABLED =
            add("protocols.inbox.enabled", Types.bool(), "false", "Whether the inbox protocol is served.");
    static final Key<List<String>> INBOX_PATH = add(
            "protocols.inbox.path",
            Types.listOf(PATH_TYPE),
            "/ws",
            "Prefixes of the inbox endpoint {userId}: messages to users and groups.");
    static final Key<Boolean> INBOX_OPEN_GROUPS = add(
            "protocols.inbox.open_groups",
            Types.bool(),
            "true",
            "Whether a group without a member list is everybody's, as published; else it is nobody's.");
    static final Key<Map<String, String>> INBOX_GROUPS = add(
            "protocols.inbox.groups",
            Types.pairs("77=1 2 3", Pattern.compile("-?\\d{1,19}"), Pattern.compile("[-\\d ]*")),
            "",
            "What groups without a member list begin with, as 77=1 2 3; /api/group_set changes lists at run time.");

    static final Key<Optional<String>> INBOX_PLACE_KEYS = add(
            "protocols.inbox.place_keys",
            Types.optional(Types.text("up to 100 letters, digits and : . _ -", KEY_PREFIX)),
            "none",
            "With directory.type redis: what stands before a user's number in the key that holds the user's node, as"
                    + " published; without it there are no such keys.");

    static final Key<Boolean> SIGN_ENABLED =
            add("protocols.sign.enabled", Types.bool(), "false", "Whether the sign protocol is served.");
    static final Key<List<String>> SIGN_PATH = add(
            "protocols.sign.path",
            Types.listOf(Types.text("a path such as /hub, or * for any that nobody else claims", ANY_PATH)),
            "*",
            "Where connections by sign are taken.");
    static final Key<String> SIGN_PARAMETER = add(
            "protocols.sign.parameter",
            Types.text("1 to 64 letters, digits, _ or -", NAME),
            "sign",
            "The parameter of the request that names the connection.");
    static final Key<Map<String, String>> SIGN_NAMES = add(
            "protocols.sign.names",
            Types.pairs("time=MessageDateTime", WORD, Pattern.compile("\\S{1,64}")),
            "",
            "JSON members that are spelled otherwise than published: time, type, data, user_id, tenant_id, bank_id,"
                    + " from_type, to_sender, connection, payload.");
    static final Key<Map<String, String>> SIGN_TYPES = add(
            "protocols.sign.types",
            Types.pairs("user_info=1", WORD, Pattern.compile("-?\\d{1,9}")),
            "user_info=1, task_count=2",
            "Numbers of the types user_info, task_count and broadcast (ours); a type without one is not spoken.");
    static final Key<List<String>> SIGN_ORDER = add(
            "protocols.sign.order",
            Types.listOf(Types.text("time, type or data", WORD)),
            "time, type, data",
            "The order of the members of a message to a client.");
    static final Key<Boolean> SIGN_TO_SENDER = add(
            "protocols.sign.to_sender",
            Types.bool(),
            "true",
            "Whether a client of the sign protocol hears its own broadcast, where the message does not say.");
    static final Key<Boolean> SIGN_IDENTITY_KEYS = add(
            "protocols.sign.identity_keys",
            Types.bool(),
            "false",
            "With directory.type redis: whether an identity's key holds the sign of its connection, as published.");
    static final Key<String> SIGN_EXCHANGE = add(
            "protocols.sign.exchange",
            Types.text("1 to 127 letters, digits, dots, _ or -", EXCHANGE),
            SignWire.EXCHANGE,
            "The fanout exchange that nodes of the sign protocol share, by one name for both directions.");
    static final Key<String> MESSAGE_EXCHANGE = add(
            "protocols.message.exchange",
            Types.text("1 to 127 letters, digits, dots, _ or -", EXCHANGE),
            MessageWire.EXCHANGE,
            "The fanout exchange that nodes of the message protocol share.");

    static {
        include(CentrifugalKeys.all());
    }

    static final Key<Optional<Secret>> API_KEY = add(
            "api.key",
            Types.optional(Types.secret()),
            "none",
            "What a request to /api gives (X-API-Key: …, or Authorization: apikey …); without it there is no /api.");
    static final Key<Boolean> API_INSECURE = add(
            "api.insecure",
            Types.bool(),
            "false",
            "Whether /api lets everybody in, without a key: for tests, and where nobody else can reach the port.");
    static final Key<Boolean> API_ERRORS_BY_STATUS = add(
            "api.errors_by_status",
            Types.bool(),
            "false",
            "Whether errors of /api are told by the HTTP status too; else with 200, unless the request wants it so.");

    static final Key<SessionPolicy> SESSIONS_POLICY = add(
            "sessions.policy",
            Types.oneOf(SessionPolicy.class),
            "many",
            "How many sessions a user may have: many, one_per_user, one_per_device (of each kind of endpoint).");
    static final Key<SessionStrategy> SESSIONS_STRATEGY = add(
            "sessions.strategy",
            Types.oneOf(SessionStrategy.class),
            "newest",
            "Which session stays when there is one too many.");
    static final Key<WhenDown> SESSIONS_WHEN_DIRECTORY_DOWN = add(
            "sessions.when_directory_down",
            Types.oneOf(WhenDown.class),
            "admit",
            "What becomes of logins while the directory is down: admit (settled when it is back), refuse.");
    static final Key<Boolean> SESSIONS_CLOSE_ON_GAP = add(
            "sessions.close_on_gap",
            Types.bool(),
            "false",
            "Whether sessions that may have missed messages are closed, so that they come back and ask.");

    static final Key<List<NamespaceRules>> NAMESPACES = add(
            "namespaces",
            new NamespaceType(),
            "none",
            "Rules of namespaces, built-in (user, group, all), default (topics without one) or new; a new one is"
                    + " subscribe signed_in, publish nobody, scope cluster, slow disconnect, without history"
                    + " and presence.");

    static final Key<Integer> MESSAGE_BYTES =
            size("message_bytes", 1, GIB, "64KiB", "The largest message from a client, all fragments together.");
    static final Key<Integer> OUTLET_BYTES =
            size("outlet_bytes", KIB, GIB, "1MiB", "What may wait for a slow client before it is dealt with.");
    static final Key<Integer> HEADER_BYTES =
            size("header_bytes", 512, MIB, "16KiB", "The largest request line and headers.");
    static final Key<Integer> HTTP_BODY_BYTES =
            size("http_body_bytes", 0, GIB, "1MiB", "The largest body of an HTTP request.");
    static final Key<Integer> ID_BYTES = add(
            "limits.id_bytes",
            Types.integer(1, 200),
            "200",
            "The longest user, group or device id, in bytes of UTF-8.");
    static final Key<Integer> TOPICS_PER_SESSION =
            count("topics_per_session", 1, "128", "How many topics one session may listen to, of whichever protocol.");
    static final Key<Integer> SESSIONS =
            count("sessions", 0, "200000", "How many sessions this node takes; 0 is no limit.");
    static final Key<Integer> SESSIONS_PER_USER =
            count("sessions_per_user", 0, "0", "How many sessions one user may have on this node; 0 is no limit.");
    static final Key<Integer> SESSIONS_PER_ADDRESS = count(
            "sessions_per_address", 0, "0", "How many sessions one network address may have here; 0 is no limit.");
    static final Key<Integer> COMMANDS_PER_SECOND = count(
            "commands_per_second", 0, "50000", "How many commands a session may send each second; 0 is no limit.");
    static final Key<Integer> PUBLISH_BYTES_PER_SECOND = size(
            "publish_bytes_per_second", 0, GIB, "256MiB", "How much a session may publish each second; 0 is no limit.");
    static final Key<Duration> HANDSHAKE_TIMEOUT =
            time("handshake_timeout", "PT0.1S", "PT10M", "10s", "How long a client may take to become a session.");
    static final Key<Duration> PING_INTERVAL =
            time("ping_interval", "PT0S", "PT1H", "25s", "How often a quiet client is pinged; 0 is never.");
    static final Key<Duration> PONG_TIMEOUT =
            time("pong_timeout", "PT0.1S", "PT10M", "10s", "How long a ping may stay unanswered.");
    static final Key<Duration> CLOSE_TIMEOUT =
            time("close_timeout", "PT0.1S", "PT10M", "5s", "How long a client may take to answer a close.");
    static final Key<Integer> BACKLOG_BYTES = size(
            "backlog_bytes",
            0,
            GIB,
            "0",
            "What may wait beside a slow client's outlet, as its namespace's slow says; 0 is as outlet_bytes.");
    static final Key<Integer> BACKLOG_SECONDS = add(
            "limits.backlog_seconds",
            Types.integer(1, 3_600),
            "30",
            "How long it may wait there, in seconds; what is older is dealt with as what does not fit.");
    static final Key<Integer> RECOVERY = count(
            "recovery",
            1,
            "300",
            "How many publications of a topic are read for one client at once, as history or to make up for a break;"
                    + " one that missed more is told so.");
    static final Key<Integer> SPOOL_BYTES =
            size("spool_bytes", 0, GIB, "8MiB", "How much may wait for the broker while its link is down.");
    static final Key<Duration> SPOOL_TIME =
            time("spool_time", "PT0S", "PT10M", "5s", "How long a message may wait for the broker.");
    static final Key<Duration> DRAIN_TIME =
            time("drain_time", "PT0S", "PT1H", "30s", "How long a stopping node may take to see its clients off.");

    static final Key<HttpRoot> HTTP_ROOT = add(
            "http.root",
            Types.oneOf(HttpRoot.class),
            "none",
            "What a plain GET of / finds: demo (the page), hello (Hello World!), message_page (to try the message"
                    + " protocol), none (404).");
    static final Key<List<String>> HTTP_ORIGINS = add(
            "http.origins",
            Types.listOf(Types.text("* or an origin such as https://app.example.com or https://*.example.com", ORIGIN)),
            "*",
            "The web pages whose scripts may connect, such as https://*.example.com; * is all.");
    static final Key<Boolean> HTTP_ORIGIN_REQUIRED = add(
            "http.origin_required", Types.bool(), "false", "Whether clients without an Origin header are turned away.");

    static final Key<Boolean> HEALTH_READY_REQUIRES_LINKS = add(
            "health.ready_requires_links",
            Types.bool(),
            "false",
            "Whether /health/ready answers 503 while a broker link is down (strict).");

    static final Key<Optional<Path>> TLS_CERTIFICATE = add(
            "tls.certificate",
            Types.optional(Types.file()),
            "none",
            "PEM file with the certificate chain; with tls.key the port speaks TLS.");
    static final Key<Optional<Path>> TLS_KEY =
            add("tls.key", Types.optional(Types.file()), "none", "PEM file with the private key (PKCS#8).");
    static final Key<Optional<Secret>> TLS_KEY_PASSWORD =
            add("tls.key_password", Types.optional(Types.secret()), "none", "What the private key is encrypted with.");

    static final Key<IoTransport> IO_TRANSPORT =
            add("io.transport", Types.oneOf(IoTransport.class), "auto", "How sockets are served: auto, epoll, nio.");
    static final Key<Integer> IO_THREADS =
            add("io.threads", Types.integer(0, 64), "0", "How many event loops; 0 is one per processor.");

    private Keys() {}

    static Collection<Key<?>> all() {
        return List.copyOf(TABLE.values());
    }

    static Optional<Key<?>> find(String name) {
        return Optional.ofNullable(TABLE.get(name));
    }

    static boolean isSection(String name) {
        return sections().contains(name);
    }

    /** The names that may follow {@code section.}, keys and inner sections alike. */
    static Set<String> below(String section) {
        var names = new LinkedHashSet<String>();
        var prefix = section + ".";
        for (var name : TABLE.keySet()) {
            if (name.startsWith(prefix)) {
                names.add(name.substring(prefix.length()).split("\\.", 2)[0]);
            }
        }
        return names;
    }

    /** What to say about a name that is no key. */
    static String unknown(String name) {
        return name + " is not a key; " + suggestion(name);
    }

    private static String suggestion(String name) {
        var candidates = new ArrayList<>(TABLE.keySet());
        candidates.addAll(sections());
        return Nearest.to(name, candidates)
                .or(() -> sameLeaf(name))
                .map(meant -> "did you mean " + meant + "?")
                .orElseGet(() -> others(name));
    }

    /** {@code port} and {@code redis.port} are most likely meant to be {@code node.port}. */
    private static Optional<String> sameLeaf(String name) {
        var leaf = name.substring(name.lastIndexOf('.') + 1);
        var keys =
                TABLE.values().stream().filter(key -> key.leaf().equals(leaf)).toList();
        // What the node and something else have is mostly meant of the node.
        return keys.stream()
                .map(Key::name)
                .filter(key -> keys.size() == 1 || key.equals("node." + leaf))
                .findFirst();
    }

    private static String others(String name) {
        int dot = name.lastIndexOf('.');
        var section = dot < 0 ? "" : name.substring(0, dot);
        return isSection(section)
                ? "below " + section + " are " + String.join(", ", below(section))
                : "switchboard check-config --keys lists them all";
    }

    private static Set<String> sections() {
        var names = new LinkedHashSet<String>();
        for (var key : TABLE.values()) {
            for (int dot = key.name().indexOf('.'); dot > 0; dot = key.name().indexOf('.', dot + 1)) {
                names.add(key.name().substring(0, dot));
            }
        }
        return names;
    }

    private static void include(List<Key<?>> keys) {
        keys.forEach(key -> TABLE.put(key.name(), key));
    }

    private static Key<Integer> size(String name, int min, int max, String fallback, String doc) {
        return add("limits." + name, Types.size(min, max), fallback, doc);
    }

    private static Key<Integer> count(String name, int min, String fallback, String doc) {
        return add("limits." + name, Types.integer(min, MANY), fallback, doc);
    }

    private static Key<Duration> time(String name, String min, String max, String fallback, String doc) {
        return add("limits." + name, Types.duration(Duration.parse(min), Duration.parse(max)), fallback, doc);
    }

    private static <T> Key<T> add(String name, ValueType<T> type, String fallback, String doc) {
        var key = new Key<>(name, type, fallback, doc);
        TABLE.put(name, key);
        return key;
    }
}
