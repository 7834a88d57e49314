package io.switchboard.transport.loop;

import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.switchboard.hub.Limits;
import io.switchboard.loop.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One event loop as a server's connections share it: its number, its timers, and what it does at the end of a turn. */
public final class ServerLoop {
    /** No delay that is asked for is longer, but for those among the limits. */
    public static final long LONGEST_MILLIS = 30_000;

    private static final int TICKS_PER_DEADLINE = 16;
    private static final long TICK_MILLIS_MAX = 1_000;
    private static final long TICK_MILLIS_MIN = 5;

    /** Something that was written to and not yet flushed. */
    public interface Unflushed {
        void flushNow();
    }

    private final int index;
    private final Loop loop;
    private final Wheel wheel;
    private final long tickMillis;
    private final List<Unflushed> unflushed = new ArrayList<>();
    private final Runnable flushAll = this::flushAll;
    private final @Nullable DirectReads reads;

    public ServerLoop(int index, Loop loop, Limits limits) {
        this.index = index;
        this.loop = loop;
        this.reads = loop.unwrap(DirectReads.class).orElse(null);
        long[] deadlines = Stream.of(
                        limits.handshake(), limits.pingInterval(), limits.pongTimeout(), limits.closeTimeout())
                .mapToLong(Duration::toMillis)
                .filter(millis -> millis > 0)
                .sorted()
                .toArray();
        long shortest = deadlines.length == 0 ? TICK_MILLIS_MAX : deadlines[0];
        long longest = deadlines.length == 0 ? 0 : deadlines[deadlines.length - 1];
        tickMillis = Math.clamp(shortest / TICKS_PER_DEADLINE, TICK_MILLIS_MIN, TICK_MILLIS_MAX);
        wheel = new Wheel(loop, tickMillis, (int)
                Math.min(Integer.MAX_VALUE / 4, Math.max(longest, LONGEST_MILLIS) / tickMillis + 1));
    }

    /** Its number among the node's loops, which is that of the hub's shard. */
    public int index() {
        return index;
    }

    public Loop loop() {
        return loop;
    }

    public Wheel wheel() {
        return wheel;
    }

    /** How many ticks of the wheel are at least that long; 0 for a duration of zero. */
    public int ticks(Duration duration) {
        return (int) Math.min(Integer.MAX_VALUE / 4, (duration.toMillis() + tickMillis - 1) / tickMillis);
    }

    /** Lets it read past Netty, where that is possible. */
    public void readDirectly(Channel channel, DirectReads.Reader reader) {
        if (reads != null && channel instanceof EpollSocketChannel epoll) {
            reads.begin(epoll, reader);
        }
    }

    /** Flushes it once, after what is now running and already waiting to run on this loop. */
    public void flushAtEndOfTurn(Unflushed written) {
        if (unflushed.isEmpty()) {
            loop.execute(flushAll);
        }
        unflushed.add(written);
    }

    private void flushAll() {
        for (int i = 0; i < unflushed.size(); i++) {
            unflushed.get(i).flushNow();
        }
        unflushed.clear();
    }
}
