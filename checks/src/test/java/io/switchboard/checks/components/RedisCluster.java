package io.switchboard.checks.components;

import io.switchboard.checks.client.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A Redis Cluster of three masters. Without replicas losing one loses its slots until it is restarted; with one each,
 * the replica takes over.
 */
public final class RedisCluster implements AutoCloseable {
    private static final int MASTERS = 3;

    private final List<RedisServer> members;
    private final List<RedisServer> masters;

    private RedisCluster(List<RedisServer> members) {
        this.members = List.copyOf(members);
        this.masters = List.copyOf(members.subList(0, MASTERS));
    }

    public static RedisCluster start() {
        return start(0);
    }

    /** Each master with a replica. */
    public static RedisCluster startReplicated() {
        return start(1);
    }

    private static RedisCluster start(int replicas) {
        var members = new ArrayList<RedisServer>();
        try {
            for (int i = 0; i < MASTERS * (1 + replicas); i++) {
                members.add(RedisServer.startOnFreePort(_port -> memberSettings()));
            }
            var cluster = new RedisCluster(members);
            cluster.join(replicas);
            return cluster;
        } catch (AssertionError e) {
            members.forEach(RedisServer::close);
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

    private void join(int replicas) {
        var command = Stream.of(
                        Stream.of("redis-cli", "--cluster", "create"),
                        members.stream().map(member -> member.host() + ":" + member.port()),
                        Stream.of("--cluster-replicas", Integer.toString(replicas), "--cluster-yes"))
                .flatMap(part -> part)
                .toList();
        try (var scratch = Scratch.create("cluster")) {
            Program.run("redis-cli --cluster create", scratch.path(), command);
        }
        awaitWhole();
    }

    /** Until every member says that the cluster is whole. */
    public void awaitWhole() {
        for (var master : members) {
            Await.until(
                    "a whole cluster on port " + master.port(),
                    () -> information(master),
                    text -> text.contains("cluster_state:ok") && text.contains("cluster_slots_ok:16384"));
        }
    }

    public List<RedisServer> masters() {
        return masters;
    }

    /** The replica that follows this master, when it has caught up. */
    public RedisServer replicaOf(RedisServer master) {
        return Await.until(
                        "a replica of " + master.port(),
                        () -> members.stream()
                                .filter(member -> replication(member).contains("\nmaster_port:" + master.port() + "\r"))
                                .filter(member -> replication(member).contains("master_link_status:up"))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    /** Another one that is master now. */
    public RedisServer masterBeside(RedisServer master) {
        return members.stream()
                .filter(member -> member != master && replication(member).contains("role:master"))
                .findFirst()
                .orElseThrow();
    }

    private static String replication(RedisServer member) {
        try (var wire = member.wire()) {
            return wire.call("INFO", "replication").text();
        }
    }

    /** {@code redis-cluster://host:port,host:port,...}, of all members. */
    public String uri() {
        return members.stream()
                .map(member -> member.host() + ":" + member.port())
                .collect(Collectors.joining(",", "redis-cluster://", ""));
    }

    /** The master that owns the slot of this key or sharded channel. */
    public RedisServer ownerOf(String key) {
        try (var wire = members.stream()
                .filter(RedisServer::alive)
                .findFirst()
                .orElseThrow()
                .wire()) {
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

    /** Without what it holds. Clients find out when they ask. */
    public void moveSlot(String key, RedisServer from, RedisServer to) {
        try (RedisWire source = from.wire();
                RedisWire target = to.wire()) {
            String slot = source.call("CLUSTER", "KEYSLOT", key).text();
            String fromId = source.call("CLUSTER", "MYID").text();
            String toId = target.call("CLUSTER", "MYID").text();
            target.call("CLUSTER", "SETSLOT", slot, "IMPORTING", fromId).text();
            source.call("CLUSTER", "SETSLOT", slot, "MIGRATING", toId).text();
            target.call("CLUSTER", "SETSLOT", slot, "NODE", toId).text();
            // Refused while it holds keys of the slot; it drops them when it hears from the other.
            source.call("CLUSTER", "SETSLOT", slot, "NODE", toId);
            Await.until(
                    "both to know",
                    () -> source.call("CLUSTER", "COUNTKEYSINSLOT", slot).text().equals("0"));
        }
    }

    /** All masters, as {@code redis://} addresses with commas between. */
    public String uris() {
        return masters.stream().map(RedisServer::uri).collect(Collectors.joining(","));
    }

    @Override
    public void close() {
        members.forEach(RedisServer::close);
    }

    private RedisServer masterOn(int port) {
        return members.stream()
                .filter(member -> member.port() == port)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no master on port " + port));
    }

    private static String information(RedisServer master) {
        try (var wire = master.wire()) {
            return wire.call("CLUSTER", "INFO").text();
        }
    }
}
