package io.switchboard.bench.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class StampTest {
    @Test
    void whatIsWrittenIsRead() {
        var bytes = new byte[200];
        Stamp.write(bytes, 17, 4_095, 16_777_215, 68_719_476_735L, 1L << 53, 123_456_789);
        int at = Stamp.find(bytes, 0, bytes.length, 3);
        assertEquals(17, at);
        assertEquals(4_095, Stamp.run(bytes, at));
        assertEquals(16_777_215, Stamp.publisher(bytes, at));
        assertEquals(68_719_476_735L, Stamp.number(bytes, at));
        assertEquals(1L << 53, Stamp.intended(bytes, at));
        assertEquals(123_456_789, Stamp.lag(bytes, at));
    }

    @Test
    void itSurvivesJsonAndUrls() {
        var bytes = new byte[Stamp.LENGTH];
        Stamp.write(bytes, 0, 1, 2, 3, 4, 5);
        var text = new String(bytes, StandardCharsets.US_ASCII);
        assertEquals(text, text.replaceAll("[^A-Za-z0-9_~-]", ""));
    }

    @Test
    void halfAStampIsNone() {
        var bytes = new byte[Stamp.LENGTH + 5];
        Stamp.write(bytes, 5, 1, 2, 3, 4, 5);
        assertEquals(5, Stamp.find(bytes, 0, bytes.length, 5));
        assertEquals(-1, Stamp.find(bytes, 0, bytes.length - 1, 5));
        assertEquals(-1, Stamp.find(bytes, 6, bytes.length, 0));
    }

    @Test
    void somethingElseAtItsPlaceIsSeen() {
        var bytes = new byte[Stamp.LENGTH];
        Stamp.write(bytes, 0, 1, 2, 3, 4, 5);
        Arrays.fill(bytes, 10, 12, (byte) '"');
        assertEquals(-1, Stamp.number(bytes, 0));
        assertEquals(2, Stamp.publisher(bytes, 0));
    }
}
