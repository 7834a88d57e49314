package io.switchboard.bridges.redis;

import java.util.List;

/** A reply of Redis as objects, for everything that is not on the hot path. */
sealed interface RespValue {
    /** A status, a bulk string or any other scalar but a whole number. */
    record Text(String text) implements RespValue {}

    record Whole(long number) implements RespValue {}

    /** An error reply; its first word is its code. */
    record Failure(String text) implements RespValue {
        boolean is(String code) {
            return text.startsWith(code);
        }

        String code() {
            int space = text.indexOf(' ');
            return space < 0 ? text : text.substring(0, space);
        }
    }

    /** An array, a set, a push, or a map as keys and values in turn. */
    record Items(List<RespValue> items) implements RespValue {}

    record Nil() implements RespValue {}

    /** The scalar as text; empty for what is none. */
    default String asText() {
        return switch (this) {
            case Text(var text) -> text;
            case Whole(var number) -> Long.toString(number);
            case Failure(var text) -> text;
            case Items(var _items) -> "";
            case Nil() -> "";
        };
    }

    /** The items, none for a scalar. */
    default List<RespValue> asItems() {
        return this instanceof Items(var items) ? items : List.of();
    }
}
