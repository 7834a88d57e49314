package io.switchboard.transport.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.switchboard.hub.FrameBatch;
import io.switchboard.protocol.StreamEndpoint.Form;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamFramingTest {
    private static final int[] HINTS = {0, 1, 8, 15, 16, 255, 256, 4_095, 4_096, 100_000};

    private static Frames open(Form form) {
        return (Frames) new StreamFraming(form, ByteBufAllocator.DEFAULT).open(128);
    }

    private static void frame(FrameBatch batch, boolean text, int hint, String content) {
        batch.begin(text, hint);
        batch.utf8(content);
        batch.end();
    }

    private static String taken(Frames frames) {
        ByteBuf all = frames.retainedSlice(0, frames.size());
        frames.release();
        String text = all.toString(StandardCharsets.UTF_8);
        all.release();
        return text;
    }

    private static String chunk(String content) {
        return Integer.toHexString(content.length()) + "\r\n" + content + "\r\n";
    }

    @Test
    void framesOfAnotherBatchFollowWithoutWhatWasNotFinished() {
        var one = open(Form.LINES);
        frame(one, true, 8, "one");
        one.begin(true, 8);
        one.utf8("unfinished");
        var other = open(Form.LINES);
        frame(other, true, 8, "two");
        frame(other, true, 8, "three");
        other.begin(true, 8);
        other.utf8("unfinished");
        one.append(other);
        other.release();
        frame(one, true, 8, "four");
        assertEquals(chunk("one\n") + chunk("two\n") + chunk("three\n") + chunk("four\n"), taken(one));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 14, 15, 16, 247, 248, 254, 255, 256, 4_094, 4_095, 4_096, 65_535, 65_536, 1 << 20})
    void frameIsRightWhateverLengthWasGuessed(int length) {
        String content = "x".repeat(length);
        for (int hint : HINTS) {
            for (boolean text : new boolean[] {true, false}) {
                var lines = open(Form.LINES);
                frame(lines, true, hint, "a");
                frame(lines, text, hint, content);
                frame(lines, true, hint, "b");
                String middle = text ? chunk(content + "\n") : length == 0 ? "" : chunk(content);
                assertEquals(chunk("a\n") + middle + chunk("b\n"), taken(lines));

                var events = open(Form.EVENTS);
                frame(events, text, hint, content);
                frame(events, true, hint, "b");
                assertEquals(chunk("data: " + content + "\n\n") + chunk("data: b\n\n"), taken(events));
            }
        }
    }

    @Test
    void linesOfAnEventAreToldOneByOne() {
        var events = open(Form.EVENTS);
        frame(events, true, 1, "\na\r\n\r\rb\n");
        assertEquals(chunk("data: \ndata: a\ndata: \ndata: \ndata: b\ndata: \n\n"), taken(events));
    }

    @Test
    void whatAnEncoderDidNotFinishIsNotSent() {
        var lines = open(Form.LINES);
        frame(lines, true, 2, "ok");
        int size = lines.size();
        lines.begin(true, 2);
        lines.utf8("half");
        assertEquals(size, lines.size());
        frame(lines, true, 2, "later");
        assertEquals(chunk("ok\n") + chunk("later\n"), taken(lines));
    }
}
