package io.switchboard.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EnvelopeTest {
    private static final Publication FULL = new Publication(
                    Publication.Kind.MESSAGE,
                    Topic.of("group:g1"),
                    Message.json("{\"a\":1}"),
                    new Sender("ann", "s1"),
                    Exclusion.USER,
                    true,
                    1_700_000_000_123L,
                    new Origin("node-a", 0x0102030405060708L),
                    9,
                    new Position(5, "ep"),
                    Fields.NONE)
            .withFields(Fields.NONE.with(Fields.INFO, new byte[] {(byte) 0xca, (byte) 0xfe}));

    /** The bytes of version 1, for ever: nodes of different releases run side by side. */
    private static final String GOLDEN = "534201" + "00" + "17" // magic, version, kind, flags
            + "0102030405060708" + "0000000000000009" + "0000018bcfe5687b" // incarnation, sequence, time
            + "06" + "6e6f64652d61" // node-a
            + "08" + "67726f75703a6731" // group:g1
            + "03" + "616e6e" // ann
            + "02" + "7331" // s1
            + "0000000000000005" + "02" + "6570" // position 5 of "ep"
            + "01" + "01" + "00000002" + "cafe" // one field: INFO
            + "7b2261223a317d"; // {"a":1}

    private static byte[] encode(Publication publication) {
        var sink = new ByteArraySink(64);
        Envelope.encode(publication, sink);
        return sink.toByteArray();
    }

    @Test
    void theBytesOfVersion1NeverChange() {
        assertEquals(GOLDEN, HexFormat.of().formatHex(encode(FULL)));
    }

    @Test
    void whatIsEncodedIsDecoded() throws Exception {
        Publication decoded = Envelope.decode(ByteBuffer.wrap(encode(FULL)));
        assertEquals(GOLDEN, HexFormat.of().formatHex(encode(decoded)));
        assertEquals(FULL.topic(), decoded.topic());
        assertEquals(FULL.position(), decoded.position());
        assertEquals(FULL.sender(), decoded.sender());
    }

    @Test
    void whatIsLikelyIsTakenOnlyWhereItIsSo() throws Exception {
        Topic likely = Topic.group("g1");
        var origin = new Origin("node-a", FULL.origin().incarnation());
        var decoded = Envelope.decode(ByteBuffer.wrap(encode(FULL)), likely, origin);
        assertSame(likely, decoded.topic());
        assertSame(origin, decoded.origin());
        assertEquals(GOLDEN, HexFormat.of().formatHex(encode(decoded)));
        for (String node : new String[] {"", "node", "node-b", "node-ab", "nöde-a"}) {
            for (Topic topic : new Topic[] {Topic.ALL, Topic.group("g2"), Topic.group("ö1"), Topic.group("g")}) {
                var other = new Origin(node, FULL.origin().incarnation() + node.length() % 2);
                decoded = Envelope.decode(ByteBuffer.wrap(encode(FULL)), topic, other);
                assertEquals(GOLDEN, HexFormat.of().formatHex(encode(decoded)));
            }
        }
    }

    @Test
    void ownEnvelopesAreKnownByTheirHead() {
        byte[] bytes = encode(FULL);
        var in = ByteBuffer.allocate(bytes.length + 3).position(3).put(bytes).position(3);
        assertTrue(Envelope.isFrom(FULL.origin(), in));
        assertEquals(3, in.position());
        assertFalse(Envelope.isFrom(new Origin("node-a", 1), in));
        assertFalse(Envelope.isFrom(new Origin("node-b", FULL.origin().incarnation()), in));
        assertFalse(Envelope.isFrom(new Origin("node", FULL.origin().incarnation()), in));
        for (int length = 0; length < 36; length++) {
            assertFalse(Envelope.isFrom(FULL.origin(), ByteBuffer.wrap(bytes, 0, length)), "of " + length + " bytes");
        }
    }

    @Test
    void theSmallestEnvelopeIsAllDefaults() throws Exception {
        Publication plain = Publication.of(Topic.ALL, Message.text("x")).numbered(new Origin("n", 1), 1);
        Publication decoded = Envelope.decode(ByteBuffer.wrap(encode(plain)));
        assertEquals(plain.exclusion(), decoded.exclusion());
        assertEquals(null, decoded.position());
        assertEquals("x", decoded.message().asText());
        assertEquals(29 + 2 + 4 + 1 + 1 + 1 + 1, encode(plain).length);
    }

    @Test
    void anUnknownFieldIsSkippedAndARequiredOneIsNot() throws Exception {
        String skipped = GOLDEN.replace("01" + "01" + "00000002" + "cafe", "01" + "7f" + "00000002" + "cafe");
        assertEquals(
                0,
                Envelope.decode(ByteBuffer.wrap(HexFormat.of().parseHex(skipped)))
                        .fields()
                        .size());
        String required = GOLDEN.replace("01" + "01" + "00000002" + "cafe", "01" + "ff" + "00000002" + "cafe");
        assertThrows(
                Envelope.Unsupported.class,
                () -> Envelope.decode(ByteBuffer.wrap(HexFormat.of().parseHex(required))));
    }

    @Test
    void aLaterVersionIsUnsupportedNotMalformed() {
        byte[] later = encode(FULL);
        later[2] = 2;
        assertThrows(Envelope.Unsupported.class, () -> Envelope.decode(ByteBuffer.wrap(later)));
    }

    @Test
    void contentThatIsNotWhatItSaysIsMalformed() {
        byte[] text = encode(Publication.of(Topic.ALL, Message.text("x")));
        text[text.length - 1] = (byte) 0xff;
        assertThrows(MalformedException.class, () -> Envelope.decode(ByteBuffer.wrap(text)));
        byte[] json = encode(Publication.of(Topic.ALL, Message.json("1")));
        json[json.length - 1] = ',';
        assertThrows(MalformedException.class, () -> Envelope.decode(ByteBuffer.wrap(json)));
    }

    @Test
    void damagedBytesAreMalformedAndNothingElse() {
        byte[] good = encode(FULL);
        for (int length = 0; length < good.length - 7; length++) {
            byte[] cut = Arrays.copyOf(good, length);
            assertThrows(MalformedException.class, () -> Envelope.decode(ByteBuffer.wrap(cut)), "cut at " + length);
        }
        var random = new Random(42);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = i % 2 == 0 ? good.clone() : new byte[random.nextInt(80)];
            for (int hit = 0; hit < 1 + random.nextInt(4) && bytes.length > 0; hit++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                var ignored = Envelope.decode(ByteBuffer.wrap(bytes));
            } catch (MalformedException | Envelope.Unsupported expected) {
                // Anything else would be our bug.
            }
        }
    }
}
