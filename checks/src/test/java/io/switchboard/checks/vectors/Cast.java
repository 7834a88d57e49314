package io.switchboard.checks.vectors;

import io.switchboard.checks.client.Deadline;
import io.switchboard.checks.client.Frame;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/** The clients of one vector, connected as its set-up says, and the fences that tell when all has arrived. */
final class Cast implements AutoCloseable {
    private static final AtomicInteger FENCES = new AtomicInteger();
    private static final Pattern RANGE = Pattern.compile("(\\D*)(\\d+)\\.\\.\\D*(\\d+)");
    private static final Duration QUIET = Duration.ofMillis(100);
    private static final Duration NOISE_MAX = Duration.ofSeconds(30);
    private static final long ROUND_NANOS = 10_000_000;

    private final Stage stage;
    private final Map<String, Player> players = new LinkedHashMap<>();

    Cast(Stage stage) {
        this.stage = stage;
    }

    /** Connects one client, or many that come and go, as the words behind the path say. */
    void join(Vector.Connection connection) {
        var words = connection.path().split(" ", 2);
        var manner = words.length == 1 ? "" : words[1];
        if (manner.isEmpty()) {
            var player = Player.join(connection.client(), uri(connection, words[0]));
            players.put(connection.client(), player);
        } else if (manner.equals("(never reads)")) {
            var player = Player.joinWithoutReading(connection.client(), uri(connection, words[0]));
            players.put(connection.client(), player);
        } else if (manner.startsWith("connect+close")) {
            comeAndGo(connection, words[0]);
        } else {
            throw new IllegalArgumentException("a client behaves as nobody understands yet: " + connection);
        }
    }

    /** One after the other, so that the node is empty in between. */
    private void comeAndGo(Vector.Connection connection, String path) {
        var range = RANGE.matcher(connection.client());
        if (!range.matches()) {
            throw new IllegalArgumentException("no range of clients: " + connection);
        }
        for (int i = Integer.parseInt(range.group(2)); i <= Integer.parseInt(range.group(3)); i++) {
            try (var player = Player.join(range.group(1) + i, uri(connection, path.replace("{i}", "" + i)))) {
                player.awaitPong(nextFence());
                player.leave();
            }
        }
    }

    private URI uri(Vector.Connection connection, String path) {
        return stage.node(connection.node()).uri(path);
    }

    Player player(String name) {
        var player = players.get(name);
        if (player == null) {
            throw new IllegalArgumentException("no client " + name + " among " + players.keySet());
        }
        return player;
    }

    Collection<Player> players() {
        return players.values();
    }

    /** A later connection of the same user on the same path takes its place. */
    boolean isReplaced(Player player) {
        var samePath = players.values().stream()
                .filter(other -> other.path().equals(player.path()))
                .toList();
        return samePath.getLast() != player;
    }

    void forget() {
        players.values().forEach(Player::forget);
    }

    /**
     * Sends fences through nodes and broker, again and again, until nothing new was heard for a while. A fence proves
     * what it overtook; the while covers what was still inside a node when the fence passed.
     */
    void settle() {
        var noise = Deadline.in(NOISE_MAX);
        var quiet = Deadline.in(QUIET);
        long known = -1;
        while (!quiet.passed()) {
            fence();
            long now = heardAndPublished();
            if (now != known) {
                known = now;
                quiet = Deadline.in(QUIET);
            }
            if (noise.passed()) {
                throw new AssertionError("still not quiet after " + NOISE_MAX);
            }
            LockSupport.parkNanos(ROUND_NANOS);
        }
    }

    /** Every client that listens hears one through its node and, if it listens to a channel, one through the broker. */
    private void fence() {
        for (var player : players.values()) {
            player.awaitPong(nextFence());
        }
        if (!stage.redisRuns()) {
            return;
        }
        for (var player : players.values()) {
            if (player.listens() && player.channel().isPresent()) {
                fenceThroughBroker(player, player.channel().get());
            }
        }
    }

    private void fenceThroughBroker(Player player, String channel) {
        var fence = nextFence();
        var to = channel.substring(channel.indexOf(':') + 1);
        stage.publish(
                channel,
                "{\"FromId\":\"" + Player.FENCE + "\",\"ToId\":" + quoted(to, channel) + ",\"Msg\":\"" + Player.FENCE
                        + fence + "\"}");
        player.awaitFence(fence);
    }

    private static String quoted(String to, String channel) {
        return channel.equals("all") ? "null" : '"' + to.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private long heardAndPublished() {
        long heard = players.values().stream()
                .mapToLong(player -> player.heard().size())
                .sum();
        long ended = players.values().stream().filter(Player::ended).count();
        return heard + ended + (stage.redisRuns() ? stage.traffic().size() : 0);
    }

    private static String nextFence() {
        return "#" + FENCES.incrementAndGet();
    }

    /** After an outage of the broker: until the nodes listen again for everybody who is still connected. */
    boolean isHeardByBroker() {
        return players.values().stream()
                .filter(Player::listens)
                .flatMap(player -> player.channel().stream())
                .allMatch(channel -> stage.subscribers(channel) > 0);
    }

    void send(Step.Send step) {
        var player = player(step.client());
        for (int i = 0; i < step.repeat(); i++) {
            Frame frame = step.frame(i);
            player.send(frame);
        }
    }

    @Override
    public void close() {
        players.values().forEach(Player::close);
    }
}
