package io.switchboard.bridges.rabbitmq;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.MessageProperties;
import com.rabbitmq.client.WriteListener;
import io.switchboard.backplane.BackplaneProvider.Settings;
import io.switchboard.backplane.Destination;
import io.switchboard.backplane.Outgoing;
import io.switchboard.backplane.WireFormat;
import io.switchboard.message.ByteArraySink;
import io.switchboard.message.Topic;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/**
 * The one thread that publishes: takes what waits, encodes it, and writes it in one piece. It alone blocks on the
 * socket.
 */
final class Publisher implements Runnable {
    private static final int ENVELOPE_BYTES = 80;
    private static final WriteListener IGNORED = (success, cause) -> {};

    private final Names names;
    private final WireFormat format;
    private final Publications publications;
    private final Map<Destination, PublishedExchange> exchanges = new HashMap<>();

    Publisher(Settings settings, Names names, Publications publications) {
        this.format = settings.format();
        this.names = names;
        this.publications = publications;
    }

    @Override
    public void run() {
        try {
            for (var batch = publications.awaitBatch(); batch != null; batch = publications.awaitBatch()) {
                write(batch);
            }
        } catch (InterruptedException _closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(Publications.Batch batch) {
        Link link = batch.link();
        var posts = new ArrayList<Post>();
        if (batch.ping() != 0) {
            posts.add(ping(batch.ping()));
        }
        for (Outgoing outgoing : batch.outgoing()) {
            try {
                posts.add(post(outgoing));
            } catch (RuntimeException e) {
                publications.refuse(outgoing, "a publication has no form on RabbitMQ: " + e.getMessage());
            }
        }
        long number = publications.writing(link, posts);
        if (number != 0) {
            write(link, posts, number);
        }
    }

    private void write(Link link, List<Post> posts, long first) {
        long number = first;
        try {
            for (Post post : posts) {
                if (post.published() != null) {
                    link.ensure(post.published());
                }
            }
            link.frames().hold();
            for (Post post : posts) {
                link.out()
                        .basicPublish(
                                post.exchange(),
                                post.key(),
                                post.mandatory(),
                                false,
                                post.properties(),
                                post.body(),
                                IGNORED);
                number++;
            }
            link.frames().release();
        } catch (AlreadyClosedException e) {
            // The client looks before it writes: not a byte of this one has left.
            publications.unwritten(link, number);
            link.die(e);
        } catch (IOException | TimeoutException | RuntimeException e) {
            publications.unwritten(link, number == first ? first : number + 1);
            link.die(e);
        }
    }

    private Post ping(long number) {
        var body = ByteBuffer.wrap(Long.toString(number).getBytes(StandardCharsets.US_ASCII));
        return new Post(null, null, names.topics(), names.pings(), true, MessageProperties.MINIMAL_BASIC, body);
    }

    private Post post(Outgoing outgoing) {
        var publication = outgoing.publication();
        Topic topic = publication.topic();
        var body = new ByteArraySink(publication.message().length() + ENVELOPE_BYTES);
        if (!format.publishes(topic)) {
            WireFormat.envelope().encode(publication, body);
            return new Post(
                    outgoing,
                    null,
                    names.everything(),
                    Names.key(topic),
                    false,
                    MessageProperties.MINIMAL_BASIC,
                    body.view());
        }
        format.encode(publication, body);
        var destination = format.destination(topic);
        var exchange = exchanges.computeIfAbsent(destination, PublishedExchange::of);
        return new Post(outgoing, exchange, exchange.name(), exchange.key(), false, exchange.properties(), body.view());
    }
}
