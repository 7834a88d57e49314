package io.switchboard.server.config;

import java.util.List;

/** How the text of a key becomes a value, and what to say when it does not. */
interface ValueType<T> {

    /** The value; scalars find exactly one item here. */
    T parse(List<String> items) throws BadValue;

    /** What would be right, to follow "give": "a whole number from 0 to 65535". */
    String expected();

    /** Whether a YAML sequence may stand here, and commas separate items elsewhere. */
    default boolean list() {
        return false;
    }

    /** A type of one text. */
    static <T> ValueType<T> scalar(String expected, Parser<T> parser) {
        return new ValueType<>() {
            @Override
            public T parse(List<String> items) throws BadValue {
                return parser.parse(items.getFirst().strip());
            }

            @Override
            public String expected() {
                return expected;
            }
        };
    }

    /** One text to one value. */
    interface Parser<T> {
        T parse(String text) throws BadValue;
    }
}
