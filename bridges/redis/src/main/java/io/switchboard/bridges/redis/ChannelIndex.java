package io.switchboard.bridges.redis;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the subscription of a channel by the bytes of its name, without making a string of them. */
final class ChannelIndex {
    private final Map<Key, Subscription> subscriptions = new HashMap<>();
    private final Key probe = new Key(new byte[256], 0);

    void add(Subscription subscription) {
        subscriptions.put(new Key(subscription.channel(), subscription.channel().length), subscription);
    }

    void remove(Subscription subscription) {
        subscriptions.remove(new Key(subscription.channel(), subscription.channel().length));
    }

    @Nullable
    Subscription find(ByteBuf in, int at, int length) {
        return subscriptions.get(probe.set(in, at, length));
    }

    @Nullable
    Subscription find(byte[] channel) {
        return subscriptions.get(new Key(channel, channel.length));
    }

    /** Bytes as a key. Only the probe ever changes, and it is in no map. */
    private static final class Key {
        private byte[] bytes;
        private int length;
        private int hash;

        Key(byte[] bytes, int length) {
            this.bytes = bytes;
            this.length = length;
            this.hash = hash(bytes, length);
        }

        Key set(ByteBuf in, int at, int count) {
            if (bytes.length < count) {
                bytes = new byte[count];
            }
            in.getBytes(at, bytes, 0, count);
            length = count;
            hash = hash(bytes, count);
            return this;
        }

        private static int hash(byte[] bytes, int length) {
            int hash = length;
            for (int i = 0; i < length; i++) {
                hash = 31 * hash + bytes[i];
            }
            return hash;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key
                    && key.hash == hash
                    && Arrays.equals(key.bytes, 0, key.length, bytes, 0, length);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }
}
