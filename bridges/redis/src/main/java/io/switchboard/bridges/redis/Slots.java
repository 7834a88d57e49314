package io.switchboard.bridges.redis;

import java.nio.charset.StandardCharsets;

/** The hash of a Redis Cluster, CRC-16 (XMODEM) as specified, and the one that spreads tags over servers. */
final class Slots {
    /** Slots of a Cluster; the slot of a name is its hash modulo this. */
    static final int COUNT = 16_384;

    private static final int POLYNOMIAL = 0x1021;
    private static final int[] TABLE = table();

    private Slots() {}

    private static int[] table() {
        int[] table = new int[256];
        for (int value = 0; value < table.length; value++) {
            int crc = value << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) == 0 ? crc << 1 : crc << 1 ^ POLYNOMIAL;
            }
            table[value] = crc & 0xffff;
        }
        return table;
    }

    /** FNV-1a of the name, then the tag mixed in by the finalizer of SplitMix64: every node must get the same. */
    static long mixed(String name, int tag) {
        long hash = 0xcbf29ce484222325L;
        for (byte value : name.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (value & 0xff)) * 0x100000001b3L;
        }
        hash += (tag + 1) * 0x9e3779b97f4a7c15L;
        hash = (hash ^ hash >>> 30) * 0xbf58476d1ce4e5b9L;
        hash = (hash ^ hash >>> 27) * 0x94d049bb133111ebL;
        return hash ^ hash >>> 31;
    }

    static int hash(byte[] name) {
        int crc = 0;
        for (byte value : name) {
            crc = (crc << 8 ^ TABLE[(crc >>> 8 ^ value) & 0xff]) & 0xffff;
        }
        return crc;
    }
}
