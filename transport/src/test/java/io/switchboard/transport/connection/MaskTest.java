package io.switchboard.transport.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MaskTest {
    @Test
    void undoesTheStandardsMaskingForEveryLengthAndCut() {
        var random = new Random(2);
        for (int length = 0; length < 70; length++) {
            byte[] plain = new byte[length];
            random.nextBytes(plain);
            int key = random.nextInt();
            byte[] keys = ByteBuffer.allocate(4).putInt(key).array();
            byte[] masked = plain.clone();
            for (int i = 0; i < length; i++) {
                masked[i] ^= keys[i % 4];
            }
            for (int cut = 0; cut <= length; cut++) {
                ByteBuffer bytes = ByteBuffer.allocateDirect(length + 3);
                bytes.put(3, masked);
                Mask.apply(key, bytes, 3, 3 + cut);
                Mask.apply(Mask.after(key, cut), bytes, 3 + cut, 3 + length);
                assertEquals(ByteBuffer.wrap(plain), bytes.slice(3, length));
            }
        }
    }
}
