package io.switchboard.message;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The native envelope, version 1: how a publication travels between our own nodes. All numbers big-endian.
 *
 * <pre>
 *  0  u8   0x53 'S'           magic
 *  1  u8   0x42 'B'
 *  2  u8   version            1
 *  3  u8   kind               0 message, 1 join, 2 leave, 3 control
 *  4  u8   flags              bit 0 position follows, bit 1 notice, bits 2-3 exclusion, bits 4-5 content kind
 *  5  u64  incarnation        of the origin node
 * 13  u64  sequence           top byte the origin's event loop, the rest counts its publications from 1
 * 21  u64  time               origin's wall clock, ms
 * 29  u8+n node               name of the origin node
 *     u8+n topic
 *     u8+n user               of the sender, empty if none
 *     u8+n session            of the sender, empty if none
 *    [u64 offset, u8+n epoch] if flag bit 0
 *     u8   number of fields, then each: u8 type (bit 7: required), u32 length, bytes
 *     rest content            the message's bytes, unframed
 * </pre>
 *
 * Unknown fields are skipped; an unknown required one makes the publication {@linkplain Unsupported unsupported}.
 */
public final class Envelope {
    public static final int VERSION = 1;
    private static final byte MAGIC_0 = 0x53;
    private static final byte MAGIC_1 = 0x42;
    private static final int INCARNATION_AT = 5;
    private static final int NODE_AT = 29;
    private static final int POSITION = 1;
    private static final int NOTICE = 2;
    private static final int HIGHEST_KNOWN_FIELD = Fields.TOPIC_INFO;

    private Envelope() {}

    /** An envelope that is well formed, yet asks for something this version does not know. */
    public static final class Unsupported extends Exception {
        private static final long serialVersionUID = 1L;

        Unsupported(String message) {
            super(message, null, false, false);
        }
    }

    public static void encode(Publication publication, Sink sink) {
        Position position = publication.position();
        encodeHead(publication, position != null, sink);
        if (position != null) {
            sink.writeLong(position.offset());
            name(position.epoch(), sink);
        }
        encodeTail(publication, sink);
    }

    /**
     * What stands before the position, for whoever learns the position later; {@link #encodeTail} is what follows it.
     *
     * @param positioned whether one will be there
     */
    public static void encodeHead(Publication publication, boolean positioned, Sink sink) {
        sink.write(MAGIC_0);
        sink.write(MAGIC_1);
        sink.write((byte) VERSION);
        sink.write((byte) publication.kind().code);
        sink.write((byte) ((positioned ? POSITION : 0)
                | (publication.notice() ? NOTICE : 0)
                | publication.exclusion().code << 2
                | publication.message().kind().code << 4));
        sink.writeLong(publication.origin().incarnation());
        sink.writeLong(publication.sequence());
        sink.writeLong(publication.timeMillis());
        name(publication.origin().node(), sink);
        name(publication.topic().name(), sink);
        name(publication.sender().user(), sink);
        name(publication.sender().session(), sink);
    }

    /** What follows the position. */
    public static void encodeTail(Publication publication, Sink sink) {
        sink.write((byte) publication.fields().size());
        publication.fields().forEach((type, value) -> {
            sink.write(type.byteValue());
            length(value.length, sink);
            sink.write(value);
        });
        publication.message().writeTo(sink);
    }

    /**
     * Reads the whole remaining buffer as one envelope.
     *
     * @throws MalformedException if it is not one
     * @throws Unsupported if a later version, kind or required field is used
     */
    public static Publication decode(ByteBuffer in) throws MalformedException, Unsupported {
        return decode(in, Topic.ALL, Origin.UNKNOWN);
    }

    /**
     * The same; where topic and origin are those given, as nearly always on a channel, they are not made anew.
     *
     * @param topic what the publication most likely is to
     * @param origin where it most likely is from
     */
    public static Publication decode(ByteBuffer in, Topic topic, Origin origin) throws MalformedException, Unsupported {
        try {
            return read(in, topic, origin);
        } catch (BufferUnderflowException e) {
            throw new MalformedException("envelope ends early");
        } catch (IllegalArgumentException e) {
            throw new MalformedException("envelope: " + e.getMessage());
        }
    }

