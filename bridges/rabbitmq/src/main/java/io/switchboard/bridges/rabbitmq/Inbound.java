package io.switchboard.bridges.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Consumer;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import io.switchboard.backplane.Backplane;
import io.switchboard.backplane.Reception;
import io.switchboard.backplane.RepeatFilter;
import io.switchboard.backplane.Tally;
import io.switchboard.message.Publication;
import io.switchboard.message.Topic;
import io.switchboard.metrics.Meters;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Turns what the queue delivers into publications, and hands them on and acknowledges them by the batch. The client
 * runs deliveries in blocks; a batch ends after a block, or when it is large enough. All on one thread.
 */
final class Inbound {
    private static final int BATCH_MAX = 256;
    private static final int PING_BYTES_MAX = 20;

    private final Names names;
    private final Interest interest;
    private final Reception reception;
    private final Tally tally;
    private final Backplane.Listener listener;
    private final Executor deliveries;
    private final LongSupplier clock;
    private final LongConsumer pong;
    private final LongAdder carried;
    private final LongAdder unwanted;
    private final RepeatFilter repeats = new RepeatFilter();

    Inbound(
            Names names,
            Interest interest,
            Reception reception,
            Tally tally,
            Meters meters,
            Backplane.Listener listener,
            Executor deliveries,
            LongSupplier clock,
            LongConsumer pong) {
        this.names = names;
        this.interest = interest;
        this.reception = reception;
        this.tally = tally;
        this.listener = listener;
        this.deliveries = deliveries;
        this.clock = clock;
        this.pong = pong;
        this.carried = meters.counter(
                "switchboard.backplane.carried", "Messages that the broker brought here, wanted or not.");
        this.unwanted = meters.counter(
                "switchboard.backplane.unwanted", "Publications to topics that nobody here listens to, dropped.");
    }

    Consumer consumer(Link link, Channel in) {
        return new Listening(link, in);
    }

    /** The deliveries of one link. */
    private final class Listening extends DefaultConsumer {
        private final Link link;
        private List<Publication> batch = new ArrayList<>();
        private long lastTag;
        private int unacknowledged;

        Listening(Link link, Channel in) {
            super(in);
            this.link = link;
        }

        @Override
        public void handleDelivery(String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
            hear(envelope, body).ifPresent(batch::add);
            lastTag = envelope.getDeliveryTag();
            if (unacknowledged++ == 0) {
                deliveries.execute(this::flush);
            } else if (unacknowledged >= BATCH_MAX) {
                flush();
            }
        }

        private void flush() {
            if (unacknowledged == 0) {
                return;
            }
            if (!batch.isEmpty()) {
                List<Publication> heard = batch;
                batch = new ArrayList<>();
                reception.handOn(heard, listener);
            }
            unacknowledged = 0;
            try {
                getChannel().basicAck(lastTag, true);
            } catch (IOException | AlreadyClosedException _gone) {
                // The broker will bring them again; repeats are dropped.
            }
        }

        @Override
        public void handleCancel(String tag) {
            link.die(new IOException("the queue " + names.queue() + " was deleted"));
        }
    }

    private Optional<Publication> hear(Envelope envelope, byte[] body) {
        String exchange = envelope.getExchange();
        String key = envelope.getRoutingKey();
        if (exchange.equals(names.topics()) && key.equals(names.pings())) {
            pong(body);
            return Optional.empty();
        }
        carried.increment();
        if (body.length > Bounds.PAYLOAD_BYTES) {
            reception.garbage("a message of " + body.length + " bytes, skipped", clock.getAsLong());
            return Optional.empty();
        }
        boolean isNative = exchange.equals(names.everything()) || exchange.equals(names.topics());
        var bytes = ByteBuffer.wrap(body);
        var heard = isNative
                ? reception.hearNative(
                        Topic.ALL, topic -> Names.key(topic).equals(key), bytes, repeats, clock.getAsLong())
                : hearPublished(envelope, bytes);
        if (heard.isPresent() && !interest.listens(heard.get().topic())) {
            unwanted.increment();
            return Optional.empty();
        }
        return heard;
    }

    private Optional<Publication> hearPublished(Envelope envelope, ByteBuffer bytes) {
        Topic any = interest.anyOf(envelope.getExchange());
        if (any == null) {
            unwanted.increment();
            return Optional.empty();
        }
        if (envelope.isRedeliver()) {
            // It was brought before and perhaps handed on; a published format does not let us tell. Never twice.
            tally.repeats.increment();
            return Optional.empty();
        }
        return reception.hearPublished(any, bytes, repeats, clock.getAsLong());
    }

    private void pong(byte[] body) {
        try {
            pong.accept(Long.parseLong(
                    new String(body, 0, Math.min(body.length, PING_BYTES_MAX), StandardCharsets.US_ASCII)));
        } catch (NumberFormatException _foreign) {
            reception.garbage("a ping that is not ours", clock.getAsLong());
        }
    }
}
