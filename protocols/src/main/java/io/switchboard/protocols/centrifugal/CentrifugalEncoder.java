package io.switchboard.protocols.centrifugal;

import io.switchboard.message.Message;
import io.switchboard.message.Publication;
import io.switchboard.protocol.CloseReason;
import io.switchboard.protocol.Encoder;
import io.switchboard.protocol.Event;
import io.switchboard.protocol.FrameSink;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Spells events: each one frame, one JSON object or one Protobuf message after its length. One instance for each
 * dialect, so that all its clients share the bytes.
 */
final class CentrifugalEncoder implements Encoder {
    private static final int PUB = 4;
    private static final int JOIN = 5;
    private static final int LEAVE = 6;
    private static final int MESSAGE = 8;
    private static final int PUSH = 4;
    private static final int CHANNEL = 2;
    private static final int ENVELOPE_BYTES = 128;
    private static final byte[] JSON_PING = {'{', '}'};
    private static final byte[] PROTOBUF_PING = {0};

    private final Dialect dialect;

    CentrifugalEncoder(Dialect dialect) {
        this.dialect = dialect;
    }

    @Override
    public void encode(Event event, FrameSink out) {
        switch (event) {
            case Event.Published(Publication publication) -> published(publication, out);
            case Event.Attended(Publication publication, boolean present) ->
                push(64, out, writer -> {
                    writer.text(CHANNEL, publication.topic().name());
                    writer.begin(present ? JOIN : LEAVE, Shape.ATTENDANCE);
                    writer.begin(1, Shape.CLIENT_INFO);
                    PublicationWriter.info(publication, writer);
                    writer.end();
                    writer.end();
                });
            case Event.Said(Event.Special what) -> {
                if (what instanceof Reply reply) {
                    reply(reply, out);
                }
            }
            case Event.Closing(CloseReason reason) -> closing(Ending.of(reason), out);
            // What follows is said in other words: by replies, and by pushes that end a subscription.
            case Event.Joined joined -> {}
            case Event.Left left -> {}
            case Event.Echoed echoed -> {}
            case Event.Refused refused -> {}
            case Event.Gap gap -> {}
        }
    }

    // Publications

    private void published(Publication publication, FrameSink out) {
        if (publication.topic().isIn("session")) {
            push(publication.message().length(), out, writer -> {
                writer.begin(MESSAGE, Shape.DATA);
                writer.data(1, publication.message());
                writer.end();
            });
        } else if (!dialect.json() && PublicationWriter.isBare(publication)) {
            BarePublication.write(dialect, publication, out);
        } else {
            publication(publication, PublicationWriter::members, out);
        }
    }

    @Override
    public void encodeDelta(Publication publication, @Nullable Publication before, FrameSink out) {
        byte[] patch = before == null
                ? null
                : Fossil.patchOrNull(
                        before.message().toByteArray(), publication.message().toByteArray());
        publication(publication, (published, writer) -> PublicationWriter.deltaMembers(published, patch, writer), out);
    }

    private void publication(Publication publication, WireWriter.Item<Publication> members, FrameSink out) {
        push(publication.message().length(), out, writer -> {
            writer.text(CHANNEL, publication.topic().name());
            writer.begin(PUB, Shape.PUBLICATION);
            members.write(publication, writer);
            writer.end();
        });
    }

    // Replies

    private void reply(Reply reply, FrameSink out) {
        switch (reply) {
            case Reply.Ping ping -> ping(out);
            case Reply.Pushed(String channel, Reply.Push push) ->
                push(64, out, writer -> ReplyWriter.pushed(channel, push, writer));
            case Reply.Answer answer -> message(Shape.REPLY, 64, out, writer -> ReplyWriter.answer(answer, writer));
            case Reply.Failed failed -> message(Shape.REPLY, 64, out, writer -> ReplyWriter.failed(failed, writer));
        }
    }

    private void ping(FrameSink out) {
        byte[] ping = dialect.json() ? JSON_PING : PROTOBUF_PING;
        out.begin(dialect.json(), ping.length);
        out.write(ping);
        out.end();
    }

    /** Where there is no close frame it is said in band. */
    private void closing(CloseReason reason, FrameSink out) {
        if (dialect.saysGoodbye() && reason.code() != Ending.CLOSED.code()) {
            push(64, out, writer -> ReplyWriter.disconnected(reason, writer));
        }
    }

    // Frames

    private interface Members {
        void write(WireWriter out);
    }

    /** A push stands in a reply, or alone where nothing but pushes is ever said. */
    private void push(int length, FrameSink out, Members members) {
        if (dialect.unidirectional()) {
            message(Shape.PUSH, length, out, members);
        } else {
            message(Shape.REPLY, length, out, writer -> {
                writer.begin(PUSH, Shape.PUSH);
                members.write(writer);
                writer.end();
            });
        }
    }

    private void message(Shape shape, int length, FrameSink out, Members members) {
        if (dialect.json()) {
            out.begin(true, length + ENVELOPE_BYTES);
            var writer = new JsonWriter(out, shape);
            members.write(writer);
            writer.end();
            out.end();
        } else {
            var writer = new ProtobufWriter();
            members.write(writer);
            byte[] message = writer.toByteArray();
            out.begin(false, message.length + 5);
            ProtobufWriter.varint(message.length, out);
            out.write(message);
            out.end();
        }
    }

    /** A publication with nothing but its data, in Protobuf, without a detour: lengths first, then each byte once. */
    private static final class BarePublication {
        private static final byte BYTES = 2;

        private BarePublication() {}

        static void write(Dialect dialect, Publication publication, FrameSink out) {
            byte[] channel = publication.topic().name().getBytes(StandardCharsets.UTF_8);
            Message message = publication.message();
            int data = message.length() == 0 ? 0 : member(message.length());
            int push = member(channel.length) + member(data);
            int whole = dialect.unidirectional() ? push : member(push);
            out.begin(false, whole + 5);
            ProtobufWriter.varint(whole, out);
            if (!dialect.unidirectional()) {
                head(PUSH, push, out);
            }
            head(CHANNEL, channel.length, out);
            out.write(channel);
            head(PUB, data, out);
            if (data > 0) {
                head(PublicationWriter.DATA, message.length(), out);
                message.writeTo(out);
            }
            out.end();
        }

        private static int member(int length) {
            return 1 + ProtobufWriter.varintLength(length) + length;
        }

        private static void head(int number, int length, FrameSink out) {
            out.write((byte) (number << 3 | BYTES));
            ProtobufWriter.varint(length, out);
        }
    }
}
