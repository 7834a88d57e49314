package io.switchboard.checks.vectors;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A JSON value. What is absent is empty here, so that readers of vectors need no null. */
public sealed interface Json {
    /** Fields in their order. */
    record Struct(Map<String, Json> fields) implements Json {
        public Struct {
            fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        }
    }

    record Sequence(List<Json> values) implements Json {
        public Sequence {
            values = List.copyOf(values);
        }
    }

    record Text(String value) implements Json {}

    record Numeral(BigDecimal value) implements Json {}

    record Flag(boolean value) implements Json {}

    record Nothing() implements Json {}

    /** The field of that name; empty if this is no object or has none. */
    default Optional<Json> field(String name) {
        return this instanceof Struct(var fields) ? Optional.ofNullable(fields.get(name)) : Optional.empty();
    }

    /** The field as text; empty text if absent. */
    default String text(String name) {
        return field(name).map(Json::text).orElse("");
    }

    default int whole(String name, int otherwise) {
        return field(name)
                .map(value -> new BigDecimal(value.text()).intValueExact())
                .orElse(otherwise);
    }

    default boolean flag(String name, boolean otherwise) {
        return field(name).map(value -> Boolean.parseBoolean(value.text())).orElse(otherwise);
    }

    /** The items of the field; none if absent. */
    default List<Json> list(String name) {
        return field(name).map(Json::items).orElse(List.of());
    }

    default List<Json> items() {
        if (this instanceof Sequence(var values)) {
            return values;
        }
        throw new IllegalArgumentException("not a list: " + this);
    }

    /** A scalar as it would be read aloud. */
    default String text() {
        return switch (this) {
            case Text(var value) -> value;
            case Numeral(var value) -> value.toPlainString();
            case Flag(var value) -> Boolean.toString(value);
            case Nothing() -> "";
            case Struct struct -> throw new IllegalArgumentException("not a scalar: " + struct);
            case Sequence sequence -> throw new IllegalArgumentException("not a scalar: " + sequence);
        };
    }
}
