package io.switchboard.checks.backplane;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.backplane.Backplane;
import io.switchboard.checks.client.Await;
import io.switchboard.message.Exclusion;
import io.switchboard.message.Message;
import io.switchboard.message.Origin;
import io.switchboard.message.Publication;
import io.switchboard.message.Sender;
import io.switchboard.message.Topic;
import io.switchboard.metrics.Meters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A node as the backplane sees it: publishes under its own origin, and writes down all it is told. */
final class Peer implements Backplane.Listener, AutoCloseable {
    private static final AtomicLong INCARNATIONS = new AtomicLong(System.nanoTime());

    private final Origin self;
    private final Meters meters = new Meters();
    private final AtomicLong sequence = new AtomicLong();
    private final List<Publication> heard = new ArrayList<>();
    private final List<String> news = new CopyOnWriteArrayList<>();
    private final Set<Topic> inHand = ConcurrentHashMap.newKeySet();
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final Backplane backplane;

    /** How a peer gets its backplane. */
    interface Opener {
        Backplane open(Origin self, Meters meters);
    }

    Peer(String name, Opener opener) {
        self = new Origin(name, INCARNATIONS.incrementAndGet());
        backplane = opener.open(self, meters);
    }

    /** Starts it, and waits until it is linked and knows. */
    Peer linked() {
        backplane.start(this);
        awaitLinked();
        return this;
    }

    void awaitLinked() {
        Await.until(
                self.node() + " to be linked, and to be told",
                Duration.ofSeconds(20),
                () -> backplane.isUp() && !news.isEmpty() && news.getLast().equals("up"));
    }

    Backplane backplane() {
        return backplane;
    }

    Origin self() {
        return self;
    }

    Meters meters() {
        return meters;
    }

    Publication publication(Topic topic, String text) {
        return publication(topic, Message.text(text));
    }

    Publication publication(Topic topic, Message message) {
        return Publication.from(topic, message, new Sender("u1", "s1"), Exclusion.NONE)
                .numbered(self, sequence.incrementAndGet());
    }

    Sent publish(Topic topic, String text) {
        return publish(publication(topic, text));
    }

    Sent publish(Publication publication) {
        var sent = new Sent(publication);
        backplane.publish(List.of(sent));
        return sent;
    }

    List<Sent> publishAll(List<Publication> publications) {
        var batch = publications.stream().map(Sent::new).toList();
        backplane.publish(batch);
        return batch;
    }

    /** Subscribes, and waits for the confirmation. */
    void subscribe(Topic topic) {
        try {
            backplane.subscribe(topic).toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(self.node() + " could not subscribe to " + topic, e);
        }
    }

    List<Publication> heard() {
        synchronized (heard) {
            return List.copyOf(heard);
        }
    }

    List<String> textsOn(Topic topic) {
        return heard().stream()
                .filter(publication -> publication.topic().equals(topic))
                .map(publication -> publication.message().asText())
                .toList();
    }

    void awaitTexts(Topic topic, List<String> texts) {
        Await.until(
                self.node() + " to hear all on " + topic, Duration.ofSeconds(20), () -> textsOn(topic), texts::equals);
    }

    void awaitText(Topic topic, String text) {
        Await.until(
                self.node() + " to hear " + text + " on " + topic,
                Duration.ofSeconds(20),
                () -> textsOn(topic),
                texts -> texts.contains(text));
    }

    /** {@code up} and {@code down} in turn. */
    List<String> news() {
        return news;
    }

    void awaitNews(String... expected) {
        Await.until(
                self.node() + " to be told",
                Duration.ofSeconds(20),
                () -> List.copyOf(news),
                List.of(expected)::equals);
    }

    @Override
    public void received(List<Publication> batch) {
        for (Publication publication : batch) {
            if (!inHand.add(publication.topic())) {
                faults.add("two threads at once on " + publication.topic());
            }
            synchronized (heard) {
                heard.add(publication);
            }
            inHand.remove(publication.topic());
        }
    }

    @Override
    public void linkUp() {
        told("up", backplane.isUp());
    }

    @Override
    public void linkDown(String why) {
        told("down", !backplane.isUp());
    }

    private void told(String what, boolean soItIs) {
        if (!soItIs) {
            faults.add("told " + what + " while it is not");
        }
        if (!news.isEmpty() && news.getLast().equals(what)) {
            faults.add("told " + what + " twice");
        }
        news.add(what);
    }

    /** Closes it, and fails if anything was out of order meanwhile. */
    @Override
    public void close() {
        backplane.close();
        assertTrue(faults.isEmpty(), () -> self.node() + ": " + faults);
    }
}
