package io.switchboard.bridges.redis;

import io.netty.buffer.ByteBuf;
import io.switchboard.backplane.WireFormat;
import io.switchboard.message.Topic;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What this node listens to. Each topic is asked for at the server it belongs to, again after every loss, until Redis
 * confirms; only then do those hear of it who wait. While one that was in force is not, the backplane is not up.
 */
final class Subscriptions {
    private final Bridge bridge;
    private final Channels channels;
    private final WireFormat format;
    private final Map<Topic, Subscription> byTopic = new HashMap<>();
    private final ChannelIndex byChannel = new ChannelIndex();
    /** Were in force once, and are not now. May be asked from any thread. */
    private final Set<Topic> interrupted = ConcurrentHashMap.newKeySet();

    Subscriptions(Bridge bridge, Channels channels, WireFormat format) {
        this.bridge = bridge;
        this.channels = channels;
        this.format = format;
    }

    boolean areInForce() {
        return interrupted.isEmpty();
    }

    /** From any thread. */
    boolean isInForce(Topic topic) {
        return !interrupted.contains(topic);
    }

    @Nullable
    Subscription find(ByteBuf in, int channel, int channelLength) {
        return byChannel.find(in, channel, channelLength);
    }

    void subscribe(Topic topic, CompletableFuture<Void> confirmed) {
        Subscription subscription = byTopic.get(topic);
        if (subscription == null) {
            boolean published = format.publishes(topic);
            byte[] channel = published ? channels.publishedChannel(topic) : channels.nativeChannel(topic);
            subscription = new Subscription(topic, published, channel);
            byTopic.put(topic, subscription);
            byChannel.add(subscription);
            place(subscription);
        }
        subscription.awaitedBy(confirmed);
    }

    void unsubscribe(Topic topic) {
        Subscription subscription = byTopic.remove(topic);
        if (subscription == null) {
            return;
        }
        byChannel.remove(subscription);
        SubscribeSide side = subscription.side();
        if (side != null) {
            side.unsubscribe(subscription);
        }
        interrupted.remove(topic);
        subscription.lost();
        subscription.release();
        bridge.checkUp("");
    }

    /** Asks for each where it belongs now, unless that has been done. */
    void placeAll() {
        byTopic.values().forEach(this::place);
    }

    /** A link can be asked. */
    void placeOn(Link link) {
        for (Subscription subscription : byTopic.values()) {
            if (link.equals(linkOf(subscription))) {
                place(subscription);
            }
        }
    }

    private @Nullable Link linkOf(Subscription subscription) {
        return bridge.linkOf(subscription.tag());
    }

    private void place(Subscription subscription) {
        Link link = linkOf(subscription);
        SubscribeSide target = link == null ? null : link.subscriber();
        SubscribeSide present = subscription.side();
        if (target == null || target.equals(present)) {
            return;
        }
        if (present != null) {
            present.unsubscribe(subscription);
            interrupt(subscription);
        }
        target.subscribe(subscription);
    }

    void confirmed(Subscription subscription, SubscribeSide by) {
        if (by.equals(subscription.side())) {
            interrupted.remove(subscription.topic());
            subscription.confirm();
            bridge.checkUp("");
        }
    }

    /** Redis will not have it, for now. */
    void refused(Subscription subscription, SubscribeSide by, RespValue.Failure failure) {
        if (by.equals(subscription.side())) {
            interrupt(subscription);
            bridge.checkUp("a subscription was refused: " + failure.text());
        }
        if (failure.is("MOVED") || failure.is("CLUSTERDOWN")) {
            bridge.locateSoon();
        } else {
            bridge.log()
                    .warn(
                            "subscribe",
                            "Redis refuses a subscription, which is tried again: " + failure.text()
                                    + Channels.PERMISSIONS,
                            bridge.now());
        }
    }

    /** The server has given the channel's slot to another. */
    void moved(byte[] channel, SubscribeSide by) {
        Subscription subscription = byChannel.find(channel);
        if (subscription != null && by.equals(subscription.side())) {
            interrupt(subscription);
            bridge.checkUp("slots of the Cluster move");
            bridge.locateSoon();
        }
    }

    /** The connection is gone, and all its subscriptions with it. */
    void lost(SubscribeSide side) {
        for (Subscription subscription : byTopic.values()) {
            if (side.equals(subscription.side())) {
                interrupt(subscription);
            }
        }
    }

    private void interrupt(Subscription subscription) {
        subscription.lost();
        if (subscription.interrupted()) {
            interrupted.add(subscription.topic());
        }
    }

    void close() {
        var why = new IllegalStateException("the backplane is closed");
        byTopic.values().forEach(subscription -> subscription.fail(why));
        byTopic.clear();
    }
}
