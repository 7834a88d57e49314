package io.switchboard.checks.components;

import io.switchboard.checks.client.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * Everything that a Redis executes, in its order, by MONITOR on a connection of its own. A second connection sends a
 * mark and waits until it is seen: then everything executed before has been seen as well.
 */
public final class RedisMonitor implements AutoCloseable {
    private static final Set<String> ON_ONE_CHANNEL = Set.of("PUBLISH", "SPUBLISH");
    private static final Set<String> ON_CHANNELS =
            Set.of("SUBSCRIBE", "UNSUBSCRIBE", "SSUBSCRIBE", "SUNSUBSCRIBE", "PSUBSCRIBE", "PUNSUBSCRIBE");

    private final RedisWire watching;
    private final RedisWire marking;
    private final List<SeenCommand> seen = new ArrayList<>();
    private volatile String lastMark = "";

    private RedisMonitor(RedisWire watching, RedisWire marking) {
        this.watching = watching;
        this.marking = marking;
    }

    static RedisMonitor on(RedisWire watching, RedisWire marking) {
        var monitor = new RedisMonitor(watching, marking);
        watching.call("MONITOR").text();
        watching.waitForEver();
        Thread.ofVirtual().start(monitor::watch);
        return monitor;
    }

    /** All commands until now, without those of the monitor itself. */
    public List<SeenCommand> commands() {
        awaitMark();
        synchronized (seen) {
            return List.copyOf(seen);
        }
    }

    /** What happened on channels until now, one entry per operation and channel. */
    public List<Traffic> traffic(Predicate<String> channels) {
        return traffic(channels, _client -> true);
    }

    /** The same, of some clients only (addresses as {@link RedisWire#localAddress} gives them). */
    public List<Traffic> traffic(Predicate<String> channels, Predicate<String> clients) {
        var traffic = new ArrayList<Traffic>();
        for (var command : commands()) {
            if (clients.test(command.client())) {
                traffic.addAll(trafficOf(command));
            }
        }
        traffic.removeIf(one -> !channels.test(one.channel()));
        return traffic;
    }

    public List<Traffic> trafficOn(String channelPrefix) {
        return traffic(channel -> channel.startsWith(channelPrefix));
    }

    /** Forgets what was seen until now. */
    public void clear() {
        awaitMark();
        synchronized (seen) {
            seen.clear();
        }
    }

    @Override
    public void close() {
        watching.close();
        marking.close();
    }

    private static List<Traffic> trafficOf(SeenCommand command) {
        var traffic = new ArrayList<Traffic>();
        if (ON_ONE_CHANNEL.contains(command.name()) && command.arguments() == 2) {
            traffic.add(new Traffic(command.name(), command.argument(0), command.argument(1)));
        } else if (ON_CHANNELS.contains(command.name())) {
            for (int i = 0; i < command.arguments(); i++) {
                traffic.add(new Traffic(command.name(), command.argument(i), ""));
            }
        }
        return traffic;
    }

    private void awaitMark() {
        var mark = UUID.randomUUID().toString();
        marking.call("ECHO", mark).text();
        Await.until("the monitor to see mark " + mark, () -> lastMark, mark::equals);
    }

    private void watch() {
        try {
            while (watching.read() instanceof Reply.Status(var line)) {
                see(SeenCommand.parse(line));
            }
        } catch (RuntimeException _closed) {
            // Redis or the test ended the connection: a later mark will not be seen, and that says so.
        }
    }

    private void see(SeenCommand command) {
        if (command.client().equals(marking.localAddress())) {
            lastMark = command.argument(0);
            return;
        }
        synchronized (seen) {
            seen.add(command);
        }
    }
}