    /** Whether what remains in the buffer is an envelope from there. Reads nothing away. */
    public static boolean isFrom(Origin origin, ByteBuffer in) {
        int at = in.position();
        return in.remaining() > NODE_AT
                && in.get(at) == MAGIC_0
                && in.get(at + 1) == MAGIC_1
                && in.get(at + 2) == VERSION
                && in.getLong(at + INCARNATION_AT) == origin.incarnation()
                && isName(origin.node(), in, at + NODE_AT);
    }

    private static Publication read(ByteBuffer in, Topic likelyTopic, Origin likelyOrigin)
            throws MalformedException, Unsupported {
        if (in.get() != MAGIC_0 || in.get() != MAGIC_1) {
            throw new MalformedException("not an envelope: wrong magic");
        }
        int version = in.get() & 0xff;
        int kind = in.get() & 0xff;
        int flags = in.get() & 0xff;
        int exclusion = flags >> 2 & 3;
        int content = flags >> 4 & 3;
        if (version != VERSION || kind >= Publication.Kind.count()) {
            throw new Unsupported("envelope version " + version + ", kind " + kind);
        }
        if (exclusion >= Exclusion.count() || content >= Message.Kind.count()) {
            throw new Unsupported("envelope flags " + flags);
        }
        long incarnation = in.getLong();
        long sequence = in.getLong();
        long timeMillis = in.getLong();
        String node = name(in, likelyOrigin.node());
        Origin origin = incarnation == likelyOrigin.incarnation() && node.equals(likelyOrigin.node())
                ? likelyOrigin
                : new Origin(node, incarnation);
        String topicName = name(in, likelyTopic.name());
        Topic topic = topicName.equals(likelyTopic.name()) ? likelyTopic : Topic.of(topicName);
        String user = name(in);
        String session = name(in);
        Sender sender = user.isEmpty() && session.isEmpty() ? Sender.NONE : new Sender(user, session);
        @Nullable Position position = (flags & POSITION) == 0 ? null : new Position(in.getLong(), name(in));
        Fields fields = fields(in);
        Message message = Message.checked(Message.Kind.of(content), in);
        return new Publication(
                Publication.Kind.of(kind),
                topic,
                message,
                sender,
                Exclusion.of(exclusion),
                (flags & NOTICE) != 0,
                timeMillis,
                origin,
                sequence,
                position,
                fields);
    }

    private static Fields fields(ByteBuffer in) throws MalformedException, Unsupported {
        Fields fields = Fields.NONE;
        for (int left = in.get() & 0xff; left > 0; left--) {
            int type = in.get() & 0xff;
            int length = in.getInt();
            if (length < 0 || length > in.remaining()) {
                throw new MalformedException("envelope field " + type + " claims " + length + " bytes");
            }
            byte[] value = new byte[length];
            in.get(value);
            int number = type & ~Fields.REQUIRED;
            if (number >= 1 && number <= HIGHEST_KNOWN_FIELD) {
                fields = fields.with(number, value);
            } else if ((type & Fields.REQUIRED) != 0) {
                throw new Unsupported("required field " + number);
            }
        }
        return fields;
    }

    private static void length(int value, Sink sink) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            sink.write((byte) (value >>> shift));
        }
    }

    private static void name(String text, Sink sink) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 255) {
            throw new IllegalArgumentException("a name of " + bytes.length + " bytes does not fit an envelope");
        }
        sink.write((byte) bytes.length);
        sink.write(bytes);
    }

    /** The likely one itself if that is what is written. */
    private static String name(ByteBuffer in, String likely) {
        if (isName(likely, in, in.position())) {
            in.position(in.position() + 1 + likely.length());
            return likely;
        }
        return name(in);
    }

    /** Answers for ASCII only: of other names it says no, since their bytes are negative. */
    private static boolean isName(String text, ByteBuffer in, int at) {
        int length = text.length();
        if (at + length >= in.limit() || (in.get(at) & 0xff) != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (in.get(at + 1 + i) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static String name(ByteBuffer in) {
        int length = in.get() & 0xff;
        if (length == 0) {
            return "";
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
