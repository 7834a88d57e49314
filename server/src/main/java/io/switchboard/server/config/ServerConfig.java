package io.switchboard.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

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
        Log log,
        Auth auth,
        Protocols protocols,
        Sessions sessions,
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
                cluster, other, backplane, directory, log, auth, protocols, sessions, limits, http, health, tls, io,
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
            Optional<Secret> sentinelPassword) {}

    /** Where it is kept who is connected where. */
    public record Directory(DirectoryType type, BrokerUri uri, Duration lease) {}

    /** What goes to standard error. */
    public record Log(LogLevel level) {}

    /** Who clients are. */
    public record Auth(AuthMode mode) {}

    /** What clients may speak. */
    public record Protocols(Chat chat) {}

    /** The chat protocol: its endpoints' prefixes, and the echo path if there is one. */
    public record Chat(boolean enabled, List<String> paths, Optional<String> echo) {}

    /** How many sessions a user may have. */
    public record Sessions(
            SessionPolicy policy, SessionStrategy strategy, WhenDown whenDirectoryDown, boolean closeOnGap) {}

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
        REDIS
    }

    /** Values of {@code backplane.format}. */
    public enum BackplaneFormat {
        NATIVE,
        CHAT
    }

    /** Values of {@code directory.type}. */
    public enum DirectoryType {
        MEMORY,
        REDIS
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
        PATH
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

    /** Values of {@code http.root}. */
    public enum HttpRoot {
        DEMO,
        HELLO,
        NONE
    }

    /** Values of {@code io.transport}. */
    public enum IoTransport {
        AUTO,
        EPOLL,
        NIO
    }
}
