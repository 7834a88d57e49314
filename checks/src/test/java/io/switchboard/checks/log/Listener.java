package io.switchboard.checks.log;

import io.switchboard.hub.Arrival;
import io.switchboard.hub.FrameBatch;
import io.switchboard.hub.Lane;
import io.switchboard.hub.Outlet;
import io.switchboard.hub.Session;
import io.switchboard.message.ByteArraySink;
import io.switchboard.message.Message;
import io.switchboard.message.Position;
import io.switchboard.message.Topic;
import io.switchboard.node.Node;
import io.switchboard.protocol.CloseReason;
import io.switchboard.protocol.Command;
import io.switchboard.protocol.Conversation;
import io.switchboard.protocol.Encoder;
import io.switchboard.protocol.Endpoint;
import io.switchboard.protocol.Event;
import io.switchboard.protocol.FrameSink;
import io.switchboard.protocol.Listening;
import io.switchboard.protocol.Namespace;
import io.switchboard.protocol.Opening;
import io.switchboard.protocol.Refusal;
import io.switchboard.protocol.Request;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A client of a node without a port: listens by position, and writes down what it is told. */
final class Listener implements Arrival, Outlet, Endpoint<String>, Encoder {
    /** As {@code start OFFSET [recovered]}, the texts of what it missed and of what followed, {@code lost}. */
    final List<String> heard = new CopyOnWriteArrayList<>();

    final AtomicReference<@Nullable Position> began = new AtomicReference<>();
    private final Topic topic;
    private final @Nullable Position since;
    private final Lane lane = new Lane(this, Frames::new);

    private Listener(Topic topic, @Nullable Position since) {
        this.topic = topic;
        this.since = since;
    }

    /** @param since what it heard last; null to begin now */
    static Listener of(Node node, Topic topic, @Nullable Position since) {
        var listener = new Listener(topic, since);
        node.hub().connect(0, listener);
        return listener;
    }

    @Override
    public void opened(String state, Conversation with) {
        var listening = new Listening(true, since, Namespace.Recovery.STREAM, false, false, false, null, null);
        with.listen(topic, listening, new Listening.Answer() {
            @Override
            public void begins(Listening.Start start) {
                Position position = start.position();
                began.set(position);
                heard.add("start" + (start.recovered() ? " recovered" : ""));
                start.missed()
                        .forEach(publication -> heard.add(publication.message().asText()));
            }

            @Override
            public void fails(Event.Reason reason, String detail) {
                heard.add("failed");
            }
        });
    }

    @Override
    public void lost(String state, Conversation with, Topic of) {
        heard.add("lost");
    }

    @Override
    public void encode(Event event, FrameSink out) {
        if (event instanceof Event.Published(var publication)) {
            heard.add(publication.message().asText());
        }
    }

    // A connection without a socket

    @Override
    public Request request() {
        return new Request("/plain", Map.of(), Map.of(), Map.of(), "127.0.0.1");
    }

    @Override
    public Endpoint<?> endpoint() {
        return this;
    }

    @Override
    public Opening<?> opening() {
        return new Opening<>("", "", List.of(), "");
    }

    @Override
    public String user() {
        return "";
    }

    @Override
    public void identify(String user) {}

    @Override
    public Lane lane() {
        return lane;
    }

    @Override
    public Outlet outlet() {
        return this;
    }

    @Override
    public boolean isGone() {
        return false;
    }

    @Override
    public void admitted(Session session) {}

    @Override
    public void refused(Refusal refusal) {
        heard.add("refused " + refusal.status());
    }

    @Override
    public Offer offer(FrameBatch batch, int from, int to) {
        return Offer.QUEUED;
    }

    @Override
    public void close(CloseReason reason) {
        heard.add("closed " + reason.code());
    }

    @Override
    public void pause() {}

    @Override
    public void resume() {}

    @Override
    public String protocol() {
        return "plain";
    }

    @Override
    public String path() {
        return "/plain";
    }

    @Override
    public Opening<String> open(Request request) {
        return new Opening<>("", "", List.of(), "");
    }

    @Override
    public Encoder encoder() {
        return this;
    }

    @Override
    public void decode(String state, Message.Kind kind, ByteBuffer content, Consumer<Command> commands) {}

    /** Frames that nobody reads. */
    private static final class Frames implements FrameBatch {
        private final ByteArraySink bytes;

        Frames(int sizeHint) {
            bytes = new ByteArraySink(sizeHint);
        }

        @Override
        public void begin(boolean text, int lengthHint) {}

        @Override
        public void end() {}

        @Override
        public void write(byte value) {
            bytes.write(value);
        }

        @Override
        public void write(byte[] source, int from, int length) {
            bytes.write(source, from, length);
        }

        @Override
        public int size() {
            return bytes.size();
        }

        @Override
        public void append(FrameBatch other) {
            byte[] frames = ((Frames) other).bytes.toByteArray();
            bytes.write(frames, 0, frames.length);
        }

        @Override
        public void release() {}
    }
}
