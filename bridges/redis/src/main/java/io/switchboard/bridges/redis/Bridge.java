package io.switchboard.bridges.redis;

import io.netty.util.concurrent.ScheduledFuture;
import io.switchboard.backplane.Address;
import io.switchboard.backplane.Backplane;
import io.switchboard.backplane.BackplaneProvider.Settings;
import io.switchboard.backplane.RareLog;
import io.switchboard.backplane.Reception;
import io.switchboard.backplane.Tally;
import io.switchboard.message.Topic;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The bridge's state, all of it on one event loop: which servers there are, and the links to them. There is one link
 * per server, hence one order of all that this node publishes there; receivers, which tell repeats by a window of
 * sequences, rely on it. One coarse tick serves every deadline.
 */
final class Bridge {
    private static final int TICK_MILLIS = 100;
    private static final int HELD_UP_MILLIS = 1_000;
    private static final int LOCATE_SOON_MILLIS = 250;
    private static final int LOCATE_AGAIN_MILLIS = 10_000;
    private static final int PLACE_AGAIN_MILLIS = 5_000;
    private static final long START_NANOS = System.nanoTime();

    private final Dialer dialer;
    private final Topology topology;
    private final Channels channels;
    private final Tally tally;
    private final Backplane.Listener listener;
    private final Inbound inbound;
    private final Subscriptions subscriptions;
    private final Publications publications;
    private final RareLog log;
    private final LongAdder otherSpreads;
    private final Map<Address, Link> links = new LinkedHashMap<>();
    private final @Nullable SpreadList spread;
    private volatile @Nullable Layout layout;
    private volatile Set<Address> reached = Set.of();
    private @Nullable Link home;
    private @Nullable ScheduledFuture<?> ticking;
    private boolean locating;
    private boolean closed;
    private long locatedAt;
    private long locateAt;
    private long placeAgainAt;
    private long lastTick;
    private volatile boolean up;

    Bridge(
            Settings settings,
            Dialer dialer,
            Topology topology,
            Channels channels,
            @Nullable SpreadList spread,
            Tally tally,
            RareLog log,
            Backplane.Listener listener,
            boolean hearsOwn) {
        this.dialer = dialer;
        this.topology = topology;
        this.channels = channels;
        this.spread = spread;
        this.tally = tally;
        this.log = log;
        this.listener = listener;
        this.otherSpreads = settings.meters()
                .counter(
                        "switchboard.backplane.other.spreads",
                        "Times a node was heard that spreads topics over other servers than this one.");
        this.inbound = new Inbound(
                this, listener, new Reception("Redis", settings.format(), settings.self(), tally, log, hearsOwn));
        this.subscriptions = new Subscriptions(this, channels, settings.format());
        this.publications = new Publications(this, settings, tally);
    }

    Dialer dialer() {
        return dialer;
    }

    Channels channels() {
        return channels;
    }

    Inbound inbound() {
        return inbound;
    }

    Subscriptions subscriptions() {
        return subscriptions;
    }

    Publications publications() {
        return publications;
    }

