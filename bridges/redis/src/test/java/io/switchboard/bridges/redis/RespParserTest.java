package io.switchboard.bridges.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.switchboard.message.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RespParserTest {
    /** Writes down what is found. */
    private static final class Found implements RespHandler {
        final List<String> all = new ArrayList<>();

        @Override
        public void number(long value) {
            all.add(":" + value);
        }

        @Override
        public void message(ByteBuf in, int channel, int channelLength, int payload, int payloadLength) {
            all.add(in.toString(channel, channelLength, StandardCharsets.UTF_8) + "="
                    + in.toString(payload, payloadLength, StandardCharsets.UTF_8));
        }

        @Override
        public void oversized(long payloadLength) {
            all.add("skipped " + payloadLength);
        }

        @Override
        public void other(RespValue value) {
            all.add(value.toString());
        }
    }

    private static List<String> parse(String resp) throws MalformedException {
        var found = new Found();
        new RespParser().parse(Unpooled.copiedBuffer(resp, StandardCharsets.UTF_8), found);
        return found.all;
    }

    private static final String EVERYTHING = """
            :7
            :-1
            +OK
            -ERR no
            $3
            abc
            $-1
            *-1
            $0

            *3
            $7
            message
            $2
            ch
            $5
            a
            bc
            >3
            $8
            smessage
            $2
            ch
            $0

            *3
            $9
            subscribe
            $2
            ch
            :1
            *3
            $10
            ssubscribe
            $2
            ch
            :1
            *3
            $3
            abc
            $1
            x
            $1
            y
            %1
            $1
            k
            :5
            ~1
            +a
            _
            #t
            ,1.5
            (123
            =5
            txt:x
            !5
            ERR x
            |1
            +k
            +v
            +with attribute
            *2
            *1
            :1
            *0
            *3
            $7
            message
            $0

            $1
            z
            """.replace("\n", "\r\n");

    private static final List<String> FOUND = List.of(
            ":7",
            ":-1",
            "Text[text=OK]",
            "Failure[text=ERR no]",
            "Text[text=abc]",
            "Nil[]",
            "Nil[]",
            "Text[text=]",
            "ch=a\r\nbc",
            "ch=",
            "Items[items=[Text[text=subscribe], Text[text=ch], Whole[number=1]]]",
            "Items[items=[Text[text=ssubscribe], Text[text=ch], Whole[number=1]]]",
            "Items[items=[Text[text=abc], Text[text=x], Text[text=y]]]",
            "Items[items=[Text[text=k], Whole[number=5]]]",
            "Items[items=[Text[text=a]]]",
            "Nil[]",
            "Text[text=t]",
            "Text[text=1.5]",
            "Text[text=123]",
            "Text[text=txt:x]",
            "Failure[text=ERR x]",
            "Text[text=with attribute]",
            "Items[items=[Items[items=[Whole[number=1]]], Items[items=[]]]]",
            "=z");

    @Test
    void allFramesOfBothVersionsAreRead() throws MalformedException {
        assertEquals(FOUND, parse(EVERYTHING));
    }

    @Test
    void framesMayArriveInAnyPieces() throws MalformedException {
        byte[] bytes = EVERYTHING.getBytes(StandardCharsets.UTF_8);
        var random = new Random(1);
        for (int round = 0; round < 300; round++) {
            var found = new Found();
            var parser = new RespParser();
            var in = Unpooled.buffer();
            int pieceMax = 1 + round % 20;
            for (int at = 0; at < bytes.length; ) {
                int piece = Math.min(1 + random.nextInt(pieceMax), bytes.length - at);
                in.writeBytes(bytes, at, piece);
                at += piece;
                parser.parse(in, found);
                in.discardReadBytes();
            }
            assertEquals(FOUND, found.all);
        }
    }

    @Test
    void monstersAreSkippedWithoutBeingKept() throws MalformedException {
        int length = RespParser.PAYLOAD_BYTES_MAX + 1;
        var found = new Found();
        var parser = new RespParser();
        parser.parse(text("*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$" + length + "\r\n"), found);
        byte[] piece = new byte[1 << 20];
        for (int left = length; left > 0; left -= piece.length) {
            ByteBuf in = Unpooled.wrappedBuffer(piece, 0, Math.min(left, piece.length));
            parser.parse(in, found);
            assertEquals(0, in.readableBytes());
        }
        parser.parse(text("\r\n:5\r\n"), found);
        assertEquals(List.of("skipped " + length, ":5"), found.all);
    }

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    @Test
    void whatIsNotRespIsRefused() {
        for (String wrong : List.of(
                "HTTP/1.1 200 OK\r\n",
                ":12x\r\n",
                ":99999999999999999999999\r\n",
                "$x\r\n",
                "*3\r\n$7\r\nmessage\r\n:1\r\n$1\r\nz\r\n",
                "*3\r\n$7\r\nmessage\r\n$1\r\nz\r\n:1\r\n",
                "$2000000\r\n",
                "*2000000\r\n",
                "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n")) {
            assertThrows(MalformedException.class, () -> parse(wrong), wrong);
        }
    }

    @Test
    void noBytesAtAllMakeItFailOtherwise() {
        var random = new Random(2);
        String alphabet = ":+-$*>%~_#,(=!|0123456789\r\nabmes";
        int read = 0;
        for (int round = 0; round < 20_000; round++) {
            var text = new StringBuilder();
            for (int i = random.nextInt(40); i > 0; i--) {
                text.append(random.nextInt(3) == 0 ? "\r\n" : alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                read += parse(text.toString()).size();
            } catch (MalformedException _refused) {
                // One of the two ways this may end.
            }
        }
        assertTrue(read > 100);
    }
}
