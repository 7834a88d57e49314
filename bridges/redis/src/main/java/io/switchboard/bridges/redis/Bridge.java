package io.switchboard.bridges.redis;

import io.switchboard.backplane.Backplane;
import io.switchboard.backplane.BackplaneProvider.Settings;
import io.switchboard.backplane.Outgoing;
import io.switchboard.backplane.Remote;
import io.switchboard.backplane.WireFormat;
import io.switchboard.message.Topic;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The bridge's state, all of it on one event loop: which servers there are, the links to them, what is subscribed and
 * where each publication goes. There is one link per server, hence one order of all that this node publishes there;
 * receivers, which tell repeats by a window of sequences, rely on it.
 */
final class Bridge {
    static final String PERMISSIONS = "; an ACL user needs +publish +spublish +subscribe +unsubscribe +ssubscribe"
            + " +sunsubscribe +hello, and the channels &<cluster>:* and those of the published format";

    private static final int TICK_MILLIS = 100;
    private static final int HELD_UP_MILLIS = 1_000;
    private static final int LOCATE_SOON_MILLIS = 250;
    private static final int LOCATE_AGAIN_MILLIS = 10_000;
    private static final int ASK_AGAIN_MILLIS = 5_000;
    private static final long START_NANOS = System.nanoTime();

    private final Dialer dialer;
    private final Topology topology;
    private final Channels channels;
    private final WireFormat format;
    private final Tally tally;
    private final Spool spool;
    private final Backplane.Listener listener;
    private final Inbound inbound;
    private final RareLog log = new RareLog();
    private final ChannelIndex index = new ChannelIndex();
    private final Map<Topic, Subscription> subscriptions = new HashMap<>();
    private final Map<Address, Link> links = new LinkedHashMap<>();
    private final Set<PublishSide> written = new LinkedHashSet<>();
    private @Nullable Layout layout;
    private @Nullable Link home;
    private boolean locating;
    private boolean closed;
    private long locateAt;
    private long askAgainAt;
    private long interrupted;
    private long lastTick;
    private volatile boolean up;

    Bridge(
            Settings settings,
            Dialer dialer,
            Topology topology,
            Channels channels,
            Tally tally,
            Backplane.Listener listener) {
        this.dialer = dialer;
        this.topology = topology;
        this.channels = channels;
        this.format = settings.format();
        this.tally = tally;
        this.spool = new Spool(settings.spoolBytes(), settings.spoolTime().toMillis(), tally);
        this.listener = listener;
        this.inbound = new Inbound(this, listener, format, settings.self());
    }

    static boolean isPublished(WireFormat format, Topic topic) {
        return !format.equals(WireFormat.envelope()) && format.carries(topic);
    }

    Dialer dialer() {
        return dialer;
    }

    Channels channels() {
        return channels;
    }

    ChannelIndex index() {
        return index;
    }

    Inbound inbound() {
        return inbound;
    }

    Tally tally() {
        return tally;
    }

    RareLog log() {
        return log;
    }

    /** Monotonic milliseconds. */
    long now() {
        return (System.nanoTime() - START_NANOS) / 1_000_000;
    }

    /** From any thread. */
    boolean isUp() {
        return up;
    }

