package io.switchboard.bridges.redis;

import io.netty.channel.EventLoop;
import io.switchboard.backplane.Backplane;
import io.switchboard.backplane.RareLog;
import io.switchboard.log.Log;
import io.switchboard.message.ByteArraySink;
import io.switchboard.message.Envelope;
import io.switchboard.message.MalformedException;
import io.switchboard.message.Origin;
import io.switchboard.message.Position;
import io.switchboard.message.Publication;
import io.switchboard.message.Topic;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Histories in Redis Streams. One script appends to the stream {@code <cluster>:log:{<tag>}:<topic>} and publishes on
 * the topic's native channel; it makes the position, and puts it into the envelope that both carry. What is known of a
 * topic is a hash, {@code <cluster>:meta:{<tag>}:<topic>}; the tag keeps all of it on one server of a Cluster.
 *
 * <p>An epoch ends with the run of the server it began in: after a restart, or on a replica that was promoted, the last
 * publications may be missing, and nothing else would show it.
 */
final class RedisLog implements Log {
    static final Script APPEND = Script.of("append.lua");
    static final Script READ = Script.of("read.lua");

    private static final int PROBE_MILLIS = 100;
    /** The longest message that receivers read. */
    private static final int BYTES_MAX = RespParser.PAYLOAD_BYTES_MAX - 4_096;

    private final String cluster;
    private final Channels channels;
    private final RedisBackplane hearing;
    private final Commander commander;
    private final EventLoop loop;
    private final String publish;
    private final RareLog log = new RareLog(RedisLog.class.getPackageName());
    private volatile boolean up;
    private volatile boolean closed;

    /** Counts the times the link came and went; on the loop. */
    private int links;

    RedisLog(
            String cluster,
            Channels channels,
            RedisBackplane hearing,
            Commander commander,
            EventLoop loop,
            boolean sharded) {
        this.cluster = cluster;
        this.channels = channels;
        this.hearing = hearing;
        this.commander = commander;
        this.loop = loop;
        this.publish = sharded ? "SPUBLISH" : "PUBLISH";
    }

    @Override
    public void start(Backplane.Listener listener) {
        commander.start();
        hearing.start(new Backplane.Listener() {
            @Override
            public void received(List<Publication> batch) {
                listener.received(batch);
            }

            @Override
            public void linkUp() {
                probe(listener, ++links);
            }

            @Override
            public void linkDown(String why) {
                links++;
                if (up) {
                    up = false;
                    listener.linkDown(why);
                }
            }
        });
    }

    /** It hears; now whether it can be asked as well. */
    private void probe(Backplane.Listener listener, int link) {
        var ignored = commander.ask(cluster + ":log:{0}:", "EXISTS").whenComplete((reply, failure) -> {
            if (link != links || closed) {
                return;
            }
            if (failure == null) {
                up = true;
                listener.linkUp();
            } else {
                loop.schedule(() -> probe(listener, link), PROBE_MILLIS, TimeUnit.MILLISECONDS);
            }
        });
    }

    @Override
    public CompletionStage<Void> subscribe(Topic topic) {
        return hearing.subscribe(topic);
    }

    @Override
    public void unsubscribe(Topic topic) {
        hearing.unsubscribe(topic);
    }

    @Override
    public boolean isUp() {
        return up && !closed;
    }

    /** Bytes as text that is written back as the same bytes. */
    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static String text(String any) {
        return text(any.getBytes(StandardCharsets.UTF_8));
    }

    private String key(String kind, Topic topic) {
        return text(cluster + ":" + kind + ":{" + Channels.tag(topic) + "}:" + topic.name());
    }

    private static String newEpoch() {
        var letters = new StringBuilder(8);
        ThreadLocalRandom.current().ints(8, 'a', 'z' + 1).forEach(letters::appendCodePoint);
        return letters.toString();
    }

    private static String encoded(int guess, Consumer<ByteArraySink> writing) {
        var sink = new ByteArraySink(guess);
        writing.accept(sink);
        return text(sink.toByteArray());
    }

    @Override
    public CompletionStage<Appended> append(Publication publication, Terms terms) {
        Topic topic = publication.topic();
        int length = publication.message().length();
        if (length > BYTES_MAX) {
            return CompletableFuture.failedFuture(
                    new RefusedException("a publication of " + length + " bytes would be skipped by its receivers"));
        }
        boolean kept = terms.retention().sizeMax() > 0;
        List<String> keys =
                List.of(key("log", topic), key("meta", topic), key("once", topic) + ":" + text(terms.key()));
        return commander
                .run(
                        APPEND,
                        keys,
                        text(channels.nativeChannel(topic)),
                        publish,
                        encoded(128, sink -> Envelope.encodeHead(publication, kept, sink)),
                        encoded(length + 128, sink -> Envelope.encodeTail(publication, sink)),
                        Integer.toString(terms.retention().sizeMax()),
                        Long.toString(Math.max(1, terms.retention().ttl().toMillis())),
                        Long.toString(META_TTL.toMillis()),
                        newEpoch(),
                        Commander.RUN,
                        Long.toString(terms.version()),
                        text(terms.versionEpoch()),
                        Long.toString(terms.key().isEmpty() ? 0 : KEY_TTL.toMillis()))
                .handle(RedisLog::appended);
    }

