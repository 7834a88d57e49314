package io.switchboard.checks.backplane;

import io.switchboard.checks.components.RedisServer;
import io.switchboard.checks.components.RedisWire;
import io.switchboard.message.Topic;
import java.nio.charset.StandardCharsets;

/** A standalone Redis, and the names of its channels. */
record RedisBroker(RedisServer redis, boolean published) implements Broker {
    @Override
    public BridgeOpener opener() {
        var plain = BridgeOpener.redis(redis.uri());
        return published ? plain.with(PlainFormat.INSTANCE) : plain;
    }

    @Override
    public void freeze() {
        redis.freeze();
    }

    @Override
    public void thaw() {
        redis.thaw();
    }

    @Override
    public void kill() {
        redis.kill9();
    }

    @Override
    public void restart() {
        redis.restart();
    }

    @Override
    public void putGarbage(String cluster, Topic topic, byte[] bytes) {
        try (RedisWire wire = redis.wire()) {
            wire.publish(published ? topic.name() : nativeChannel(cluster, topic), bytes);
        }
    }

    /** {@code <cluster>:{<tag>}:<topic>}, the tag being the CRC-16 (XMODEM) of the name modulo 1,024. */
    static String nativeChannel(String cluster, Topic topic) {
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
