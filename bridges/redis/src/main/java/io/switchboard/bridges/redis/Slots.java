package io.switchboard.bridges.redis;

/** The hash of a Redis Cluster: CRC-16 (XMODEM), as its specification says. */
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

    static int hash(byte[] name) {
        int crc = 0;
        for (byte value : name) {
            crc = (crc << 8 ^ TABLE[(crc >>> 8 ^ value) & 0xff]) & 0xffff;
        }
        return crc;
    }
}
