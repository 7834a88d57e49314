package io.switchboard.bridges.rabbitmq;

import io.switchboard.backplane.WireFormat;
import io.switchboard.bridges.rabbitmq.Binding.State;
import io.switchboard.message.Topic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What this node listens to, and the bindings of its queue that follow. Topics are counted by binding; a binding that
 * no topic needs any more stays a while, so that clients that come back cost the broker nothing.
 *
 * <p>A binding costs RabbitMQ about half a millisecond. Where many are missing at once, after a fresh start or when
 * crowds come in, the queue is first bound to everything, which takes one; the others follow behind the scenes, and
 * when they are all there, everything ends. With more than {@link Bounds#BINDINGS} it stays.
 *
 * <p>From any thread; {@link #next} and {@link #done} by the thread that links.
 */
final class Interest {
    private static final int BURST = 128;
    private static final int SLICE = 256;
    private static final int IDLE_MILLIS = 10_000;

    /** What is to be done on the broker next, in this order. */
    record Round(boolean bindEverything, List<Binding> bind, boolean unbindEverything, List<Binding> unbind) {
        boolean isEmpty() {
            return !bindEverything && !unbindEverything && bind.isEmpty() && unbind.isEmpty();
        }
    }

    private final Names names;
    private final WireFormat format;
    private final LongSupplier clock;
    private final Runnable wake;
    private final Map<Topic, Binding> topics = new ConcurrentHashMap<>();
    private final Map<String, Map<String, Binding>> bindings = new HashMap<>();
    private final Map<String, Set<Topic>> topicsOfExchange = new ConcurrentHashMap<>();
    private final Set<Binding> missing = new LinkedHashSet<>();
    private final Set<Binding> idle = new LinkedHashSet<>();
    private State everything = State.PERHAPS;
    private int nativeWanted;
    private int nativeMissing;
    private boolean tooMany;
    private boolean closed;

    /** @param wake called when there is something to do */
    Interest(Names names, WireFormat format, LongSupplier clock, Runnable wake) {
        this.names = names;
        this.format = format;
        this.clock = clock;
        this.wake = wake;
    }

    boolean listens(Topic topic) {
        return topics.containsKey(topic);
    }

    /** Any topic that is listened to at the published exchange, null if there is none. */
    @Nullable
    Topic anyOf(String exchange) {
        Set<Topic> heard = topicsOfExchange.get(exchange);
        var all = heard == null ? null : heard.iterator();
        return all != null && all.hasNext() ? all.next() : null;
    }

    void subscribe(Topic topic, CompletableFuture<Void> confirmed) {
        boolean done = false;
        synchronized (this) {
            if (closed) {
                confirmed.completeExceptionally(new IllegalStateException("the backplane is closed"));
                return;
            }
            Binding binding = topics.get(topic);
            if (binding == null) {
                binding = bindingOf(topic);
                topics.put(topic, binding);
                if (binding.published != null) {
                    topicsOfExchange
                            .computeIfAbsent(binding.exchange, name -> ConcurrentHashMap.newKeySet())
                            .add(topic);
                }
                need(binding);
            }
            done = isCovered(binding);
            if (!done) {
                binding.waiting.add(confirmed);
            }
        }
        if (done) {
            confirmed.complete(null);
        } else {
            wake.run();
        }
    }

    private Binding bindingOf(Topic topic) {
        if (format.publishes(topic)) {
            var published = PublishedExchange.of(format.destination(topic));
            return bindings.computeIfAbsent(published.name(), name -> new HashMap<>())
                    .computeIfAbsent(published.key(), key -> new Binding(published.name(), key, published));
        }
        return bindings.computeIfAbsent(names.topics(), name -> new HashMap<>())
                .computeIfAbsent(Names.key(topic), key -> new Binding(names.topics(), key, null));
    }

    private void need(Binding binding) {
        if (binding.topics++ == 0) {
            idle.remove(binding);
            nativeWanted += binding.isNative() ? 1 : 0;
            if (binding.isMissing()) {
                miss(binding);
            }
        }
    }

    private void miss(Binding binding) {
        if (missing.add(binding)) {
            nativeMissing += binding.isNative() ? 1 : 0;
        }
    }

    private void missNoMore(Binding binding) {
        if (missing.remove(binding)) {
            nativeMissing -= binding.isNative() ? 1 : 0;
        }
    }

    private boolean isCovered(Binding binding) {
        return binding.state == State.CONFIRMED || (binding.isNative() && everything == State.CONFIRMED);
    }

    void unsubscribe(Topic topic) {
        List<CompletableFuture<Void>> released = List.of();
        synchronized (this) {
            Binding binding = topics.remove(topic);
            if (binding == null) {
                return;
            }
            if (binding.published != null) {
                topicsOfExchange.getOrDefault(binding.exchange, Set.of()).remove(topic);
            }
            if (--binding.topics == 0) {
                nativeWanted -= binding.isNative() ? 1 : 0;
                missNoMore(binding);
                binding.idleSince = clock.getAsLong();
                idle.add(binding);
                // Nobody listens any more: whoever waits may go on.
                released = taken(binding);
            }
        }
        released.forEach(future -> future.complete(null));
    }

    private static List<CompletableFuture<Void>> taken(Binding binding) {
        var waiting = List.copyOf(binding.waiting);
        binding.waiting.clear();
        return waiting;
    }

    /** The connection is gone: nothing is certain until it is asked for again. */
    synchronized void doubtAll() {
        everything = State.PERHAPS;
        for (var ofExchange : bindings.values()) {
            for (Binding binding : ofExchange.values()) {
                if (binding.state == State.CONFIRMED) {
                    binding.state = State.PERHAPS;
                }
                if (binding.isMissing()) {
                    miss(binding);
                }
            }
        }
    }

    /** Whether the broker brings all there is, and the node picks. */
    synchronized boolean hearsEverything() {
        return everything != State.ABSENT;
    }

    /** Whether nothing that this node listens to is missed. */
    synchronized boolean isInForce() {
        return nativeMissing == missing.size() && (nativeMissing == 0 || everything == State.CONFIRMED);
    }

    synchronized Round next() {
        tooMany = nativeWanted > (tooMany ? Bounds.BINDINGS * 3 / 4 : Bounds.BINDINGS);
        boolean bindEverything = everything != State.CONFIRMED && (tooMany || nativeMissing > BURST);
        boolean unbindEverything = everything != State.ABSENT && !tooMany && nativeMissing == 0;
        var bind = missing.stream()
                .filter(binding -> !binding.isNative() || !(tooMany || bindEverything))
                .limit(SLICE)
                .toList();
        bind.forEach(binding -> binding.state = State.PERHAPS);
        if (unbindEverything) {
            // From here on nobody relies on it.
            everything = State.PERHAPS;
        }
        return new Round(bindEverything, bind, unbindEverything, unneeded());
    }

    private List<Binding> unneeded() {
        long before = clock.getAsLong() - IDLE_MILLIS;
        var unneeded = idle.stream()
                .takeWhile(binding -> binding.idleSince < before)
                .limit(SLICE)
                .toList();
        unneeded.forEach(binding -> {
            idle.remove(binding);
            // Whoever needs it meanwhile asks for it again, after its removal.
            binding.state = State.PERHAPS;
        });
        return unneeded;
    }

    /** The broker has confirmed all of it. */
    void done(Round round) {
        var released = new ArrayList<CompletableFuture<Void>>();
        synchronized (this) {
            round.bind().forEach(binding -> {
                binding.state = State.CONFIRMED;
                missNoMore(binding);
                released.addAll(taken(binding));
            });
            round.unbind().forEach(this::removed);
            if (round.bindEverything()) {
                everything = State.CONFIRMED;
                missing.stream().filter(Binding::isNative).forEach(binding -> released.addAll(taken(binding)));
            } else if (round.unbindEverything()) {
                everything = State.ABSENT;
            }
        }
        released.forEach(future -> future.complete(null));
    }

    private void removed(Binding binding) {
        binding.state = State.ABSENT;
        if (binding.topics == 0) {
            idle.remove(binding);
            bindings.getOrDefault(binding.exchange, new HashMap<>()).remove(binding.key);
        }
    }

    /** Those whose removal was not confirmed are removed again some time. */
    synchronized void notRemoved(Round round) {
        round.unbind().stream().filter(binding -> binding.topics == 0).forEach(idle::add);
    }

    void close() {
        var failed = new ArrayList<CompletableFuture<Void>>();
        synchronized (this) {
            closed = true;
            topics.values().forEach(binding -> failed.addAll(taken(binding)));
            topics.clear();
        }
        failed.forEach(future -> future.completeExceptionally(new IllegalStateException("the backplane is closed")));
    }
}
