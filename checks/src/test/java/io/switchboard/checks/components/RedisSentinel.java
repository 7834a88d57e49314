package io.switchboard.checks.components;

import io.switchboard.checks.client.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A master and a replica, watched by three sentinels that agree on a new master when the old one is gone. */
public final class RedisSentinel implements AutoCloseable {
    public static final String MASTER_NAME = "mymaster";
    private static final int SENTINELS = 3;
    private static final int ATTEMPTS = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<RedisServer> servers;
    private final List<Sentinel> sentinels = new ArrayList<>();

    private RedisSentinel(List<RedisServer> servers) {
        this.servers = List.copyOf(servers);
    }

    private record Sentinel(int port, Program program, Scratch scratch) {
        RedisWire wire() {
            return RedisWire.connect("127.0.0.1", port);
        }

        void close() {
            program.close();
            scratch.close();
        }
    }

    public static RedisSentinel start() {
        var master = RedisServer.start();
        var replica = RedisServer.start(RedisSettings.plain().with("--replicaof", "127.0.0.1 " + master.port()));
        var group = new RedisSentinel(List.of(master, replica));
        try {
            Await.until(
                    "the replica to follow", PATIENCE, () -> replication(master).contains("state=online"));
            for (int i = 0; i < SENTINELS; i++) {
                group.sentinels.add(startSentinel(master.port()));
            }
            group.awaitAgreement();
            return group;
        } catch (AssertionError e) {
            group.close();
            throw e;
        }
    }

    private static Sentinel startSentinel(int masterPort) {
        for (int attempt = 1; ; attempt++) {
            int port = Ports.free();
            var scratch = Scratch.create("sentinel");
            var configuration = scratch.write("sentinel.conf", """
                    port %d
                    bind 127.0.0.1
                    sentinel monitor mymaster 127.0.0.1 %d 2
                    sentinel down-after-milliseconds mymaster 1000
                    sentinel failover-timeout mymaster 5000
                    """.formatted(port, masterPort));
            var program = Program.start(
                    "redis-sentinel:" + port, scratch.path(), List.of("redis-sentinel", configuration.toString()));
            try {
                program.awaitLine("that it watches", line -> line.contains("+monitor master"));
                return new Sentinel(port, program, scratch);
            } catch (AssertionError e) {
                program.close();
                scratch.close();
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private void awaitAgreement() {
        for (var sentinel : sentinels) {
            Await.until(
                    "the sentinel on port " + sentinel.port() + " to know the others and the replica",
                    PATIENCE,
                    () -> state(sentinel),
                    state ->
                            state.contains("num-other-sentinels=" + (SENTINELS - 1)) && state.contains("num-slaves=1"));
        }
    }

    /** {@code redis-sentinel://host:port,host:port,host:port/0#mymaster}. */
    public String uri() {
        var addresses = sentinels.stream()
                .map(sentinel -> "127.0.0.1:" + sentinel.port())
                .collect(Collectors.joining(","));
        return "redis-sentinel://" + addresses + "/0#" + MASTER_NAME;
    }

    /** Who is master now, as the sentinels see it. */
    public RedisServer master() {
        return serverOn(masterPort());
    }

    /** Who follows it. */
    public RedisServer replica() {
        var master = master();
        return servers.stream().filter(server -> server != master).findFirst().orElseThrow();
    }

    /** Kills the master and waits until the other server has taken over. */
    public RedisServer failOver() {
        var old = master();
        old.kill9();
        var promoted =
                servers.stream().filter(server -> server != old).findFirst().orElseThrow();
        awaitMaster(promoted);
        return promoted;
    }

    /** Until the sentinels, and it, say that it is the master. */
    public void awaitMaster(RedisServer server) {
        Await.until("a new master", PATIENCE, this::masterPort, now -> now == server.port());
        Await.until(
                "the new master to know its role",
                PATIENCE,
                () -> replication(server).contains("role:master"));
    }

    /** Until it follows the other, having been started again. */
    public void awaitFollower(RedisServer server) {
        Await.until("it to follow", PATIENCE, () -> replication(server).contains("master_link_status:up"));
    }

    @Override
    public void close() {
        sentinels.forEach(Sentinel::close);
        servers.forEach(RedisServer::close);
    }

    private int masterPort() {
        try (var wire = sentinels.getFirst().wire()) {
            var address = wire.call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", MASTER_NAME);
            return (int) address.items().get(1).number();
        }
    }

    private RedisServer serverOn(int port) {
        return servers.stream()
                .filter(server -> server.port() == port)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no server on port " + port));
    }

    private static List<String> state(Sentinel sentinel) {
        try (var wire = sentinel.wire()) {
            var words = wire.call("SENTINEL", "MASTER", MASTER_NAME).items();
            var pairs = new ArrayList<String>();
            for (int i = 0; i + 1 < words.size(); i += 2) {
                pairs.add(words.get(i).text() + "=" + words.get(i + 1).text());
            }
            return pairs;
        }
    }

    private static String replication(RedisServer server) {
        try (var wire = server.wire()) {
            return wire.call("INFO", "replication").text();
        }
    }
}
