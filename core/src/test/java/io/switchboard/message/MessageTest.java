package io.switchboard.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "0",
                "-1.5e+7",
                "\"a\\u00e9\\n\"",
                "true",
                "false",
                "null",
                " {\"a\" : [1, {\"b\":null}] } ",
                "\"张😀\""
            })
    void jsonIsTakenAsItIs(String json) {
        assertEquals(json, Message.json(json).asText());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "{}{}",
                "{\"a\"}",
                "{\"a\":}",
                "{a:1}",
                "[1,]",
                "[1 2]",
                "{\"a\":1,}",
                "01",
                "1.",
                "-",
                "+1",
                "1e",
                "tru",
                "nullx",
                "\"",
                "\"\\x\"",
                "\"\\u12g4\"",
                "\"a\nb\"",
                "'a'",
                "}",
                "]"
            })
    void whatIsNotExactlyOneJsonValueIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> Message.json(text));
    }

    @Test
    void nestingIsBounded() {
        assertThrows(IllegalArgumentException.class, () -> Message.json("[".repeat(100_000)));
    }
}
