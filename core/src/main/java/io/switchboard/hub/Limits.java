package io.switchboard.hub;

import java.time.Duration;

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
    private static final int RECOVERY = 300;

    public static final Limits DEFAULT = new Limits(
            64 << 10,
            1 << 20,
            16 << 10,
            1 << 20,
            200,
            128,
            200_000,
            0,
            0,
            50_000,
            256L << 20,
            10_000,
            Duration.ofSeconds(10),
            Duration.ofSeconds(25),
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            Duration.ofSeconds(2));

    /** With a backlog as large as the outlet. */
    public Limits(
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
            Duration subscribeTimeout) {
        this(
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
                outletBytes,
                Duration.ofSeconds(30),
                RECOVERY);
    }

    public Limits withBacklog(int bytes, Duration time) {
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
                bytes,
                time,
                recovery);
    }

    public Limits withRecovery(int publications) {
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
                publications);
    }

    public Limits {
        if (messageBytes > outletBytes) {
            throw new IllegalArgumentException("limits.outlet_bytes (" + outletBytes
                    + ") must be able to hold one message of limits.message_bytes (" + messageBytes + ")");
        }
    }
}
