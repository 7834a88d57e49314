package io.switchboard.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TypesTest {
    private final ValueType<Integer> size = Types.size(0, Integer.MAX_VALUE);
    private final ValueType<Duration> duration = Types.duration(Duration.ZERO, Duration.ofDays(9));

    @ParameterizedTest
    @CsvSource({"0, 0", "65536, 65536", "64KiB, 65536", "64 kib, 65536", "1MiB, 1048576", "1.5KiB, 1536", "12B, 12"})
    void sizes(String text, int bytes) throws BadValue {
        assertEquals(bytes, parse(size, text));
    }

    @ParameterizedTest
    @CsvSource({"500ms, PT0.5S", "10s, PT10S", "1.5s, PT1.5S", "5m, PT5M", "1h, PT1H", "2d, PT48H", "0, PT0S"})
    void durations(String text, Duration span) throws BadValue {
        assertEquals(span, parse(duration, text));
    }

    @ParameterizedTest
    @CsvSource({
        "64KB, '\"64KB\" has a unit that is not known here; write 64KiB (units are B, KiB, MiB, GiB)'",
        "3m, '\"3m\" has a unit that is not known here; write 3MiB (units are B, KiB, MiB, GiB)'",
        "-1, '\"-1\" is not a size; give a size from 1KiB to 1MiB, such as 65536, 64KiB or 1MiB'",
        "2MiB, '\"2MiB\" is too large; give a size from 1KiB to 1MiB, such as 65536, 64KiB or 1MiB'",
        "1023, '\"1023\" is too small; give a size from 1KiB to 1MiB, such as 65536, 64KiB or 1MiB'",
        "1.5, '\"1.5\" is no whole number of its smallest unit;"
                + " give a size from 1KiB to 1MiB, such as 65536, 64KiB or 1MiB'"
    })
    void badSizes(String text, String message) {
        assertEquals(message, complaint(Types.size(1024, 1024 * 1024), text));
    }

    @ParameterizedTest
    @CsvSource({
        "30, '\"30\" has no unit; write 30s for seconds, 30ms for milliseconds'",
        "soon, '\"soon\" is not a duration; give a duration from 1s to 1h, such as 500ms, 10s, 5m or 1h'",
        "3y, '\"3y\" has a unit that is not known here; use one of ms, s, m, h, d, such as 10s'",
        "10ms, '\"10ms\" is too small; give a duration from 1s to 1h, such as 500ms, 10s, 5m or 1h'",
        "999999999999999999d,"
                + " '\"999999999999999999d\" is no whole number of its smallest unit;"
                + " give a duration from 1s to 1h, such as 500ms, 10s, 5m or 1h'"
    })
    void badDurations(String text, String message) {
        assertEquals(message, complaint(Types.duration(Duration.ofSeconds(1), Duration.ofHours(1)), text));
    }

    @Test
    void booleansAreTrueOrFalseAndNothingElse() throws BadValue {
        assertEquals(true, parse(Types.bool(), "true"));
        assertEquals("\"yes\" is neither true nor false; write true or false", complaint(Types.bool(), "yes"));
    }

    @Test
    void anOptionalValueMayBeNone() throws BadValue {
        var type = Types.optional(Types.integer(1, 2));
        assertEquals(Optional.empty(), parse(type, "none"));
        assertEquals(Optional.of(2), parse(type, "2"));
    }

    @Test
    void aLongTextIsQuotedInPart() {
        var message = complaint(Types.bool(), "x".repeat(1000));
        assertEquals("\"" + "x".repeat(60) + "…\" is neither true nor false; write true or false", message);
    }

    @Test
    void slipsOfTheFingerAreCounted() {
        assertEquals(0, Nearest.distance("abc", "abc"));
        assertEquals(1, Nearest.distance("abc", "acb"));
        assertEquals(1, Nearest.distance("abc", "ab"));
        assertEquals(1, Nearest.distance("abc", "abcd"));
        assertEquals(1, Nearest.distance("abc", "axc"));
        assertEquals(3, Nearest.distance("", "abc"));
        assertEquals(Optional.of("frame_bytes"), Nearest.to("frameBytes", List.of("frame_bytes", "message_bytes")));
        assertEquals(Optional.empty(), Nearest.to("zebra", List.of("frame_bytes", "message_bytes")));
    }

    private static <T> T parse(ValueType<T> type, String text) throws BadValue {
        return type.parse(List.of(text));
    }

    private static String complaint(ValueType<?> type, String text) {
        var bad = assertThrows(BadValue.class, () -> parse(type, text));
        return bad.getMessage() + "; " + bad.cure();
    }
}
