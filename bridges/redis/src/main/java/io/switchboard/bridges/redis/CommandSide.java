package io.switchboard.bridges.redis;

import io.netty.buffer.ByteBuf;
import io.switchboard.backplane.Address;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;

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

    private static final int WAITING_MAX = 100_000;
    private static final long PATIENCE_MILLIS = 2_000;

    private record Waiting(CompletableFuture<RespValue> reply, long since) {}

    private final Owner owner;
    private final RespConnection connection;
    private final RespBuffer out = new RespBuffer();
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();

    CommandSide(Dialer dialer, Address address, Owner owner) {
        this.owner = owner;
        this.connection = dialer.dial(address, this);
    }

    boolean greeted() {
        return connection.greeted();
    }

    /** Written by {@link #flush}. */
    void call(CompletableFuture<RespValue> reply, long now, String... words) {
        if (!greeted() || waiting.size() >= WAITING_MAX) {
            reply.completeExceptionally(new IllegalStateException("Redis is not linked, or too slow"));
            return;
        }
        out.command(words);
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
        owner.greeted(this, greeting);
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
