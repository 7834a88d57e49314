package io.switchboard.hub;

import io.switchboard.message.Topic;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Which shards listen to which topics, and the node's subscriptions on the backplane that follow from it.
 *
 * <p>Every topic has a home loop, by hash, which alone changes the topic's interest:
 *
 * <pre>
 *   (none) --acquire--> SUBSCRIBING --confirmed--> ACTIVE --last shard released--> LINGERING --1 s--> (none)
 *                            |                       ^------------acquire-------------'       ^
 *                            '-----------------last shard released-------------------------'
 * </pre>
 *
 * A shard's bit is set before SUBSCRIBE is sent and cleared on the home loop only, so a publication that arrives
 * between confirmation and the session's joining finds the shard, which knows best whether anybody listens yet. The
 * map may be read from any loop. A topic lingers before it is unsubscribed so that a client that reconnects costs the
 * broker nothing: a second, and up to a quarter more.
 */
final class Interests {
    static final long LINGER_MILLIS = 1_000;
    private static final int TICKS_PER_LINGER = 4;
    private static final System.Logger LOG = System.getLogger(Interests.class.getName());

    private enum State {
        SUBSCRIBING,
        ACTIVE,
        LINGERING
    }

    /** Told, on the asking shard's loop, that the topic is subscribed, or that waiting for it has ended. */
    interface Waiter {
        void ready(boolean confirmed);
    }

    private record Waiting(Shard shard, Waiter waiter) {}

    private static final class Interest {
        /** A bit for each shard that listens. Written on the home loop, read anywhere. */
        volatile long shards;

        /** The shards that listened last, for as long as the topic lingers. */
        volatile long last;

        State state = State.SUBSCRIBING;

        /** The broker has confirmed; a topic may come to linger before. Written on the home loop, read anywhere. */
        volatile boolean confirmed;

        final boolean local;

        /** Counts the times it came to linger or was waited for, so that a late timer knows it is too late. */
        int generation;

        @Nullable
        List<Waiting> waiting;

        Interest(boolean local) {
            this.local = local;
        }
    }

    private final ConcurrentMap<Topic, Interest> interests = new ConcurrentHashMap<>();
    private final Hub hub;
    private final long subscribeMillis;
    private final Lingering[] lingering;

    Interests(Hub hub, long subscribeMillis, int loops) {
        this.lingering = new Lingering[loops];
        for (int i = 0; i < loops; i++) {
            lingering[i] = new Lingering();
        }
        this.hub = hub;
        this.subscribeMillis = subscribeMillis;
    }

    /** A bit for each shard that listens to the topic. */
    long shardsOf(Topic topic) {
        Interest interest = interests.get(topic);
        return interest == null ? 0 : interest.shards;
    }

    /** The shards that listen, or while the topic lingers those that did: what is on its way there comes first. */
    long wayTo(Topic topic) {
        Interest interest = interests.get(topic);
        if (interest == null) {
            return 0;
        }
        long shards = interest.shards;
        return shards == 0 ? interest.last : shards;
    }

    /** Whether the broker has confirmed it: listeners alone do not prove that, they may be degraded. */
    boolean isConfirmed(Topic topic) {
        Interest interest = interests.get(topic);
        return interest != null && interest.confirmed;
    }

    /** Topics on the backplane now. */
    int size() {
        return interests.size();
    }

    void acquire(Topic topic, Shard shard, boolean local, Waiter waiter) {
        Shard home = hub.home(topic);
        home.run(() -> {
            Interest interest = interests.get(topic);
            if (interest == null) {
                interest = new Interest(local);
                interest.shards = 1L << shard.index;
                interests.put(topic, interest);
                subscribe(topic, interest, home);
            } else {
                interest.shards |= 1L << shard.index;
            }
            join(topic, interest, home, new Waiting(shard, waiter));
        });
    }

