package io.switchboard.bridges.redis;

/** Which slot of a Redis Cluster a name is in: CRC-16 (XMODEM) modulo 16,384, as its specification says. */
final class Slots {
    static final int COUNT = 16_384;
    private static final int POLYNOMIAL = 0x1021;

    private Slots() {}

    /** @param tag what stands between the braces of the name */
    static int of(byte[] tag) {
        int crc = 0;
        for (byte value : tag) {
            crc ^= (value & 0xff) << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) == 0 ? crc << 1 : crc << 1 ^ POLYNOMIAL;
            }
        }
        return crc & COUNT - 1;
    }
}
