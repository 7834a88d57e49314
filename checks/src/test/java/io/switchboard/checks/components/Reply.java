package io.switchboard.checks.components;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What Redis answers. */
public sealed interface Reply {
    /** A status, such as {@code OK}. */
    record Status(String line) implements Reply {}

    /** An error, such as {@code ERR unknown command}. */
    record Failure(String line) implements Reply {}

    record Whole(long value) implements Reply {}

    record Bulk(ByteBuffer bytes) implements Reply {}

    record Array(List<Reply> items) implements Reply {}

    /** Nothing there. */
    record Nil() implements Reply {}

    /** The answer as text; only one that is a status, a number or bytes has one. */
    default String text() {
        return switch (this) {
            case Status(var line) -> line;
            case Whole(var value) -> Long.toString(value);
            case Bulk(var bytes) ->
                StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
            case Failure(var line) -> throw new AssertionError("Redis answered: " + line);
            case Array(var items) -> throw new AssertionError("not a text but a list: " + items);
            case Nil() -> throw new AssertionError("not a text but nil");
        };
    }

    default long number() {
        return Long.parseLong(text());
    }

    default List<Reply> items() {
        if (this instanceof Array(var items)) {
            return items;
        }
        throw new AssertionError("not a list: " + this);
    }
}
