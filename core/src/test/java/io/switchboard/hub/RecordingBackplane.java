package io.switchboard.hub;

import io.switchboard.backplane.Backplane;
import io.switchboard.backplane.Outgoing;
import io.switchboard.backplane.Remote;
import io.switchboard.message.Publication;
import io.switchboard.message.Topic;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Writes down what the hub asks of it; a broker that echoes, confirms late, or is away, as the test says. */
final class RecordingBackplane implements Backplane {
    final List<String> traffic = new ArrayList<>();
    final List<CompletableFuture<Void>> unconfirmed = new ArrayList<>();
    boolean echoing;
    boolean confirming = true;
    boolean up = true;

    /** Takes publications and then cannot send them. */
    boolean refusing;

    /** Says what became of publications later, by {@link #refuseUnsettled}. */
    boolean silent;

    private final List<Outgoing> unsettled = new ArrayList<>();
    final List<Long> sequences = new ArrayList<>();
    private final Set<Topic> subscribed = new HashSet<>();
    private @Nullable Listener listener;

    @Override
    public void start(Listener hub) {
        listener = hub;
        if (up) {
            hub.linkUp();
        }
    }

    void comesUp() {
        up = true;
        Listener hub = listener;
        if (hub != null) {
            hub.linkUp();
        }
    }

    @Override
    public CompletionStage<Void> subscribe(Topic topic) {
        traffic.add("SUBSCRIBE " + topic);
        subscribed.add(topic);
        var confirmed = new CompletableFuture<Void>();
        if (confirming) {
            confirmed.complete(null);
        } else {
            unconfirmed.add(confirmed);
        }
        return confirmed;
    }

    @Override
    public void unsubscribe(Topic topic) {
        traffic.add("UNSUBSCRIBE " + topic);
        subscribed.remove(topic);
    }

    @Override
    public void publish(List<? extends Outgoing> batch) {
        for (Outgoing outgoing : batch) {
            Publication publication = outgoing.publication();
            traffic.add("PUBLISH " + publication.topic() + " "
                    + publication.message().asText());
            sequences.add(publication.sequence());
            if (silent) {
                unsettled.add(outgoing);
                continue;
            }
            outgoing.settled(up && !refusing ? Remote.ACCEPTED : Remote.REFUSED);
            if (echoing && up && !refusing && subscribed.contains(publication.topic())) {
                receive(publication);
            }
        }
    }

    void refuseUnsettled() {
        unsettled.forEach(outgoing -> outgoing.settled(Remote.REFUSED));
        unsettled.clear();
    }

    void receive(Publication publication) {
        Listener hub = listener;
        if (hub != null) {
            hub.received(List.of(publication));
        }
    }

    @Override
    public boolean echoes(Topic topic) {
        return echoing;
    }

    @Override
    public boolean isUp() {
        return up;
    }

    @Override
    public void close() {}
}