    /** The servers topics are spread over; null unless the URI says so. */
    @Nullable
    SpreadList spread() {
        return spread;
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

    /** Whether nothing that is published to the topic now is missed. From any thread. */
    boolean isUp(Topic topic, boolean published) {
        Layout known = layout;
        if (up || published || known == null || known.isOne()) {
            return up;
        }
        return known.owner(Channels.tag(topic)).map(reached::contains).orElse(false) && subscriptions.isInForce(topic);
    }

    /** The servers, and whether each is linked. From any thread. */
    List<Backplane.LinkState> linkStates() {
        Layout known = layout;
        Set<Address> now = reached;
        return known == null
                ? List.of()
                : known.masters().stream()
                        .map(server -> new Backplane.LinkState(server.toString(), now.contains(server)))
                        .toList();
    }

    boolean isClosed() {
        return closed;
    }

    void start() {
        if (closed) {
            return;
        }
        lastTick = now();
        ticking = dialer.eventLoop().scheduleAtFixedRate(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
        locate();
    }

    private void tick() {
        long now = now();
        boolean heldUp = now - lastTick > HELD_UP_MILLIS;
        lastTick = now;
        if (heldUp) {
            // Answers may have been waiting while this loop was: first read them, then judge.
            return;
        }
        try {
            List.copyOf(links.values()).forEach(link -> link.tick(now));
            publications.tick(now);
            if (now >= locateAt && !locating && (layout == null || topology.changes())) {
                locate();
            }
            if (now >= placeAgainAt) {
                placeAgainAt = now + PLACE_AGAIN_MILLIS;
                subscriptions.placeAll();
            }
        } catch (RuntimeException e) {
            log.bug("the Redis bridge stumbled", e);
        }
    }

    private void locate() {
        locating = true;
        topology.find(this::located, why -> {
            locating = false;
            locatedAt = now();
            locateAt = locatedAt + LOCATE_SOON_MILLIS;
            log.warn("locate", why, now());
        });
    }

    /** The servers are not where they were, or may not be. */
    void locateSoon() {
        locateAt = Math.min(locateAt, locatedAt + LOCATE_SOON_MILLIS);
        if (now() >= locateAt && !locating) {
            locate();
        }
    }

    private void located(Layout found) {
        locating = false;
        locatedAt = now();
        locateAt = locatedAt + LOCATE_AGAIN_MILLIS;
        if (closed) {
            return;
        }
        layout = found;
        List<Address> masters = found.masters();
        List.copyOf(links.values()).stream()
                .filter(link -> !masters.contains(link.address()) || link.sharded() != found.sharded())
                .forEach(this::drop);
        for (Address master : masters) {
            links.computeIfAbsent(master, address -> new Link(this, address, found.firstTag(address), found.sharded()));
        }
        masters.forEach(master -> tally.watch(master, () -> reached.contains(master)));
        if (home == null || !links.containsValue(home)) {
            home = links.values().stream().findFirst().orElse(null);
        }
        judgeLinks();
        subscriptions.placeAll();
        publications.located();
        checkUp(found + " is not linked yet");
        links.values().forEach(link -> link.tick(now()));
    }

    private void drop(Link link) {
        links.remove(link.address());
        link.close();
        log.info(link + " is no longer a master");
    }

    /** Where topics with the tag belong; published channels are heard everywhere: one link is home to all. */
    @Nullable
    Link linkOf(int tag) {
        Layout known = layout;
        if (known == null || tag == Channels.NO_TAG || known.isOne()) {
            return home;
        }
        return known.owner(tag).map(links::get).orElse(null);
    }

    void linkUp(Link link) {
        log.info(link + " is linked");
        judgeLinks();
        publications.retry();
        checkUp("");
    }

    void linkLost(Link link, String why) {
        judgeLinks();
        log.warn("lost " + link, link + " is not linked, trying again: " + why, now());
        checkUp(link + ": " + why);
        if (topology.changes()) {
            locateSoon();
        }
        if (link.equals(home) && links.size() > 1) {
            home = links.values().stream().filter(Link::isUp).findFirst().orElse(link);
            subscriptions.placeAll();
        }
    }

    /** Another node says over which servers it spreads topics; our own words come back as well. */
    void heardSpread(String servers) {
        if (spread != null && spread.isOther(servers)) {
            otherSpreads.increment();
            log.warn("spread", spread.warning(servers), now());
        }
    }

    private void judgeLinks() {
        reached = links.values().stream().filter(Link::isUp).map(Link::address).collect(Collectors.toUnmodifiableSet());
    }

    /** Tells the listener if this changes whether the node is linked. */
    void checkUp(String why) {
        boolean now = !closed
                && !links.isEmpty()
                && subscriptions.areInForce()
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
            log.bug("news of the link could not be told", e);
        }
    }

    void close() {
        closed = true;
        up = false;
        reached = Set.of();
        if (ticking != null) {
            ticking.cancel(false);
        }
        links.values().forEach(Link::close);
        links.clear();
        publications.close();
        subscriptions.close();
    }
}
