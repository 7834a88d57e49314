package io.switchboard.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicTest {
    @ParameterizedTest
    @CsvSource({
        "user:42, user, 42",
        "group:a:b, group, a:b",
        "$secret:x, secret, x",
        "all, all, all",
        "news, '', news",
        "':x', '', x",
        "allies, '', allies",
        "'all:x', all, x"
    })
    void theNamespaceIsWhatStandsBeforeTheFirstColon(String name, String namespace, String rest) {
        Topic topic = Topic.of(name);
        assertEquals(namespace, topic.namespace());
        assertEquals(rest, topic.rest());
        assertTrue(topic.isIn(namespace));
        assertFalse(topic.isIn(namespace + "x"));
        assertFalse(topic.isIn("other"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\nb", "a\u0000", "\u007f", "\u0085", "\ud800x"})
    void namesThatCouldHurtAreRefused(String name) {
        assertThrows(IllegalArgumentException.class, () -> Topic.of(name));
    }

    @Test
    void aNameHasAtMost255BytesOfUtf8() {
        assertEquals(255, Topic.of("张".repeat(85)).name().length() * 3);
        var error = assertThrows(IllegalArgumentException.class, () -> Topic.of("张".repeat(86)));
        assertEquals("topic has 258 bytes, the limit is 255", error.getMessage());
        assertThrows(IllegalArgumentException.class, () -> Topic.of("😀".repeat(64)));
    }
}