    private static Appended appended(@Nullable RespValue reply, @Nullable Throwable failure) {
        if (reply == null) {
            String why = failure == null ? "no reply" : String.valueOf(failure.getMessage());
            throw failure instanceof NotSentException
                    ? new RefusedException(why)
                    : new CompletionException(new IllegalStateException(why));
        }
        List<RespValue> items = reply.asItems();
        Position position = position(items);
        return new Appended(
                position.offset() == 0 ? Optional.empty() : Optional.of(position),
                items.getFirst().asText().equals("1"));
    }

    private static Position position(List<RespValue> reply) {
        return new Position(Long.parseLong(reply.get(1).asText()), reply.get(2).asText());
    }

    @Override
    public CompletionStage<Page> read(Topic topic, Optional<Position> since, int limit) {
        long after = since.map(Position::offset).orElse(0L);
        return ask(topic, (after + 1) + "-0", limit, "", since).thenApply(reply -> {
            Position top = position(reply);
            List<Publication> found = publications(topic, reply);
            boolean whole =
                    found.isEmpty() ? limit == 0 || after == top.offset() : offset(found.getFirst()) == after + 1;
            boolean complete =
                    isOf(since, top) && after <= top.offset() && (since.isEmpty() || whole) && isUnbroken(found);
            return new Page(found, top, complete);
        });
    }

    @Override
    public CompletionStage<Page> readBack(Topic topic, Optional<Position> before, int limit) {
        long end = before.map(Position::offset).orElse(0L);
        if (before.isPresent() && end <= 1) {
            return top(topic).thenApply(top -> new Page(List.of(), top, isOf(before, top)));
        }
        return ask(topic, end == 0 ? "+" : (end - 1) + "-0", limit, "back", before)
                .thenApply(reply -> {
                    Position top = position(reply);
                    return new Page(publications(topic, reply), top, isOf(before, top));
                });
    }

    private CompletionStage<List<RespValue>> ask(
            Topic topic, String from, int limit, String direction, Optional<Position> of) {
        return commander
                .run(
                        READ,
                        List.of(key("log", topic), key("meta", topic)),
                        from,
                        Integer.toString(limit),
                        direction,
                        of.map(Position::epoch).map(RedisLog::text).orElse(""),
                        newEpoch(),
                        Commander.RUN,
                        Long.toString(META_TTL.toMillis()))
                .thenApply(RespValue::asItems);
    }

    private static boolean isOf(Optional<Position> position, Position top) {
        String epoch = position.map(Position::epoch).orElse("");
        return epoch.isEmpty() || epoch.equals(top.epoch());
    }

    private static long offset(Publication publication) {
        Position position = publication.position();
        return position == null ? 0 : position.offset();
    }

    private static boolean isUnbroken(List<Publication> found) {
        return found.isEmpty() || offset(found.getLast()) - offset(found.getFirst()) == found.size() - 1;
    }

    private List<Publication> publications(Topic topic, List<RespValue> reply) {
        List<Publication> found = new ArrayList<>(reply.size() - 3);
        Origin origin = Origin.UNKNOWN;
        for (RespValue value : reply.subList(3, reply.size())) {
            try {
                byte[] bytes = value.asText().getBytes(StandardCharsets.ISO_8859_1);
                Publication publication = Envelope.decode(ByteBuffer.wrap(bytes), topic, origin);
                origin = publication.origin();
                found.add(publication);
            } catch (MalformedException | Envelope.Unsupported e) {
                log.warn(
                        "history",
                        "the history of " + topic + " has a hole: " + e.getMessage(),
                        System.nanoTime() / 1_000_000);
            }
        }
        return List.copyOf(found);
    }

    @Override
    public CompletionStage<Position> top(Topic topic) {
        return ask(topic, "-", 0, "", Optional.empty()).thenApply(RedisLog::position);
    }

    @Override
    public CompletionStage<Void> remove(Topic topic) {
        return commander.ask(key("log", topic), "DEL").thenAccept(reply -> {});
    }

    @Override
    public void close() {
        closed = true;
        commander.close();
        hearing.close();
    }

    @Override
    public String toString() {
        return "RedisLog(" + cluster + ")";
    }
}