    private void subscribe(Topic topic, Interest interest, Shard home) {
        if (interest.local) {
            interest.confirmed = true;
            interest.state = State.ACTIVE;
            return;
        }
        hub.subscribe(topic)
                .whenComplete((done, failure) -> home.run(() -> {
                    interest.confirmed = failure == null;
                    if (interest.confirmed && interest.state == State.SUBSCRIBING) {
                        interest.state = State.ACTIVE;
                        settle(interest, true);
                    }
                }));
    }

    private void join(Topic topic, Interest interest, Shard home, Waiting waiting) {
        if (interest.state == State.LINGERING) {
            interest.state = interest.confirmed ? State.ACTIVE : State.SUBSCRIBING;
            interest.generation++;
        }
        if (interest.state == State.ACTIVE) {
            answer(waiting, interest.local || hub.isUp(topic));
        } else if (!hub.isUp(topic)) {
            answer(waiting, false);
        } else {
            await(interest, home, waiting);
        }
    }

    private void await(Interest interest, Shard home, Waiting waiting) {
        List<Waiting> list = interest.waiting;
        if (list == null) {
            list = new ArrayList<>(2);
            interest.waiting = list;
            int generation = ++interest.generation;
            home.loop.schedule(
                    () -> {
                        if (interest.generation == generation) {
                            settle(interest, false);
                        }
                    },
                    subscribeMillis);
        }
        list.add(waiting);
    }

    private static void settle(Interest interest, boolean confirmed) {
        List<Waiting> list = interest.waiting;
        interest.waiting = null;
        interest.generation++;
        if (list != null) {
            list.forEach(waiting -> answer(waiting, confirmed));
        }
    }

    private static void answer(Waiting waiting, boolean confirmed) {
        waiting.shard.run(() -> {
            try {
                waiting.waiter.ready(confirmed);
            } catch (RuntimeException e) {
                // Each is told in its own right: one that fails must not strand the others.
                LOG.log(System.Logger.Level.ERROR, "a session could not go on after its topic was subscribed", e);
            }
        });
    }

    void release(Topic topic, Shard shard) {
        Shard home = hub.home(topic);
        home.run(() -> {
            Interest interest = interests.get(topic);
            if (interest == null) {
                return;
            }
            interest.last = interest.shards;
            interest.shards &= ~(1L << shard.index);
            if (interest.shards == 0 && interest.local) {
                interests.remove(topic);
            } else if (interest.shards == 0 && interest.state != State.LINGERING) {
                linger(topic, interest, home);
            }
        });
    }

    private void linger(Topic topic, Interest interest, Shard home) {
        settle(interest, false);
        interest.state = State.LINGERING;
        lingering[home.index].add(topic, interest, ++interest.generation, home);
    }

    private void forget(Topic topic, Interest interest, int generation) {
        if (interest.state == State.LINGERING && interest.generation == generation) {
            interests.remove(topic);
            hub.unsubscribe(topic);
        }
    }

    /** The lingering topics of one home loop, in the order they came; one timer for all of them. */
    private final class Lingering {
        private record Entry(Topic topic, Interest interest, int generation, int due) {}

        private final ArrayDeque<Entry> entries = new ArrayDeque<>();
        private int ticks;

        void add(Topic topic, Interest interest, int generation, Shard home) {
            boolean first = entries.isEmpty();
            // One more than the time has, for the tick that is under way.
            entries.add(new Entry(topic, interest, generation, ticks + TICKS_PER_LINGER + (first ? 0 : 1)));
            if (first) {
                home.loop.schedule(() -> tick(home), LINGER_MILLIS / TICKS_PER_LINGER);
            }
        }

        private void tick(Shard home) {
            ticks++;
            for (Entry entry = entries.peek(); entry != null && entry.due() <= ticks; entry = entries.peek()) {
                entries.remove();
                forget(entry.topic(), entry.interest(), entry.generation());
            }
            if (!entries.isEmpty()) {
                home.loop.schedule(() -> tick(home), LINGER_MILLIS / TICKS_PER_LINGER);
            }
        }
    }
}
