package io.switchboard.protocols.centrifugal;

import io.switchboard.message.Message;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes one message, member by member. What is empty, zero or false is left out, unless it is written in full. */
interface WireWriter {
    /** Begins a message that is a member of the one begun before; it is written even if it stays empty. */
    void begin(int number, Shape shape);

    void end();

    void text(int number, String value);

    /** Written even if it is empty, where the form tells the two apart. */
    void fullText(int number, String value);

    /** Without a sign. */
    void number(int number, long value);

    /** Written even if it is zero, where the form tells the two apart. */
    void fullNumber(int number, long value);

    void flag(int number, boolean value);

    /** The application's own; left out if null. */
    void data(int number, @Nullable Message value);

    /** What both ends take for text, though it need not be JSON: in JSON a string. */
    void textData(int number, byte[] value);

    /** Written even if there are none. */
    <T> void list(int number, Shape shape, Iterable<T> values, Item<T> item);

    /** Written even if there are none. */
    <T> void map(int number, Shape shape, Map<String, T> values, Item<T> item);

    void texts(int number, Map<String, String> values);

    /** Writes the members of one of several messages. */
    interface Item<T> {
        void write(T value, WireWriter out);
    }
}
