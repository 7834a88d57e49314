package io.switchboard.bench.measure;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** A distribution of times in microseconds; the curve is for drawing. */
public record Latency(
        long count,
        double min,
        double mean,
        double p50,
        double p90,
        double p99,
        double p999,
        double p9999,
        double max,
        List<Point> curve) {
    /** So many percent were at most this late. */
    public record Point(double percent, double micros) {}

    /** Nothing was measured. */
    public static final Latency NONE = new Latency(0, 0, 0, 0, 0, 0, 0, 0, 0, List.of());

    private static final long NANOS_MAX = 3_600_000_000_000L;

    public Latency {
        curve = List.copyOf(curve);
    }

    /** For nanoseconds, to the microsecond or to three digits, up to an hour. */
    public static Histogram histogram() {
        return new Histogram(1_000, NANOS_MAX, 3);
    }

    /** A value beyond the range is counted as the largest that fits. */
    public static void record(Histogram histogram, long nanos) {
        histogram.recordValue(Math.max(0, Math.min(nanos, NANOS_MAX)));
    }

    public static Latency of(Histogram histogram) {
        if (histogram.getTotalCount() == 0) {
            return NONE;
        }
        var curve = new ArrayList<Point>();
        for (double beyond = 1; beyond > 0.00001; beyond /= 1.2589254) {
            curve.add(new Point(100 * (1 - beyond), at(histogram, 100 * (1 - beyond))));
            if (histogram.getTotalCount() * beyond < 1) {
                break;
            }
        }
        return new Latency(
                histogram.getTotalCount(),
                histogram.getMinValue() / 1e3,
                histogram.getMean() / 1e3,
                at(histogram, 50),
                at(histogram, 90),
                at(histogram, 99),
                at(histogram, 99.9),
                at(histogram, 99.99),
                histogram.getMaxValue() / 1e3,
                curve);
    }

    private static double at(Histogram histogram, double percent) {
        return histogram.getValueAtPercentile(percent) / 1e3;
    }
}
