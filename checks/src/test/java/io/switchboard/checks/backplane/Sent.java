package io.switchboard.checks.backplane;

import io.switchboard.backplane.Outgoing;
import io.switchboard.backplane.Remote;
import io.switchboard.checks.client.Await;
import io.switchboard.message.Publication;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A publication that remembers what it was told, and when. */
final class Sent implements Outgoing {
    private final Publication publication;
    private final long sentNanos = System.nanoTime();
    private final List<Remote> told = new CopyOnWriteArrayList<>();
    private volatile long settledNanos;

    Sent(Publication publication) {
        this.publication = publication;
    }

    @Override
    public Publication publication() {
        return publication;
    }

    @Override
    public void settled(Remote remote) {
        settledNanos = System.nanoTime();
        told.add(remote);
    }

    String text() {
        return publication().message().asText();
    }

    boolean isSettled() {
        return !told.isEmpty();
    }

    /** How often it was settled; more than once is a fault. */
    int times() {
        return told.size();
    }

    Remote outcome() {
        return Await.until("the outcome of a publication", Duration.ofSeconds(20), () -> told, list -> !list.isEmpty())
                .getFirst();
    }

    Duration took() {
        return Duration.ofNanos(settledNanos - sentNanos);
    }
}
