package io.switchboard.bridges.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RespBufferTest {
    private final RespBuffer out = new RespBuffer();

    private String taken() {
        ByteBuf taken = out.take(UnpooledByteBufAllocator.DEFAULT);
        String text = taken.toString(StandardCharsets.UTF_8);
        taken.release();
        return text;
    }

    @Test
    void commandsAreWrittenOneAfterAnother() {
        out.command("GET", "schlüssel");
        out.command(2, "SUBSCRIBE");
        out.word("a:".getBytes(StandardCharsets.UTF_8), "b".getBytes(StandardCharsets.UTF_8));
        assertEquals("*2\r\n$3\r\nGET\r\n$10\r\nschlüssel\r\n*2\r\n$9\r\nSUBSCRIBE\r\n$3\r\na:b\r\n", taken());
        assertEquals("", taken());
    }

    @Test
    void aWordOfUnknownLengthMayBeShorterOrLongerThanGuessed() {
        int[] lengths = {0, 1, 9, 10, 11, 99, 100, 101, 999, 1_000, 99_999, 100_000, 3_000_000};
        for (int guess : lengths) {
            for (int length : lengths) {
                out.command(2, "X");
                int begin = out.beginWord(guess);
                String word = "abcdefghij".repeat(length / 10 + 1).substring(0, length);
                out.utf8(word);
                out.endWord(begin, guess);
                out.command("END");
                assertEquals("*2\r\n$1\r\nX\r\n$" + length + "\r\n" + word + "\r\n*1\r\n$3\r\nEND\r\n", taken());
            }
        }
    }

    @Test
    void whatIsCutOffIsForgotten() {
        out.command("A");
        int mark = out.size();
        out.command("B");
        out.beginWord(1_000_000);
        out.truncate(mark);
        out.command("C");
        assertEquals("*1\r\n$1\r\nA\r\n*1\r\n$1\r\nC\r\n", taken());
    }
}
