package io.switchboard.transport;

import io.switchboard.message.MalformedException;
import io.switchboard.message.Message;
import io.switchboard.message.Topic;
import io.switchboard.protocol.Command;
import io.switchboard.protocol.Encoder;
import io.switchboard.protocol.Event;
import io.switchboard.protocol.FrameSink;
import io.switchboard.protocol.Opening;
import io.switchboard.protocol.Refusal;
import io.switchboard.protocol.Request;
import io.switchboard.protocol.StreamEndpoint;
import io.switchboard.protocol.UplinkReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The commands of {@link TextEndpoint} over streams; and {@code uplink}, which tells where to say more. */
record LineEndpoint(String path, Form form, Set<String> methods) implements StreamEndpoint<LineEndpoint.Way> {
    private static final TextEndpoint WORDS = new TextEndpoint("lines", "/");
    private static final Encoder AS_TEXT = (event, out) -> encode(event, true, out);
    private static final Encoder AS_BINARY = (event, out) -> encode(event, false, out);
    private static final UplinkReader READER = new Reader();

    record Way(Supplier<Uplink> uplink) {}

    /** {@code node key what is said}. */
    private record Reader() implements UplinkReader {
        @Override
        public String path() {
            return "/say";
        }

        @Override
        public Said read(Message body) throws MalformedException {
            String[] words = new String(body.toByteArray(), StandardCharsets.ISO_8859_1).split(" ", 3);
            if (words.length < 3) {
                throw new MalformedException("not of the form: node key text");
            }
            byte[] said = words[2].getBytes(StandardCharsets.ISO_8859_1);
            return new Said(words[0], words[1], Message.checked(body.kind(), ByteBuffer.wrap(said)));
        }
    }

    @Override
    public String protocol() {
        return "lines";
    }

    @Override
    public String contentType(Request request) {
        return form == Form.EVENTS
                ? "text/event-stream"
                : isBinary(request) ? "application/octet-stream" : "text/plain";
    }

    private static boolean isBinary(Request request) {
        return request.header("content-type")
                .filter("application/octet-stream"::equals)
                .isPresent();
    }

    @Override
    public Message first(Request request, Message body) throws Refusal.Thrown {
        if (body.length() > 0) {
            return body;
        }
        String said = request.query().get("say");
        if (said == null) {
            throw new Refusal.Thrown(Refusal.of(400, "nothing is said"));
        }
        return Message.text(said);
    }

    @Override
    public Opening<Way> open(Request request, Supplier<Uplink> uplink) throws Refusal.Thrown {
        String user = WORDS.open(request).user();
        return new Opening<>(user, "", List.of(Topic.ALL), new Way(uplink));
    }

    @Override
    public Encoder encoder() {
        return AS_TEXT;
    }

    @Override
    public List<Encoder> encoders() {
        return List.of(AS_TEXT, AS_BINARY);
    }

    @Override
    public Encoder encoder(Request request) {
        return isBinary(request) ? AS_BINARY : AS_TEXT;
    }

    @Override
    public Optional<UplinkReader> uplinkReader() {
        return Optional.of(READER);
    }

    @Override
    public void decode(Way state, Message.Kind kind, ByteBuffer content, Consumer<Command> commands) {
        String all = StandardCharsets.UTF_8.decode(content.duplicate()).toString();
        if (kind == Message.Kind.BINARY) {
            WORDS.decode("", kind, content, commands);
            return;
        }
        for (String line : all.split(";", -1)) {
            if (line.equals("uplink")) {
                Uplink uplink = state.uplink().get();
                commands.accept(new Command.Echo(Message.text(uplink.node() + " " + uplink.key())));
            } else {
                WORDS.decode("", kind, ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)), commands);
            }
        }
    }

    private static void encode(Event event, boolean text, FrameSink out) {
        if (event instanceof Event.Closing(var reason)) {
            out.begin(text, 0);
            out.utf8("closing " + reason.code() + " " + reason.text());
            out.end();
            return;
        }
        WORDS.encoder().encode(event, new FrameSink() {
            @Override
            public void begin(boolean ignored, int lengthHint) {
                out.begin(text, lengthHint);
            }

            @Override
            public void end() {
                out.end();
            }

            @Override
            public void write(byte value) {
                out.write(value);
            }

            @Override
            public void write(byte[] source, int from, int length) {
                out.write(source, from, length);
            }
        });
    }
}
