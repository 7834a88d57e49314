package io.switchboard.protocols.centrifugal;

import io.switchboard.message.Message;
import io.switchboard.message.Topic;
import io.switchboard.protocol.Backend;
import io.switchboard.protocol.Instruction;
import io.switchboard.protocol.Request;
import io.switchboard.protocol.StreamEndpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a connection. It lives on the connection's loop.
 *
 * <pre>
 *   NEW --connect--> CONNECTING --it is somebody, and listens--> CONNECTED
 *                        '--an error--> REFUSED: no more is heard from it; it goes by itself, or is stale
 * </pre>
 */
final class Client {
    enum State {
        NEW,
        CONNECTING,
        CONNECTED,
        REFUSED
    }

    final Dialect dialect;

    /** As {@code websocket}: what the application is told. */
    final String transport;

    /** What it came with. */
    final Request request;

    /** Null where what it says comes the same way as what it hears. */
    final @Nullable Supplier<StreamEndpoint.Uplink> uplink;

    /** Whether the transport alone asks whether the client is there. */
    final boolean nativePing;

    /** What it says first, where that stood in the address; null where it has yet to say it. */
    @Nullable
    String introduction;

    State state = State.NEW;

    /** What the application said of it when it came. */
    @Nullable
    Message meta;

    /** When what is known of it ends, and whether the client is the one to renew it. */
    OptionalLong expiresAt = OptionalLong.empty();

    boolean refreshes;

    /** Counts the clocks that were set for that; only the last one counts. */
    int clock;

    /** The channels that its token named. */
    Set<Topic> granted = Set.of();

    /** What was wanted of it while it was connecting. */
    final List<Instruction> early = new ArrayList<>(0);

    private @Nullable Map<Topic, Sub> subs;

    /** Set while a ping waits for its answer, and how many there have been. */
    boolean pinged;

    int pings;

    /** Whether a command of it is under way, so that it cannot be heard. */
    boolean busy;

    /** Who it was to the application, for when it has gone; null if that wants to know nothing. */
    Backend.@Nullable Caller caller;

    Client(
            Dialect dialect,
            String transport,
            Request request,
            @Nullable Supplier<StreamEndpoint.Uplink> uplink,
            boolean nativePing) {
        this.dialect = dialect;
        this.transport = transport;
        this.request = request;
        this.uplink = uplink;
        this.nativePing = nativePing;
    }

    /** A channel that the client listens to, or is about to. */
    static final class Sub {
        /** Whether others decided that it does. */
        final boolean byServer;

        boolean active;
        OptionalLong expiresAt = OptionalLong.empty();

        /** Whether the client is the one to renew it. */
        boolean refreshes;

        /** Counts the clocks that were set for that; only the last one counts. */
        int clock;

        /** What others are told of it here. */
        @Nullable
        Message info;

        Sub(boolean byServer) {
            this.byServer = byServer;
        }
    }

    @Nullable
    Sub sub(Topic topic) {
        Map<Topic, Sub> all = subs;
        return all == null ? null : all.get(topic);
    }

    void put(Topic topic, Sub sub) {
        Map<Topic, Sub> all = subs;
        if (all == null) {
            all = new HashMap<>(4);
            subs = all;
        }
        all.put(topic, sub);
    }

    @Nullable
    Sub remove(Topic topic) {
        Map<Topic, Sub> all = subs;
        return all == null ? null : all.remove(topic);
    }

    /** Whether it listens to the topic in this very way, and not in a later one. */
    boolean has(Topic topic, Sub sub) {
        return sub(topic) == sub;
    }

    int subCount() {
        Map<Topic, Sub> all = subs;
        return all == null ? 0 : all.size();
    }

    Map<Topic, Sub> subs() {
        Map<Topic, Sub> all = subs;
        return all == null ? Map.of() : Map.copyOf(all);
    }
}
