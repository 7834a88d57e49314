package io.switchboard.bench.report;

import java.util.Locale;

/** Numbers as people read them. */
final class Words {
    private Words() {}

    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    static String count(double number) {
        return String.format(Locale.ROOT, number < 100 ? "%.1f" : "%,.0f", number);
    }

    /** For an axis. */
    static String brief(double number) {
        if (number >= 1_000_000) {
            return String.format(Locale.ROOT, "%.1f M", number / 1e6);
        }
        return String.format(
                Locale.ROOT, number >= 10_000 ? "%.0f k" : "%.0f", number >= 10_000 ? number / 1e3 : number);
    }

    static String micros(double micros) {
        if (micros < 1_000) {
            return String.format(Locale.ROOT, "%.0f µs", micros);
        }
        if (micros < 1_000_000) {
            return String.format(Locale.ROOT, micros < 100_000 ? "%.1f ms" : "%.0f ms", micros / 1e3);
        }
        return String.format(Locale.ROOT, "%.2f s", micros / 1e6);
    }

    static String bytes(long bytes) {
        long size = Math.abs(bytes);
        if (size < 10_000) {
            return String.format(Locale.ROOT, "%d B", bytes);
        }
        if (size < 1 << 20) {
            return String.format(Locale.ROOT, "%.1f KiB", bytes / 1024.0);
        }
        return String.format(Locale.ROOT, "%.1f MiB", bytes / 1048576.0);
    }
}
