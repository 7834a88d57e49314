package io.switchboard.checks.components;

import io.switchboard.checks.client.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A Redis Cluster of three masters without replicas, so that losing one loses its slots until it is restarted. */
public final class RedisCluster implements AutoCloseable {
    private static final int MASTERS = 3;

    private final List<RedisServer> masters;

    private RedisCluster(List<RedisServer> masters) {
        this.masters = List.copyOf(masters);
    }

    public static RedisCluster start() {
        var masters = new ArrayList<RedisServer>();
        try {
            for (int i = 0; i < MASTERS; i++) {
                masters.add(RedisServer.startOnFreePort(_port -> memberSettings()));
            }
            var cluster = new RedisCluster(masters);
            cluster.join();
            return cluster;
        } catch (AssertionError e) {
            masters.forEach(RedisServer::close);
            throw e;
        }
    }

    private static RedisSettings memberSettings() {
        // The port of the bus is the port + 10,000 by default, which may be taken.
        return RedisSettings.plain()
                .with("--cluster-enabled", "yes")
                .with("--cluster-port", Integer.toString(Ports.free()))
                .with("--cluster-config-file", "nodes.conf")
                .with("--cluster-node-timeout", "2000")
                .with("--cluster-require-full-coverage", "no");
    }

    private void join() {
        var command = Stream.of(
                        Stream.of("redis-cli", "--cluster", "create"),
                        masters.stream().map(master -> master.host() + ":" + master.port()),
                        Stream.of("--cluster-replicas", "0", "--cluster-yes"))
                .flatMap(part -> part)
                .toList();
        try (var scratch = Scratch.create("cluster")) {
            Program.run("redis-cli --cluster create", scratch.path(), command);
        }
        awaitWhole();
    }

    /** Until every master says that the cluster is whole. */
    public void awaitWhole() {
        for (var master : masters) {
            Await.until(
                    "a whole cluster on port " + master.port(),
                    () -> information(master),
                    text -> text.contains("cluster_state:ok") && text.contains("cluster_slots_ok:16384"));
        }
    }

    public List<RedisServer> masters() {
        return masters;
    }

    /** The master that owns the slot of this key or sharded channel. */
    public RedisServer ownerOf(String key) {
        try (var wire = masters.getFirst().wire()) {
            long slot = wire.call("CLUSTER", "KEYSLOT", key).number();
            for (var range : wire.call("CLUSTER", "SLOTS").items()) {
                var parts = range.items();
                if (slot >= parts.get(0).number() && slot <= parts.get(1).number()) {
                    return masterOn((int) parts.get(2).items().get(1).number());
                }
            }
            throw new AssertionError("nobody owns slot " + slot);
        }
    }

    /** All masters, as {@code redis://} addresses with commas between. */
    public String uris() {
        return masters.stream().map(RedisServer::uri).collect(Collectors.joining(","));
    }

    @Override
    public void close() {
        masters.forEach(RedisServer::close);
    }

    private RedisServer masterOn(int port) {
        return masters.stream()
                .filter(master -> master.port() == port)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no master on port " + port));
    }

    private static String information(RedisServer master) {
        try (var wire = master.wire()) {
            return wire.call("CLUSTER", "INFO").text();
        }
    }
}
