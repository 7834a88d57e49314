package io.switchboard.protocols;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** What no client should send: a good message cut, changed and doubled; noise; what is huge, and what is deep. */
public final class Nonsense {
    private static final int DEPTH = 100_000;
    private static final int HUGE = 1 << 20;

    private Nonsense() {}

    public static List<byte[]> around(String good, long seed) {
        var random = new Random(seed);
        byte[] bytes = good.getBytes(StandardCharsets.UTF_8);
        var all = new ArrayList<byte[]>();
        all.add(bytes);
        for (int i = 0; i < bytes.length; i++) {
            all.add(Arrays.copyOf(bytes, i));
            all.add(Arrays.copyOfRange(bytes, i, bytes.length));
        }
        for (int i = 0; i < 5_000; i++) {
            byte[] changed = bytes.clone();
            for (int change = random.nextInt(4); change >= 0; change--) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            }
            all.add(changed);
            byte[] noise = new byte[random.nextInt(300)];
            random.nextBytes(noise);
            all.add(noise);
        }
        all.add(text("[".repeat(DEPTH)));
        all.add(text("{\"a\":".repeat(DEPTH)));
        all.add(text("{\"DataInfo\":" + "[".repeat(DEPTH) + "]".repeat(DEPTH) + "}"));
        all.add(text("\"" + "z".repeat(HUGE) + "\""));
        all.add(text("{\"" + "z".repeat(HUGE) + "\":1}"));
        all.add(text("{\"to\":" + "9".repeat(HUGE) + "}"));
        all.add(text("{\"content\":\"" + "\\u0000".repeat(1000) + "\",\"to\":1e999999,\"msgType\":-0}"));
        all.add(text(good + good));
        all.add(text("\uFEFF" + good));
        all.add(new byte[0]);
        return all;
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