    void start() {
        lastTick = now();
        dialer.eventLoop().scheduleAtFixedRate(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
        locate();
    }

    private void tick() {
        long now = now();
        boolean heldUp = now - lastTick > HELD_UP_MILLIS;
        lastTick = now;
        if (closed) {
            throw new java.util.concurrent.CancellationException("the bridge is closed");
        }
        try {
            if (heldUp) {
                // Answers may have been waiting while this loop was: first read them, then judge.
                return;
            }
            List.copyOf(links.values()).forEach(link -> link.tick(now));
            spool.expire(now);
            if (now >= locateAt && !locating && (layout == null || topology.changes())) {
                locate();
            }
            if (now >= askAgainAt) {
                askAgainAt = now + ASK_AGAIN_MILLIS;
                subscriptions.values().forEach(this::place);
            }
        } catch (RuntimeException e) {
            RareLog.bug("the Redis bridge stumbled", e);
        }
    }

    // ---- where the servers are

    private void locate() {
        locating = true;
        topology.find(this::located, why -> {
            locating = false;
            locateAt = now() + LOCATE_SOON_MILLIS;
            log.warn("locate", why, now());
        });
    }

    private void locateSoon() {
        locateAt = Math.min(locateAt, now() + LOCATE_SOON_MILLIS);
    }

    private void located(Layout found) {
        locating = false;
        locateAt = now() + LOCATE_AGAIN_MILLIS;
        if (closed) {
            return;
        }
        layout = found;
        for (Address master : found.masters()) {
            Link known = links.get(master);
            if (known == null || known.sharded() != found.sharded()) {
                replace(known, new Link(this, master, found.firstTag(master), found.sharded()));
            }
        }
        List.copyOf(links.values()).stream()
                .filter(link -> !found.masters().contains(link.address()))
                .forEach(this::drop);
        if (home == null || !links.containsValue(home)) {
            home = links.values().stream().findFirst().orElse(null);
        }
        subscriptions.values().forEach(this::place);
        drainSpool();
        checkUp(found + " is not linked yet");
        links.values().forEach(link -> link.tick(now()));
    }

    private void replace(@Nullable Link old, Link fresh) {
        if (old != null) {
            drop(old);
        }
        links.put(fresh.address(), fresh);
    }

    private void drop(Link link) {
        links.remove(link.address());
        link.close();
        if (!links.isEmpty()) {
            RareLog.info(link + " is no longer a master");
        }
    }

    private @Nullable Link linkOf(Topic topic, boolean published) {
        Layout now = layout;
        if (now == null || published || !now.sharded()) {
            return home;
        }
        return now.owner(Channels.tag(topic)).map(links::get).orElse(null);
    }

    // ---- links

    void linkUp(Link link) {
        RareLog.info(link + ": linked");
        drainSpool();
        checkUp("");
    }

    void linkLost(Link link, String why) {
        log.warn("lost " + link, link + ": no link, trying again: " + why, now());
        checkUp(link + ": " + why);
        if (topology.changes()) {
            locateSoon();
            if (link == home && links.size() > 1) {
                // Any other node of the Cluster hears the same on classic channels.
                home = links.values().stream().filter(Link::isUp).findFirst().orElse(link);
                subscriptions.values().stream().filter(Subscription::published).forEach(this::place);
            }
        }
    }

    private void checkUp(String why) {
        boolean now = layout != null
                && !closed
                && interrupted == 0
                && !links.isEmpty()
                && links.values().stream().allMatch(Link::isUp);
        if (now == up) {
            return;
        }
        up = now;
        try {
            if (now) {
                listener.linkUp();
            } else {
                listener.linkDown(why);
            }
        } catch (RuntimeException e) {
            RareLog.bug("news of the link could not be told", e);
        }
    }

    // ---- subscriptions

    void subscribe(Topic topic, CompletableFuture<Void> confirmed) {
        if (closed) {
            confirmed.completeExceptionally(new IllegalStateException("the backplane is closed"));
            return;
        }
        Subscription subscription = subscriptions.get(topic);
        if (subscription == null) {
            boolean published = isPublished(format, topic);
            byte[] channel = published ? channels.publishedChannel(topic) : channels.nativeChannel(topic);
            subscription = new Subscription(topic, published, channel);
            subscriptions.put(topic, subscription);
            index.add(subscription);
            place(subscription);
        }
        subscription.awaitedBy(confirmed);
    }

    void unsubscribe(Topic topic) {
        Subscription subscription = subscriptions.remove(topic);
        if (subscription == null) {
            return;
        }
        index.remove(subscription);
        SubscribeSide side = subscription.side();
        if (side != null) {
            side.unsubscribe(subscription);
        }
        if (subscription.interrupted()) {
            interrupted--;
            checkUp("");
        }
        subscription.lost();
        subscription.release();
    }

    /** Asks for it where it belongs now, unless that has been done. */
    private void place(Subscription subscription) {
        Link link = linkOf(subscription.topic(), subscription.published());
        SubscribeSide target = link == null ? null : link.subscriber();
        SubscribeSide present = subscription.side();
        if (target == null || target == present) {
            return;
        }
        if (present != null) {
            present.unsubscribe(subscription);
            interrupt(subscription);
        }
        target.subscribe(subscription);
    }

    void subscribeAll(Link link, SubscribeSide side) {
        for (Subscription subscription : subscriptions.values()) {
            if (linkOf(subscription.topic(), subscription.published()) == link) {
                place(subscription);
            }
        }
    }

    void confirmed(Subscription subscription, SubscribeSide by) {
        if (subscription.side() != by) {
            return;
        }
        boolean again = subscription.interrupted();
        subscription.confirm();
        if (again && --interrupted == 0) {
            checkUp("");
        }
    }

    private void interrupt(Subscription subscription) {
        boolean before = subscription.interrupted();
        subscription.lost();
        if (!before && subscription.interrupted()) {
            interrupted++;
        }
    }

    /** The connection is gone, and all subscriptions with it. */
    void unconfirm(SubscribeSide side) {
        for (Subscription subscription : subscriptions.values()) {
            if (subscription.side() == side) {
                interrupt(subscription);
            }
        }
    }

    /** The server has given the channel's slot to another. */
    void moved(byte[] channel, SubscribeSide side) {
        Subscription subscription = index.find(channel);
        if (subscription != null && subscription.side() == side) {
            interrupt(subscription);
            checkUp("slots of the Cluster move");
            locateSoon();
        }
    }

    void refused(Subscription subscription, SubscribeSide by, RespValue.Failure failure) {
        if (subscription.side() == by) {
            interrupt(subscription);
            checkUp("a subscription was refused");
        }
        if (failure.is("MOVED") || failure.is("CLUSTERDOWN")) {
            locateSoon();
        } else {
            log.warn("subscribe", "Redis refuses a subscription: " + failure.text() + PERMISSIONS, now());
        }
    }

    // ---- publications

    void publish(List<? extends Outgoing> batch) {
        long now = now();
        for (Outgoing outgoing : batch) {
            if (closed) {
                tally.settle(outgoing, Remote.REFUSED);
            } else if (!written(outgoing, now)) {
                if (isPublished(format, outgoing.publication().topic())) {
                    tally.settle(outgoing, Remote.REFUSED);
                } else {
                    spool.add(outgoing, now);
                }
            }
        }
    }

    /** Sends what {@link #publish} wrote. */
    void flush() {
        if (!written.isEmpty()) {
            written.forEach(PublishSide::flush);
            written.clear();
        }
    }

    private boolean written(Outgoing outgoing, long now) {
        Topic topic = outgoing.publication().topic();
        boolean published = isPublished(format, topic);
        Link link = published && !up ? null : linkOf(topic, published);
        PublishSide side = link == null ? null : link.publisher();
        if (side == null) {
            return false;
        }
        side.publish(outgoing, published ? format : WireFormat.envelope(), published, now);
        written.add(side);
        return true;
    }

    private void drainSpool() {
        long now = now();
        spool.drain(outgoing -> written(outgoing, now));
        flush();
    }

    /** The server answered a command on the publishing connection with an error; nothing was published. */
    void refused(Link link, @Nullable Outgoing outgoing, RespValue.Failure failure) {
        boolean elsewhere = failure.is("MOVED") || failure.is("ASK");
        if (elsewhere || failure.is("CLUSTERDOWN") || failure.is("READONLY")) {
            locateSoon();
        }
        if (outgoing == null) {
            // A ping that was refused does not come back, and CLIENT KILL is a courtesy.
            return;
        }
        if (elsewhere && !isPublished(format, outgoing.publication().topic())) {
            spool.addReturned(outgoing, now());
            return;
        }
        tally.settle(outgoing, Remote.REFUSED);
        log.warn("publish", link + " refuses publications: " + failure.text() + cure(failure), now());
        if (failure.is("NOAUTH") || failure.is("READONLY")) {
            link.lost(failure.text(), false);
        }
    }

    private static String cure(RespValue.Failure failure) {
        if (failure.is("NOPERM")) {
            return PERMISSIONS;
        }
        if (failure.is("READONLY")) {
            return "; this is not a master any more: with several servers use redis-sentinel:// or redis-cluster://";
        }
        if (failure.is("LOADING")) {
            return "; it will answer when its data is loaded";
        }
        if (failure.is("OOM")) {
            return "; raise its maxmemory, or let it evict";
        }
        return "";
    }

    void close() {
        closed = true;
        up = false;
        List.copyOf(links.values()).forEach(Link::close);
        links.clear();
        spool.refuseAll();
        var why = new IllegalStateException("the backplane is closed");
        subscriptions.values().forEach(subscription -> subscription.fail(why));
        subscriptions.clear();
    }
}
