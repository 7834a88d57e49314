package io.switchboard.gateway;

import io.switchboard.discovery.Discovery;
import io.switchboard.discovery.Instance;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.beans.factory.DisposableBean;

/** The nodes as they were a moment ago, asked for at a steady pace. When nobody can be asked, the last answer holds. */
final class Fleet implements DisposableBean {
    private static final System.Logger LOG = System.getLogger(Fleet.class.getName());

    private final Discovery discovery;
    private final Visitor visitor;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("switchboard-fleet").factory());
    private final Duration arrival;
    private final AtomicLong choices = new AtomicLong();
    private volatile Map<String, Berth> berths = Map.of();
    private boolean failing;

    /**
     * Has asked once when it returns.
     *
     * @param refresh between one question and the next
     * @param arrival how long until a report counts whoever was sent to a node
     */
    Fleet(Discovery discovery, Visitor visitor, Duration refresh, Duration arrival) {
        this.discovery = discovery;
        this.visitor = visitor;
        this.arrival = arrival;
        look();
        var ignored = thread.scheduleWithFixedDelay(
                this::look, refresh.toMillis(), refresh.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The one with the fewest connections that takes new ones, which is expected to have one more from now on. */
    Optional<Instance> choose(Set<String> except) {
        Optional<Berth> chosen = berths.entrySet().stream()
                .filter(berth -> !except.contains(berth.getKey()))
                .map(Map.Entry::getValue)
                .filter(Berth::takesNew)
                .min(Berth.FEWEST_FIRST);
        chosen.ifPresent(berth -> berth.chosen(choices.incrementAndGet()));
        return chosen.map(Berth::node);
    }

    private void look() {
        try {
            List<Instance> known = discovery.instances().toCompletableFuture().join();
            List<CompletableFuture<Optional<Instance>>> visits =
                    known.stream().map(visitor::visit).toList();
            arrived(visits.stream()
                    .map(CompletableFuture::join)
                    .flatMap(Optional::stream)
                    .toList());
            failing = false;
        } catch (RuntimeException e) {
            if (!failing) {
                failing = true;
                LOG.log(
                        System.Logger.Level.WARNING,
                        "which nodes are up cannot be found out now; those known remain: {0}",
                        e.getCause() == null ? e : e.getCause());
            }
        }
    }

    private void arrived(Collection<Instance> nodes) {
        Map<String, Berth> before = berths;
        var now = new LinkedHashMap<String, Berth>();
        for (Instance node : nodes) {
            String place = place(node);
            Berth known = before.get(place);
            now.put(place, known == null ? new Berth(node, arrival) : known.with(node));
        }
        berths = now;
        tellDifference(before, now);
    }

    private static void tellDifference(Map<String, Berth> before, Map<String, Berth> now) {
        String was = list(before);
        String is = list(now);
        if (!was.equals(is)) {
            LOG.log(System.Logger.Level.INFO, "nodes that take connections: {0}", is.isEmpty() ? "none" : is);
        }
    }

    private static String list(Map<String, Berth> berths) {
        return berths.values().stream()
                .filter(Berth::takesNew)
                .flatMap(berth -> Stream.of(place(berth.node())))
                .sorted()
                .collect(Collectors.joining(", "));
    }

    /** Where it is reached, which tells nodes apart. */
    static String place(Instance node) {
        return node.host() + ":" + node.port();
    }

    @Override
    public void destroy() {
        thread.shutdownNow();
        discovery.close();
        visitor.close();
    }
}
