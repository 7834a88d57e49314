package io.switchboard.checks.components;

import io.switchboard.message.Topic;
import java.nio.charset.StandardCharsets;

/** What nodes call things in Redis. */
public final class RedisNames {
    private RedisNames() {}

    /**
     * {@code <cluster>:{<tag>}:<topic>}, the tag being the CRC-16 (XMODEM) of the name modulo 1,024. Its slot is the
     * log's.
     */
    public static String channel(String cluster, Topic topic) {
        int crc = 0;
        for (byte value : topic.name().getBytes(StandardCharsets.UTF_8)) {
            crc ^= (value & 0xff) << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = crc << 1 ^ ((crc & 0x8000) == 0 ? 0 : 0x1021);
            }
        }
        return cluster + ":{" + (crc & 1_023) + "}:" + topic.name();
    }
}
