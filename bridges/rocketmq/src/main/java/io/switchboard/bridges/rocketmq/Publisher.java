package io.switchboard.bridges.rocketmq;

import io.switchboard.backplane.BackplaneProvider.Settings;
import io.switchboard.backplane.Outgoing;
import io.switchboard.backplane.Places;
import io.switchboard.backplane.Remote;
import io.switchboard.backplane.WireFormat;
import io.switchboard.message.ByteArraySink;
import io.switchboard.message.Topic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.apache.rocketmq.common.message.Message;

/**
 * The one thread that sends: takes what waits, encodes it, and sends it in one piece for each topic of the broker, each
 * into the queue of this node. It waits for every answer before it sends on: that is what keeps the order.
 */
final class Publisher implements Runnable {
    private static final int ENVELOPE_BYTES = 80;
    private static final int BUSY_PAUSE_MILLIS = 50;
    private static final int BUSY_TRIES = 20;

    private record Post(Outgoing outgoing, Message message) {}

    private final Interest interest;
    private final WireFormat format;
    private final Places places;
    private final Publications publications;
    private final BiConsumer<Link, String> failed;

    /** @param failed told which link did not send, and why */
    Publisher(Settings settings, Interest interest, Publications publications, BiConsumer<Link, String> failed) {
        this.format = settings.format();
        this.places = settings.places();
        this.interest = interest;
        this.publications = publications;
        this.failed = failed;
    }

    @Override
    public void run() {
        try {
            for (var batch = publications.awaitBatch(); batch != null; batch = publications.awaitBatch()) {
                send(batch);
            }
        } catch (InterruptedException _closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(Publications.Batch batch) throws InterruptedException {
        var byTopic = new LinkedHashMap<String, List<Post>>();
        Map<Topic, Optional<String>> nodes = nodes(batch.outgoing());
        for (Outgoing outgoing : batch.outgoing()) {
            try {
                Post post = post(outgoing, nodes);
                byTopic.computeIfAbsent(post.message.getTopic(), t -> new ArrayList<>())
                        .add(post);
            } catch (RuntimeException e) {
                publications.refuse(outgoing, "a publication has no form on RocketMQ: " + e.getMessage());
            }
        }
        boolean working = true;
        for (var entry : byTopic.entrySet()) {
            var outgoing = entry.getValue().stream().map(Post::outgoing).toList();
            if (working && publications.begin(outgoing)) {
                var messages = entry.getValue().stream().map(Post::message).toList();
                working = send(batch.link(), entry.getKey(), messages, outgoing);
            } else {
                publications.putBack(outgoing);
            }
        }
    }

    /** Whether it is worth sending on. */
    private boolean send(Link link, String topic, List<Message> messages, List<Outgoing> outgoing)
            throws InterruptedException {
        Fate fate = link.send(topic, messages);
        for (int tries = 1; fate == Fate.BUSY && tries < BUSY_TRIES; tries++) {
            fate = publications.pause(BUSY_PAUSE_MILLIS) ? link.send(topic, messages) : Fate.UNWRITTEN;
        }
        switch (fate) {
            case ACCEPTED -> publications.settled(outgoing, Remote.ACCEPTED);
            case REFUSED, BUSY -> publications.settled(outgoing, Remote.REFUSED);
            case UNKNOWN -> {
                publications.doubt(link);
                failed.accept(link, "the broker did not answer");
                publications.settled(outgoing, Remote.UNKNOWN);
            }
            case UNWRITTEN -> {
                publications.doubt(link);
                publications.putBack(outgoing);
                failed.accept(link, "the broker cannot be reached");
            }
        }
        return fate != Fate.UNKNOWN && fate != Fate.UNWRITTEN;
    }

    private Map<Topic, Optional<String>> nodes(List<Outgoing> batch) throws InterruptedException {
        var asked = new HashMap<Topic, CompletableFuture<Optional<String>>>();
        for (Outgoing outgoing : batch) {
            Topic topic = outgoing.publication().topic();
            if (topic.isIn("user")) {
                asked.computeIfAbsent(topic, t -> places.nodeOf(t).toCompletableFuture());
            }
        }
        if (asked.isEmpty()) {
            return Map.of();
        }
        try {
            CompletableFuture.allOf(asked.values().toArray(CompletableFuture[]::new))
                    .get(Bounds.PLACES_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException _unknown) {
            // Then every node is told.
        }
        var nodes = new HashMap<Topic, Optional<String>>();
        asked.forEach((topic, node) ->
                nodes.put(topic, node.isDone() && !node.isCompletedExceptionally() ? node.join() : Optional.empty()));
        return nodes;
    }

    private Post post(Outgoing outgoing, Map<Topic, Optional<String>> nodes) {
        var publication = outgoing.publication();
        Topic topic = publication.topic();
        PublishedPlace place = interest.placeOf(topic);
        var body = new ByteArraySink(publication.message().length() + ENVELOPE_BYTES);
        (format.publishes(topic) ? format : WireFormat.envelope()).encode(publication, body);
        var message = new Message(place.name(), body.toByteArray());
        if (place.byNode()) {
            message.setTags(nodes.getOrDefault(topic, Optional.empty()).orElse(Names.EVERYBODY));
        } else if (!place.tag().isEmpty()) {
            message.setTags(place.tag());
        }
        return new Post(outgoing, message);
    }
}
