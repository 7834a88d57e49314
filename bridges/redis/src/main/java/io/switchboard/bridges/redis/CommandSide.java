package io.switchboard.bridges.redis;

import io.netty.buffer.ByteBuf;
import io.switchboard.backplane.Address;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A connection for commands. Replies come in the order of the commands. It dies when a reply does not come in time;
 * what was written may then have been done or not. Everything runs on the event loop.
 */
final class CommandSide implements RespConnection.Owner {
    /** Who is told of its life. */
    interface Owner {
        void greeted(CommandSide side, Greeting greeting);

        void died(CommandSide side, String why, boolean hopeless);
    }

    /** Who waits for a reply. */
    interface Asker {
        /** One of them is null: the connection's end if there is no reply. */
        void replied(@Nullable RespValue value, @Nullable Throwable failure);
    }

    private static final Pattern RUN_ID = Pattern.compile("(?m)^run_id:(\\w+)");

    private static final Pattern REPLICATION_ID = Pattern.compile("(?m)^master_replid:(\\w+)");
    private static final int WAITING_MAX = 100_000;
    private static final long PATIENCE_MILLIS = 2_000;
    private static final long LOOK_AGAIN_MILLIS = 500;
    private static final long LOOK_OLD_MILLIS = 3_000;

    private record Waiting(Asker asker, long since) {}

    private final Owner owner;
    private final Commander.Manner manner;
    private final Address address;
    private final RespConnection connection;
    private final RespBuffer out = new RespBuffer();
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();

    /** Which run of the server this is, where that matters. */
    private String run = "";

    private long lookedAt;
    private boolean looking;
    private boolean ready;

    CommandSide(Dialer dialer, Address address, Owner owner, Commander.Manner manner) {
        this.owner = owner;
        this.manner = manner;
        this.address = address;
        this.connection = dialer.dial(address, this);
    }

    Address address() {
        return address;
    }

    boolean greeted() {
        return ready && connection.greeted();
    }

    /**
     * What no other history of the data has: the process that keeps them, and since when it is the master. A replica
     * that is promoted gets another, also when it has been master before.
     */
    String run() {
        return run;
    }

    @Override
    public RespParser parser() {
        return manner.parser();
    }

    /** Written by {@link #flush}. */
    void call(Asker asker, long now, String... words) {
        if (greeted() && manner.knowsRun() && now - lookedAt > LOOK_OLD_MILLIS) {
            // This process was stopped: who knows what has become of the server.
            connection.die("it has not been looked at for a while");
        }
        if (!greeted() || waiting.size() >= WAITING_MAX) {
            asker.replied(null, new NotSentException("Redis is not linked, or too slow"));
            return;
        }
        write(asker, now, words);
    }

    private void write(Asker asker, long now, String... words) {
        out.command(manner.charset(), words);
        waiting.add(new Waiting(asker, now));
    }

    void flush() {
        connection.send(out);
    }

    /** Those who wait for a reply, in the order in which they asked. */
    void forEachWaiting(Consumer<Asker> action) {
        waiting.forEach(each -> action.accept(each.asker));
    }

    /** Gives up if the oldest command has waited too long. */
    void tick(long now) {
        Waiting oldest = waiting.peek();
        if (oldest != null && now - oldest.since > PATIENCE_MILLIS) {
            connection.die("no reply within " + PATIENCE_MILLIS + " ms");
        } else if (greeted() && manner.knowsRun() && !looking && now - lookedAt > LOOK_AGAIN_MILLIS) {
            looking = true;
            write(this::looked, now, "INFO", "replication");
            flush();
        }
    }

    /** A server may be made a replica, and a master again, without closing its connections. */
    private void looked(@Nullable RespValue reply, @Nullable Throwable failure) {
        looking = false;
        if (reply != null && !run.endsWith(found(REPLICATION_ID, reply))) {
            die("it is no longer the master it was");
        }
        lookedAt = Commander.now();
    }

    void die(String why) {
        connection.die(why);
    }

    void close(String why) {
        connection.close();
        for (Waiting one = waiting.poll(); one != null; one = waiting.poll()) {
            one.asker.replied(null, new IllegalStateException(why));
        }
    }

    @Override
    public void greeted(Greeting greeting) {
        if (!manner.knowsRun()) {
            ready = true;
            owner.greeted(this, greeting);
            return;
        }
        if (greeting.major() < manner.majorMin()) {
            connection.die(
                    "the " + manner.what() + " needs Redis " + manner.majorMin()
                            + " or later there, and this is Redis " + greeting.major()
                            + ": a Cluster must have sharded publish/subscribe; else take a single Redis, or Sentinel",
                    true);
            return;
        }
        long now = Commander.now();
        // First of all: a script that the server does not know yet would be overtaken by the next one.
        for (Script script : manner.scripts()) {
            write((reply, failure) -> {}, now, "SCRIPT", "LOAD", script.text());
        }
        write((reply, failure) -> run = found(RUN_ID, reply), now, "INFO", "server");
        write(
                (reply, failure) -> {
                    if (reply != null) {
                        found(greeting, found(REPLICATION_ID, reply));
                    }
                },
                now,
                "INFO",
                "replication");
        flush();
    }

    private void found(Greeting greeting, String replication) {
        run = run + "." + replication;
        if (run.equals(".")) {
            connection.die(
                    "it does not tell which run of Redis it is, without which lost histories would not show: "
                            + "allow INFO to this user (ACL SETUSER <user> +info)",
                    true);
            return;
        }
        lookedAt = Commander.now();
        ready = true;
        owner.greeted(this, greeting);
    }

    /** Empty if it does not say. */
    private static String found(Pattern pattern, @Nullable RespValue reply) {
        var matcher = pattern.matcher(reply == null ? "" : reply.asText());
        return matcher.find() ? matcher.group(1) : "";
    }

    @Override
    public void other(RespValue value) {
        Waiting first = waiting.poll();
        if (first == null) {
            connection.die("the server says: " + value.asText());
        } else {
            first.asker.replied(value, null);
        }
    }

    @Override
    public void number(long value) {
        other(new RespValue.Whole(value));
    }

    @Override
    public void readComplete() {}

    @Override
    public void died(String why, boolean hopeless) {
        close(why);
        owner.died(this, why, hopeless);
    }

    @Override
    public void message(ByteBuf in, int channel, int channelLength, int payload, int payloadLength) {
        connection.die("a message on a connection for commands");
    }

    @Override
    public void oversized(long payloadLength) {
        connection.die("a message on a connection for commands");
    }
}
