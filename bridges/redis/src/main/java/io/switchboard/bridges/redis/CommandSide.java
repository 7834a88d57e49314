package io.switchboard.bridges.redis;

import io.netty.buffer.ByteBuf;
import io.switchboard.backplane.Address;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

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

    private static final Pattern RUN_ID = Pattern.compile("(?m)^run_id:(\\w+)");
    private static final int WAITING_MAX = 100_000;
    private static final long PATIENCE_MILLIS = 2_000;

    private record Waiting(CompletableFuture<RespValue> reply, long since) {}

    private final Owner owner;
    private final Commander.Manner manner;
    private final RespConnection connection;
    private final RespBuffer out = new RespBuffer();
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();

    /** Which run of the server this is, where that matters; empty if it does not say. */
    private String run = "";

    private boolean ready;

    CommandSide(Dialer dialer, Address address, Owner owner, Commander.Manner manner) {
        this.owner = owner;
        this.manner = manner;
        this.connection = dialer.dial(address, this);
    }

    boolean greeted() {
        return ready && connection.greeted();
    }

    String run() {
        return run;
    }

    @Override
    public RespParser parser() {
        return manner.parser();
    }

    /** Written by {@link #flush}. */
    void call(CompletableFuture<RespValue> reply, long now, String... words) {
        if (!greeted() || waiting.size() >= WAITING_MAX) {
            reply.completeExceptionally(new NotSentException("Redis is not linked, or too slow"));
            return;
        }
        write(reply, now, words);
    }

    private void write(CompletableFuture<RespValue> reply, long now, String... words) {
        out.command(manner.charset(), words);
        waiting.add(new Waiting(reply, now));
    }

    void flush() {
        connection.send(out);
    }

    /** Gives up if the oldest command has waited too long. */
    void tick(long now) {
        Waiting oldest = waiting.peek();
        if (oldest != null && now - oldest.since > PATIENCE_MILLIS) {
            connection.die("no reply within " + PATIENCE_MILLIS + " ms");
        }
    }

    void close(String why) {
        connection.close();
        for (Waiting one = waiting.poll(); one != null; one = waiting.poll()) {
            one.reply.completeExceptionally(new IllegalStateException(why));
        }
    }

    @Override
    public void greeted(Greeting greeting) {
        if (manner.scripts().isEmpty()) {
            ready = true;
            owner.greeted(this, greeting);
            return;
        }
        long now = Commander.now();
        // First of all: a script that the server does not know yet would be overtaken by the next one.
        for (Script script : manner.scripts()) {
            write(new CompletableFuture<>(), now, "SCRIPT", "LOAD", script.text());
        }
        var info = new CompletableFuture<RespValue>();
        info.thenAccept(reply -> {
            run = RUN_ID.matcher(reply.asText())
                    .results()
                    .map(found -> found.group(1))
                    .findFirst()
                    .orElse("");
            ready = true;
            owner.greeted(this, greeting);
        });
        write(info, now, "INFO", "server");
        flush();
    }

    @Override
    public void other(RespValue value) {
        Waiting first = waiting.poll();
        if (first == null) {
            connection.die("the server says: " + value.asText());
        } else {
            first.reply.complete(value);
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
