package io.switchboard.message;

import org.jspecify.annotations.Nullable;

/**
 * A message to a topic.
 *
 * @param kind what it says; only CONTROL never reaches a client
 * @param sender who sent it
 * @param exclusion whom of the listeners it passes over
 * @param notice an announcement in the sender's name ("... joined"); lanes with join events of their own drop it
 * @param timeMillis wall clock of the origin, milliseconds since 1970; never used for order
 * @param origin the publishing node, {@link Origin#UNKNOWN} where the wire format carries none
 * @param sequence counts the publications of an event loop (top byte) of the origin's incarnation from 1; 0 where the
 *     wire format carries none
 * @param position where it stands in the topic's log, if the topic keeps history
 * @param fields what else the envelope carried
 */
public record Publication(
        Kind kind,
        Topic topic,
        Message message,
        Sender sender,
        Exclusion exclusion,
        boolean notice,
        long timeMillis,
        Origin origin,
        long sequence,
        @Nullable Position position,
        Fields fields) {

    /** What a publication says. */
    public enum Kind {
        MESSAGE(0),
        JOIN(1),
        LEAVE(2),
        CONTROL(3);

        private static final Kind[] ALL = values();

        /** How it is written in an envelope. */
        final int code;

        Kind(int code) {
            this.code = code;
        }

        static Kind of(int code) {
            return ALL[code];
        }

        static int count() {
            return ALL.length;
        }
    }

    public static Publication of(Topic topic, Message message) {
        return from(topic, message, Sender.NONE, Exclusion.NONE);
    }

    public static Publication from(Topic topic, Message message, Sender sender, Exclusion exclusion) {
        return new Publication(
                Kind.MESSAGE,
                topic,
                message,
                sender,
                exclusion,
                false,
                System.currentTimeMillis(),
                Origin.UNKNOWN,
                0,
                null,
                Fields.NONE);
    }

    public Publication asNotice() {
        return new Publication(
                kind, topic, message, sender, exclusion, true, timeMillis, origin, sequence, position, fields);
    }

    public Publication asKind(Kind other) {
        return new Publication(
                other, topic, message, sender, exclusion, notice, timeMillis, origin, sequence, position, fields);
    }

    public Publication numbered(Origin node, long number) {
        return new Publication(
                kind, topic, message, sender, exclusion, notice, timeMillis, node, number, position, fields);
    }

    public Publication at(Position place) {
        return new Publication(
                kind, topic, message, sender, exclusion, notice, timeMillis, origin, sequence, place, fields);
    }

    public Publication withFields(Fields more) {
        return new Publication(
                kind, topic, message, sender, exclusion, notice, timeMillis, origin, sequence, position, more);
    }
}
