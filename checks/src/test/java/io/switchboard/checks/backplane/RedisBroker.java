package io.switchboard.checks.backplane;

import io.switchboard.checks.components.RedisNames;
import io.switchboard.checks.components.RedisServer;
import io.switchboard.checks.components.RedisWire;
import io.switchboard.message.Topic;

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
        return RedisNames.channel(cluster, topic);
    }
}
