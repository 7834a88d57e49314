package io.switchboard.protocols.centrifugal;

import io.switchboard.message.Fields;
import io.switchboard.message.Message;
import io.switchboard.message.Position;
import io.switchboard.message.Publication;
import io.switchboard.message.Sender;
import io.switchboard.message.Tags;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Spells publications, in whichever form they are written. */
final class PublicationWriter {
    static final int DATA = 4;
    static final int OFFSET = 6;

    private PublicationWriter() {}

    static void members(Publication publication, WireWriter out) {
        out.data(DATA, publication.message());
        others(publication, false, out);
    }

    /** For listeners that hear differences: text, whole or, with {@code patch}, what differs. */
    static void deltaMembers(Publication publication, byte @Nullable [] patch, WireWriter out) {
        out.textData(DATA, patch == null ? publication.message().toByteArray() : patch);
        others(publication, patch != null, out);
    }

    /** What stands beside the data. */
    private static void others(Publication publication, boolean delta, WireWriter out) {
        if (!isAnonymous(publication)) {
            out.begin(5, Shape.CLIENT_INFO);
            info(publication, out);
            out.end();
        }
        Position position = publication.position();
        if (position != null) {
            out.number(OFFSET, position.offset());
        }
        Fields fields = publication.fields();
        if (fields.has(Fields.TAGS)) {
            out.texts(7, Tags.of(fields));
        }
        out.flag(8, delta);
        if (position != null) {
            out.number(9, publication.timeMillis());
            if (position.offset() == 1) {
                out.text(14, position.epoch());
            }
        }
    }

    /** Whether nothing is known of who sent it. */
    static boolean isAnonymous(Publication publication) {
        Sender sender = publication.sender();
        return sender.user().isEmpty() && sender.session().isEmpty();
    }

    /** Whether it has nothing but its data. */
    static boolean isBare(Publication publication) {
        return publication.position() == null
                && isAnonymous(publication)
                && publication.fields().size() == 0;
    }

    /** Who sent it, or came, or went. */
    static void info(Publication publication, WireWriter out) {
        out.fullText(1, publication.sender().user());
        out.fullText(2, publication.sender().session());
        out.data(3, field(publication, Fields.INFO));
        out.data(4, field(publication, Fields.TOPIC_INFO));
    }

    private static @Nullable Message field(Publication publication, int field) {
        Fields fields = publication.fields();
        ByteBuffer bytes = fields.has(field) ? fields.get(field) : null;
        return bytes == null || !bytes.hasRemaining() ? null : Message.validated(Message.Kind.JSON, bytes);
    }

    /** Publications of one channel in order: the first whole, each other by how it differs from the one before. */
    static final class Chain implements WireWriter.Item<Publication> {
        private byte @Nullable [] before;

        @Override
        public void write(Publication publication, WireWriter out) {
            byte[] whole = publication.message().toByteArray();
            byte[] base = before;
            deltaMembers(publication, base == null ? null : Fossil.patchOrNull(base, whole), out);
            before = whole;
        }
    }
}
