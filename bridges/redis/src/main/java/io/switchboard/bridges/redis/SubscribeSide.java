package io.switchboard.bridges.redis;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * The connection that listens. Commands name one channel each, so replies, confirmations and errors alike, come in the
 * order of the commands, and each belongs to the oldest that waits.
 */
final class SubscribeSide implements RespConnection.Owner {
    /** What the next reply is about. */
    private sealed interface Expected {
        record Confirmation(Subscription subscription) implements Expected {}

        record Removal(Subscription subscription) implements Expected {}

        record Pings() implements Expected {}

        record Spreads() implements Expected {}
    }

    private static final int PING_BYTES_MAX = 20;

    private final Bridge bridge;
    private final Link link;
    private final RespConnection connection;
    private final RespBuffer out = new RespBuffer();
    private final Deque<Expected> expected = new ArrayDeque<>();
    private final byte[] pings;
    private final byte[] spreads;
    private boolean flushing;
    private long heardAt;

    SubscribeSide(Bridge bridge, Link link) {
        this.bridge = bridge;
        this.link = link;
        this.pings = link.pingChannel();
        this.spreads = bridge.channels().spreadChannel();
        this.connection = bridge.dialer().dial(link.address(), this);
    }

    RespConnection connection() {
        return connection;
    }

    void subscribe(Subscription subscription) {
        subscription.asked(this);
        command(sharded(subscription) ? "SSUBSCRIBE" : "SUBSCRIBE", subscription.channel());
        expect(new Expected.Confirmation(subscription));
    }

    void unsubscribe(Subscription subscription) {
        command(sharded(subscription) ? "SUNSUBSCRIBE" : "UNSUBSCRIBE", subscription.channel());
        expect(new Expected.Removal(subscription));
    }

    void subscribePings() {
        command(link.sharded() ? "SSUBSCRIBE" : "SUBSCRIBE", pings);
        expect(new Expected.Pings());
    }

    void subscribeSpreads() {
        command("SUBSCRIBE", spreads);
        expect(new Expected.Spreads());
    }

    private void expect(Expected reply) {
        if (expected.isEmpty()) {
            heardAt = bridge.now();
        }
        expected.add(reply);
    }

    private boolean sharded(Subscription subscription) {
        return link.sharded() && !subscription.published();
    }

    private void command(String name, byte[] channel) {
        out.command(2, name);
        out.word(channel);
        if (!flushing) {
            // After whatever else this turn of the loop asks for.
            flushing = true;
            bridge.dialer().eventLoop().execute(this::flush);
        }
    }

    private void flush() {
        flushing = false;
        connection.send(out);
    }

    /** Since when a reply is overdue; {@code now} if none is. */
    long waitingSince(long now) {
        return expected.isEmpty() ? now : heardAt;
    }

    void close() {
        connection.close();
        bridge.inbound().flush();
    }

    @Override
    public void greeted(Greeting greeting) {
        link.greeted(greeting);
    }

    @Override
    public void message(ByteBuf in, int channel, int channelLength, int payload, int payloadLength) {
        var subscription = bridge.subscriptions().find(in, channel, channelLength);
        if (subscription != null) {
            bridge.inbound().hear(subscription, in, payload, payloadLength, link.repeats());
            return;
        }
        byte[] name = new byte[channelLength];
        in.getBytes(channel, name);
        if (Arrays.equals(name, pings)) {
            pong(in.toString(payload, Math.min(payloadLength, PING_BYTES_MAX), StandardCharsets.US_ASCII));
        } else if (Arrays.equals(name, spreads)) {
            int length = Math.min(payloadLength, SpreadList.BYTES_MAX);
            bridge.heardSpread(in.toString(payload, length, StandardCharsets.UTF_8));
        }
        // Else it was on its way when the topic was unsubscribed.
    }

    private void pong(String number) {
        try {
            link.pong(Long.parseLong(number));
        } catch (NumberFormatException _foreign) {
            bridge.inbound().garbage("a ping that is not ours");
        }
    }

    @Override
    public void oversized(long payloadLength) {
        bridge.inbound().garbage("a message of " + payloadLength + " bytes, skipped");
    }

    @Override
    public void other(RespValue value) {
        heardAt = bridge.now();
        if (value instanceof RespValue.Failure failure) {
            refused(failure);
            return;
        }
        List<RespValue> items = value.asItems();
        String kind = items.isEmpty() ? value.asText() : items.getFirst().asText();
        switch (kind) {
            case "subscribe", "ssubscribe" -> confirmed();
            case "unsubscribe" -> expected.poll();
            case "sunsubscribe" -> unsubscribed(items.get(1).asText());
            default -> connection.die("the server says: " + kind);
        }
    }

    private void confirmed() {
        switch (expected.poll()) {
            case Expected.Confirmation(var subscription) ->
                bridge.subscriptions().confirmed(subscription, this);
            case Expected.Pings() -> link.pingsHeard();
            case Expected.Spreads() -> {}
            case null, default -> connection.die("a confirmation of nothing");
        }
    }

    /** The reply to our command; else the server has given the channel's slot away. */
    private void unsubscribed(String channel) {
        byte[] name = channel.getBytes(StandardCharsets.UTF_8);
        if (expected.peek() instanceof Expected.Removal(var subscription)
                && Arrays.equals(subscription.channel(), name)) {
            expected.poll();
        } else if (Arrays.equals(name, pings)) {
            connection.die("the slot of the ping has moved");
        } else {
            bridge.subscriptions().moved(name, this);
        }
    }

    private void refused(RespValue.Failure failure) {
        switch (expected.poll()) {
            case Expected.Confirmation(var subscription) ->
                bridge.subscriptions().refused(subscription, this, failure);
            case Expected.Spreads() ->
                bridge.log()
                        .warn(
                                "spreads",
                                "nodes with other lists of servers cannot be found out: " + failure.text()
                                        + Channels.PERMISSIONS,
                                bridge.now());
            case Expected.Pings() ->
                connection.die(
                        "the server does not let us listen to our own pings: " + failure.text() + Channels.PERMISSIONS,
                        true);
            case null, default -> connection.die("the server says: " + failure.text());
        }
    }

    @Override
    public void number(long value) {
        connection.die("a number on the connection that listens");
    }

    @Override
    public void readComplete() {
        bridge.inbound().flush();
    }

    @Override
    public void died(String why, boolean hopeless) {
        link.lost(why, hopeless);
    }
}
