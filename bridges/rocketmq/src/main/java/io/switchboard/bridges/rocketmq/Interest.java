package io.switchboard.bridges.rocketmq;

import io.switchboard.backplane.WireFormat;
import io.switchboard.message.Topic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which topics this node listens to, in which places on the broker these are found, and who waits to be told that
 * nothing is missed there. Futures are completed outside of the lock.
 */
final class Interest {
    private final WireFormat format;
    private final PublishedPlace nativePlace;
    private final Runnable wake;
    private final Map<Topic, PublishedPlace> topics = new ConcurrentHashMap<>();
    private final Map<PublishedPlace, Set<Topic>> wanted = new LinkedHashMap<>();
    private final Map<PublishedPlace, List<CompletableFuture<Void>>> waiting = new HashMap<>();
    private final Set<PublishedPlace> open = new HashSet<>();
    private boolean up;
    private boolean closed;

    /** @param wake called when there is a place to be opened */
    Interest(WireFormat format, PublishedPlace nativePlace, Runnable wake) {
        this.format = format;
        this.nativePlace = nativePlace;
        this.wake = wake;
    }

    /** @throws IllegalArgumentException if the broker has no such place */
    PublishedPlace placeOf(Topic topic) {
        return format.publishes(topic) ? PublishedPlace.of(format.destination(topic)) : nativePlace;
    }

    void subscribe(Topic topic, CompletableFuture<Void> confirmed) {
        try {
            if (add(topic, confirmed)) {
                confirmed.complete(null);
            } else {
                wake.run();
            }
        } catch (IllegalArgumentException | IllegalStateException e) {
            confirmed.completeExceptionally(e);
        }
    }

    private boolean add(Topic topic, CompletableFuture<Void> confirmed) {
        PublishedPlace place = placeOf(topic);
        synchronized (this) {
            if (closed) {
                throw new IllegalStateException("the backplane is closed");
            }
            if (!wanted.containsKey(place) && wanted.size() > Bounds.DESTINATIONS_MAX) {
                throw new IllegalArgumentException("RocketMQ can carry a published format with up to "
                        + Bounds.DESTINATIONS_MAX + " places only, not one for each topic: " + place.name());
            }
            topics.put(topic, place);
            wanted.computeIfAbsent(place, p -> new LinkedHashSet<>()).add(topic);
            if (up && open.contains(place)) {
                return true;
            }
            waiting.computeIfAbsent(place, p -> new ArrayList<>()).add(confirmed);
            return false;
        }
    }

    /** The place stays open: there are few, and somebody is likely to come back. */
    synchronized void unsubscribe(Topic topic) {
        PublishedPlace place = topics.remove(topic);
        if (place != null) {
            wanted.getOrDefault(place, new HashSet<>()).remove(topic);
        }
    }

    boolean listens(Topic topic) {
        return topics.containsKey(topic);
    }

    /** Any topic of the place that is listened to; null if there is none. */
    synchronized @Nullable Topic anyOf(PublishedPlace place) {
        return wanted.getOrDefault(place, Set.of()).stream().findFirst().orElse(null);
    }

    /** One that is wanted and not open yet. */
    synchronized Optional<PublishedPlace> toOpen() {
        return wanted.keySet().stream().filter(place -> !open.contains(place)).findFirst();
    }

    void opened(PublishedPlace place) {
        List<CompletableFuture<Void>> released;
        synchronized (this) {
            open.add(place);
            released = released();
        }
        released.forEach(future -> future.complete(null));
    }

    void raise() {
        List<CompletableFuture<Void>> released;
        synchronized (this) {
            up = true;
            released = released();
        }
        released.forEach(future -> future.complete(null));
    }

    private List<CompletableFuture<Void>> released() {
        var released = new ArrayList<CompletableFuture<Void>>();
        if (up) {
            open.forEach(place -> {
                var there = waiting.remove(place);
                released.addAll(there == null ? List.of() : there);
            });
        }
        return released;
    }

    synchronized void lower() {
        up = false;
    }

    /** The link is gone, and all places with it. */
    synchronized void forgetPlaces() {
        open.clear();
    }

    void close() {
        var failed = new ArrayList<CompletableFuture<Void>>();
        synchronized (this) {
            closed = true;
            waiting.values().forEach(failed::addAll);
            waiting.clear();
            topics.clear();
        }
        failed.forEach(future -> future.completeExceptionally(new IllegalStateException("the backplane is closed")));
    }
}
