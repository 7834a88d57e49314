package io.switchboard.transport.connection;

import io.netty.channel.WriteBufferWaterMark;
import io.switchboard.hub.Hub;
import io.switchboard.hub.Limits;
import io.switchboard.metrics.Meters;
import io.switchboard.transport.loop.ServerLoop;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;

/** What all connections of a server share once they are let in: the hub, the limits, and what is counted. */
public final class Connections {
    static final int JITTER_PARTS = 8;

    /** Stands for a close frame without a code. */
    static final int NO_CODE = 1005;

    private static final List<Integer> CODES =
            List.of(1000, 1001, 1002, 1003, NO_CODE, 1007, 1009, 1011, 4001, 4008, 4010, 4011, 4029);

    final Hub hub;
    final Limits limits;
    final LongAdder framesIn;
    final LongAdder bytesIn;
    final LongAdder pings;
    final LongAdder dead;
    final LongAdder open = new LongAdder();
    final LongAdder streamsIn;
    final LongAdder streams = new LongAdder();

    /** Connections that could not send all they had when it was last tried, and some that could since. */
    final Set<FrameSender> waiting = ConcurrentHashMap.newKeySet();

    /** When a channel counts as full, and when as drained. */
    final WriteBufferWaterMark marks;

    private final LongAdder otherCodes;
    private final Map<Integer, LongAdder> codes = new HashMap<>();

    public Connections(Hub hub, Limits limits, Meters meters) {
        this.hub = hub;
        this.limits = limits;
        framesIn = meters.counter("switchboard.frames.in", "WebSocket frames received");
        bytesIn = meters.counter("switchboard.bytes.in", "Bytes received on WebSockets");
        pings = meters.counter("switchboard.pings", "Pings sent to silent clients");
        dead = meters.counter("switchboard.peers.dead", "Clients that did not answer a ping");
        meters.gauge("switchboard.websockets", "Open WebSocket connections", open::sum);
        streamsIn = meters.counter("switchboard.streams.in", "Messages of clients that listen over plain HTTP");
        meters.gauge("switchboard.streams", "Open answers over plain HTTP that go on", streams::sum);
        String help = "Close frames sent, by code";
        CODES.forEach(code -> codes.put(code, meters.counter("switchboard.closes", help, "code", code.toString())));
        marks = new WriteBufferWaterMark(limits.outletBytes() / 4, limits.outletBytes() / 2);
        meters.gauge("switchboard.outlet.bytes", "Bytes that wait in outlets, encoded", this::bytesWaiting);
        otherCodes = meters.counter("switchboard.closes", help, "code", "other");
    }

    /** Clients may close with any code: only those we know get a counter of their own. */
    void countClose(int code) {
        codes.getOrDefault(code, otherCodes).increment();
    }

    /** Asked from time to time; forgets those for which nothing waits any more. */
    private long bytesWaiting() {
        waiting.removeIf(connection -> connection.waiting() == 0);
        return waiting.stream().mapToLong(FrameSender::waiting).sum();
    }

    /** Somewhat earlier than the limit says, by chance: clients that came at the same time are not asked at once. */
    int untilPing(ServerLoop loop, int silent) {
        int interval = loop.ticks(limits.pingInterval());
        int jitter = ThreadLocalRandom.current().nextInt(interval / JITTER_PARTS + 1);
        return Math.max(1, interval - jitter - silent);
    }
}
