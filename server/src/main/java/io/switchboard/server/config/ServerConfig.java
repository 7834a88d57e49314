package io.switchboard.server.config;

import io.switchboard.protocols.centrifugal.CentrifugalSettings;
import io.switchboard.protocols.centrifugal.ChannelRules;
import io.switchboard.protocols.sign.SignSettings;
import io.switchboard.tokens.TokenSettings;
import io.switchboard.tokens.callbacks.CallbackSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Everything an operator has decided, checked as a whole: what can be read here can be used.
 *
 * @param warnings what the operator should know though it is no mistake
 */
public record ServerConfig(
        Cluster cluster,
        Node node,
        Backplane backplane,
        Directory directory,
        Discovery discovery,
        Log log,
        Auth auth,
        Optional<CallbackSettings> hooks,
        Api api,
        Protocols protocols,
        Sessions sessions,
        List<NamespaceRules> namespaces,
        Limits limits,
        Http http,
        Health health,
        Optional<Tls> tls,
        Io io,
        List<String> warnings) {

    /** Reads a file; the environment may override it. */
    public static ServerConfig load(Path file) throws ConfigException {
        return ConfigSources.none()
                .withFile(file)
                .withEnvironment(System.getenv())
                .load();
    }

    /** The same for another node. */
    public ServerConfig withNode(Node other) {
        return new ServerConfig(
                cluster,
                other,
                backplane,
                directory,
                discovery,
                log,
                auth,
                hooks,
                api,
                protocols,
                sessions,
                namespaces,
                limits,
                http,
                health,
                tls,
                io,
                warnings);
    }

    /** The cluster this node belongs to. */
    public record Cluster(String name) {}

    /** This process: its name, and the one port it opens. */
    public record Node(String name, String host, int port) {
        /** The same node elsewhere: a second one in the same process needs its own name and port. */
        public Node with(String otherName, int otherPort) {
            return new Node(otherName, host, otherPort);
        }
    }

    /** What links the nodes. */
    public record Backplane(
            BackplaneType type,
            BrokerUri uri,
            BackplaneFormat format,
            Optional<Path> tlsCa,
            Optional<Secret> sentinelPassword,
            Duration queueExpires) {}

    /** Where it is kept who is connected where. */
    public record Directory(DirectoryType type, BrokerUri uri, Duration lease) {}

    /**
     * Who tells balancers which nodes are up.
     *
     * @param ip where balancers find this node; empty for as the registry sees it
     * @param port likewise, if it is not the one listened on
     * @param notice how long a node that withdrew goes on serving, so that balancers notice
     */
    public record Discovery(
            DiscoveryType type,
            String server,
            String namespace,
            String group,
            String service,
            String ip,
            Optional<Integer> port,
            String user,
            Optional<Secret> password,
            Duration notice) {}

    /** What goes to standard error, and where histories are kept; the type is never AUTO. */
    public record Log(LogLevel level, LogType type, BrokerUri uri) {}

    /** Values of {@code log.type}. */
    public enum LogType {
        AUTO,
        MEMORY,
        REDIS
    }

    /** Who clients are, and whose tokens are believed. */
    public record Auth(AuthMode mode, TokenSettings tokens) {}

    /**
     * The server API; without a key there is none, unless it is open.
     *
     * @param key what a request must give
     * @param open whether everybody is let in
     * @param errorsByStatus whether errors are told by the HTTP status, also where the request does not want it
     */
    public record Api(Optional<Secret> key, boolean open, boolean errorsByStatus) {
        public boolean isServed() {
            return open || key.isPresent();
        }
    }

    /** What clients may speak. */
    public record Protocols(Chat chat, Sign sign, Inbox inbox, MessageProtocol message, Centrifugal centrifugal) {}

    /** The Centrifugal protocol. */
    public record Centrifugal(boolean enabled, CentrifugalSettings settings) {}

    /** The chat protocol: its endpoints' prefixes, and the echo path if there is one. */
    public record Chat(boolean enabled, List<String> paths, Optional<String> echo) {}

    /**
     * The sign protocol.
     *
     * @param paths none for any path that nobody else claims
     * @param identityKeys whether identities are published in the directory's store
     */
    public record Sign(
            boolean enabled, List<String> paths, SignSettings settings, String exchange, boolean identityKeys) {}

    /**
     * The inbox protocol.
     *
     * @param openGroups whether groups without a member list are everybody's
     * @param groups members by group
     * @param placeKeys the beginning of the keys that hold users' nodes in the directory's store
     */
    public record Inbox(
            boolean enabled,
            List<String> paths,
            boolean openGroups,
            Map<String, Set<String>> groups,
            Optional<String> placeKeys) {}

    /**
     * The message protocol.
     *
     * @param toSender whether a client hears its own messages
     * @param hello the path whose GET sends the published greeting, if there is one
     */
    public record MessageProtocol(
            boolean enabled, List<String> paths, boolean toSender, Optional<String> hello, String exchange) {}

    /** How many sessions a user may have. */
    public record Sessions(
            SessionPolicy policy, SessionStrategy strategy, WhenDown whenDirectoryDown, boolean closeOnGap) {}

    /**
     * Rules of a namespace; what is not said is as built in, or for a new one as documented.
     *
     * @param name empty for topics without a namespace
     * @param channels what the Centrifugal protocol alone asks
     */
    public record NamespaceRules(
            String name,
            Optional<Access> subscribe,
            Optional<Access> publish,
            Optional<Reach> scope,
            Optional<Slow> slow,
            HistoryRules history,
            AttendanceRules attendance,
            ChannelRules channels) {}

    /** What is kept of a namespace's publications. */
    public record HistoryRules(
            Optional<Integer> size,
            Optional<Duration> ttl,
            Optional<Access> read,
            Optional<Boolean> positioned,
            Optional<Boolean> recoverable,
            Optional<Recovery> recovery,
            Optional<Boolean> delta) {
        public static final HistoryRules USUAL = new HistoryRules(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** What is known of who listens in a namespace. */
    public record AttendanceRules(
            Optional<Boolean> kept, Optional<Access> read, Optional<Boolean> announced, Optional<Boolean> pushed) {
        public static final AttendanceRules USUAL =
                new AttendanceRules(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Values of a namespace's {@code recovery}. */
    public enum Recovery {
        STREAM,
        CACHE
    }

    /** A limit on everything; 0 is none where the table of keys says so. */
    public record Limits(
            int messageBytes,
            int outletBytes,
            int headerBytes,
            int httpBodyBytes,
            int idBytes,
            int topicsPerSession,
            int sessions,
            int sessionsPerUser,
            int sessionsPerAddress,
            int commandsPerSecond,
            int publishBytesPerSecond,
            Duration handshakeTimeout,
            Duration pingInterval,
            Duration pongTimeout,
            Duration closeTimeout,
            int backlogBytes,
            Duration backlogTime,
            int recovery,
            int spoolBytes,
            Duration spoolTime,
            Duration drainTime) {}

    /** What plain HTTP finds, and which web pages may connect. */
    public record Http(HttpRoot root, List<String> origins, boolean originRequired) {}

    /** What the health endpoints mean. */
    public record Health(boolean readyRequiresLinks) {}

    /** The files that make the port speak TLS. */
    public record Tls(Path certificate, Path key, Optional<Secret> keyPassword) {}

    /** How sockets are served; 0 threads is one per processor. */
    public record Io(IoTransport transport, int threads) {}

    /** Values of {@code backplane.type}. */
    public enum BackplaneType {
        NONE,
        MEMORY,
        REDIS,
        RABBITMQ,
        ROCKETMQ
    }

    /** Values of {@code backplane.format}. */
    public enum BackplaneFormat {
        NATIVE,
        CHAT,
        SIGN,
        INBOX,
        MESSAGE
    }

    /** Values of {@code directory.type}. */
    public enum DirectoryType {
        MEMORY,
        REDIS
    }

    /** Values of {@code discovery.type}. */
    public enum DiscoveryType {
        NONE,
        STATIC,
        NACOS
    }

    /** {@code sessions.when_directory_down}. */
    public enum WhenDown {
        ADMIT,
        REFUSE
    }

    /** Values of {@code log.level}. */
    public enum LogLevel {
        ERROR,
        WARN,
        INFO,
        DEBUG,
        TRACE
    }

    /** Values of {@code auth.mode}. */
    public enum AuthMode {
        NONE,
        PATH,
        JWT
    }

    /** Values of {@code sessions.policy}. */
    public enum SessionPolicy {
        MANY,
        ONE_PER_USER,
        ONE_PER_DEVICE
    }

    /** Values of {@code sessions.strategy}. */
    public enum SessionStrategy {
        NEWEST,
        OLDEST
    }

    /** Values of a namespace's {@code subscribe} and {@code publish}. */
    public enum Access {
        ANYONE,
        SIGNED_IN,
        LISTENER,
        OWNER,
        TOKEN,
        NOBODY
    }

    /** Values of a namespace's {@code scope}. */
    public enum Reach {
        CLUSTER,
        WHOLE,
        NODE
    }

    /** Values of a namespace's {@code slow}. */
    public enum Slow {
        DISCONNECT,
        DROP_OLDEST,
        DROP_NEWEST,
        CONFLATE
    }

    /** Values of {@code http.root}. */
    public enum HttpRoot {
        DEMO,
        HELLO,
        MESSAGE_PAGE,
        NONE
    }

    /** Values of {@code io.transport}. */
    public enum IoTransport {
        AUTO,
        EPOLL,
        NIO
    }
}
