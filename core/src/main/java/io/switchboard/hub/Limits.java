package io.switchboard.hub;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * Every limit of a node. Beyond one: a documented close code, error or HTTP status, a counter, and nothing else
 * disturbed.
 *
 * @param messageBytes one message of a client, all fragments together; beyond: close 1009
 * @param outletBytes waiting for one client; beyond: close 4008
 * @param headerBytes request line and headers; beyond: 431
 * @param bodyBytes of an HTTP request; beyond: 413
 * @param idBytes of a user id; beyond: 400
 * @param topicsPerSession beyond: error
 * @param sessions on this node; beyond: 503 with Retry-After
 * @param sessionsPerUser on this node, 0 for no limit; beyond: 429
 * @param sessionsPerAddress on this node, 0 for no limit; beyond: 429
 * @param commandsPerSecond of one session; beyond: close 4029
 * @param publishBytesPerSecond of one session; beyond: close 4029
 * @param knownTopics how many names of topics once joined here are remembered
 * @param handshake from accept to the end of the request
 * @param pingInterval of silence before a ping
 * @param pongTimeout after a ping; beyond: closed
 * @param closeTimeout for the client's answer to our close
 * @param subscribeTimeout for the broker's confirmation before a session is admitted without it
 * @param backlogBytes waiting for one client beside its outlet; beyond: what the namespace's policy says
 * @param backlogTime how long it may wait there; beyond: likewise
 * @param recovery how many publications of a topic are read for one client at once; beyond: it is not recovered
 */
public record Limits(
        int messageBytes,
        int outletBytes,
        int headerBytes,
        int bodyBytes,
        int idBytes,
        int topicsPerSession,
        int sessions,
        int sessionsPerUser,
        int sessionsPerAddress,
        int commandsPerSecond,
        long publishBytesPerSecond,
        int knownTopics,
        Duration handshake,
        Duration pingInterval,
        Duration pongTimeout,
        Duration closeTimeout,
        Duration subscribeTimeout,
        int backlogBytes,
        Duration backlogTime,
        int recovery) {
    public static final Limits DEFAULT = new Change().limits();

    public Limits {
        if (messageBytes > outletBytes) {
            throw new IllegalArgumentException("limits.outlet_bytes (" + outletBytes
                    + ") must be able to hold one message of limits.message_bytes (" + messageBytes + ")");
        }
    }

    /** These, but for what is changed. */
    public Limits with(Consumer<Change> change) {
        var changed = new Change();
        changed.messageBytes = messageBytes;
        changed.outletBytes = outletBytes;
        changed.headerBytes = headerBytes;
        changed.bodyBytes = bodyBytes;
        changed.idBytes = idBytes;
        changed.topicsPerSession = topicsPerSession;
        changed.sessions = sessions;
        changed.sessionsPerUser = sessionsPerUser;
        changed.sessionsPerAddress = sessionsPerAddress;
        changed.commandsPerSecond = commandsPerSecond;
        changed.publishBytesPerSecond = publishBytesPerSecond;
        changed.knownTopics = knownTopics;
        changed.handshake = handshake;
        changed.pingInterval = pingInterval;
        changed.pongTimeout = pongTimeout;
        changed.closeTimeout = closeTimeout;
        changed.subscribeTimeout = subscribeTimeout;
        changed.backlogBytes = backlogBytes;
        changed.backlogTime = backlogTime;
        changed.recovery = recovery;
        change.accept(changed);
        return changed.limits();
    }

    /** Limits that are being changed, by their names; those of a node unless it is told otherwise. */
    public static final class Change {
        public int messageBytes = 64 << 10;
        public int outletBytes = 1 << 20;
        public int headerBytes = 16 << 10;
        public int bodyBytes = 1 << 20;
        public int idBytes = 200;
        public int topicsPerSession = 128;
        public int sessions = 200_000;
        public int sessionsPerUser;
        public int sessionsPerAddress;
        public int commandsPerSecond = 50_000;
        public long publishBytesPerSecond = 256L << 20;
        public int knownTopics = 10_000;
        public Duration handshake = Duration.ofSeconds(10);
        public Duration pingInterval = Duration.ofSeconds(25);
        public Duration pongTimeout = Duration.ofSeconds(10);
        public Duration closeTimeout = Duration.ofSeconds(5);
        public Duration subscribeTimeout = Duration.ofSeconds(2);
        public int backlogBytes = 1 << 20;
        public Duration backlogTime = Duration.ofSeconds(30);
        public int recovery = 300;

        private Change() {}

        private Limits limits() {
            return new Limits(
                    messageBytes,
                    outletBytes,
                    headerBytes,
                    bodyBytes,
                    idBytes,
                    topicsPerSession,
                    sessions,
                    sessionsPerUser,
                    sessionsPerAddress,
                    commandsPerSecond,
                    publishBytesPerSecond,
                    knownTopics,
                    handshake,
                    pingInterval,
                    pongTimeout,
                    closeTimeout,
                    subscribeTimeout,
                    backlogBytes,
                    backlogTime,
                    recovery);
        }
    }
}
