package io.switchboard.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/** A line chart as SVG; its colours are the page's. */
final class Chart {
    /** Where a line bends. */
    record Point(double x, double y) {}

    /** One line and its name. */
    record Series(String name, List<Point> points) {
        Series {
            points = List.copyOf(points);
        }
    }

    /** A mark on an axis. */
    record Tick(double at, String label) {}

    private static final int WIDTH = 480;
    private static final int HEIGHT = 240;
    private static final int LEFT = 62;
    private static final int RIGHT = 12;
    private static final int TOP = 8;
    private static final int BOTTOM = 26;
    private static final int COLOURS = 6;

    private final String title;
    private final List<Series> series;
    private final List<Tick> across;
    private final List<Tick> up;
    private final boolean logarithmic;
    private final double left;
    private final double right;
    private double bottom;
    private double top;

    private Chart(
            String title, List<Series> series, List<Tick> across, boolean logarithmic, DoubleFunction<String> words) {
        this.title = title;
        this.series = series;
        this.across = across;
        this.logarithmic = logarithmic;
        left = across.getFirst().at();
        right = across.getLast().at();
        var heights = series.stream()
                .flatMap(line -> line.points().stream())
                .mapToDouble(Point::y)
                .filter(y -> y > 0)
                .summaryStatistics();
        double most = heights.getCount() == 0 ? 1 : heights.getMax();
        up = logarithmic ? decades(heights.getCount() == 0 ? 1 : heights.getMin(), most, words) : steps(most, words);
    }

    /** Lines over time in seconds, from zero upwards. */
    static String overTime(String title, List<Series> series, DoubleFunction<String> words, boolean logarithmic) {
        double end = series.stream()
                .flatMap(line -> line.points().stream())
                .mapToDouble(Point::x)
                .max()
                .orElse(1);
        double step = round(end / 5);
        var ticks = new ArrayList<Tick>();
        for (double at = 0; at <= end + step * 0.01; at += step) {
            ticks.add(new Tick(at, seconds(at, step)));
        }
        if (ticks.getLast().at() < end) {
            ticks.add(new Tick(end, ""));
        }
        return new Chart(title, series, ticks, logarithmic, words).svg();
    }

    /** Lines over percentiles, the rare ones stretched: each tenth of what is left takes the same width. */
    static String overPercent(String title, List<Series> series, DoubleFunction<String> words) {
        double end = series.stream()
                .flatMap(line -> line.points().stream())
                .mapToDouble(Point::x)
                .max()
                .orElse(1);
        var labels = List.of("0", "90 %", "99 %", "99.9 %", "99.99 %", "99.999 %");
        var ticks = new ArrayList<Tick>();
        for (int i = 0; i < labels.size() && (i <= end || i < 2); i++) {
            ticks.add(new Tick(i, labels.get(i)));
        }
        if (ticks.getLast().at() < end) {
            ticks.add(new Tick(end, ""));
        }
        return new Chart(title, series, ticks, true, words).svg();
    }

    private String svg() {
        var out = new StringBuilder(4_096)
                .append("<div class=\"card\"><h2>")
                .append(title)
                .append("</h2>\n");
        key(out);
        out.append(String.format(
                Locale.ROOT, "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n", WIDTH, HEIGHT, title));
        for (var tick : up) {
            out.append(String.format(
                    Locale.ROOT,
                    "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>"
                            + "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n",
                    LEFT,
                    WIDTH - RIGHT,
                    y(tick.at()),
                    y(tick.at()),
                    LEFT - 8,
                    y(tick.at()) + 4,
                    tick.label()));
        }
        for (var tick : across) {
            out.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">%s</text>\n",
                    x(tick.at()),
                    HEIGHT - 8,
                    tick.at() == right ? "end" : "middle",
                    tick.label()));
        }
        for (int i = series.size() - 1; i >= 0; i--) {
            path(out, series.get(i), i % COLOURS);
        }
        return out.append("</svg></div>\n").toString();
    }

    private void key(StringBuilder out) {
        if (series.size() > 1) {
            out.append("<div class=\"key\">");
            for (int i = 0; i < series.size(); i++) {
                out.append("<span><i class=\"s").append(i % COLOURS).append("\"></i>");
                out.append(series.get(i).name()).append("</span>");
            }
            out.append("</div>\n");
        }
    }

    private void path(StringBuilder out, Series line, int colour) {
        var form = "M";
        out.append("<path class=\"s").append(colour).append("\" d=\"");
        for (var point : line.points()) {
            if (point.y() > 0 || !logarithmic) {
                out.append(String.format(Locale.ROOT, "%s%.1f %.1f", form, x(point.x()), y(point.y())));
                form = "L";
            }
        }
        // A line of one point would not be seen.
        if (line.points().size() == 1) {
            out.append("h3");
        }
        out.append("\"/>\n");
    }

    private double x(double value) {
        return LEFT + (value - left) / (right - left) * (WIDTH - LEFT - RIGHT);
    }

    private double y(double value) {
        double share = logarithmic ? Math.log10(value / bottom) / Math.log10(top / bottom) : value / top;
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
    }

    private List<Tick> decades(double least, double most, DoubleFunction<String> words) {
        bottom = Math.pow(10, Math.floor(Math.log10(least)));
        top = Math.max(bottom * 10, Math.pow(10, Math.ceil(Math.log10(most))));
        var ticks = new ArrayList<Tick>();
        for (double at = bottom; at <= top * 1.01; at *= 10) {
            ticks.add(new Tick(at, words.apply(at)));
        }
        return ticks;
    }

    private List<Tick> steps(double most, DoubleFunction<String> words) {
        double step = round(most / 4);
        top = Math.ceil(most / step) * step;
        var ticks = new ArrayList<Tick>();
        for (double at = 0; at <= top * 1.01; at += step) {
            ticks.add(new Tick(at, words.apply(at)));
        }
        return ticks;
    }

    /** 1, 2 or 5 times a power of ten, not below. */
    private static double round(double value) {
        double power = Math.pow(10, Math.floor(Math.log10(Math.max(value, 1e-9))));
        double lead = value / power;
        return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
    }

    private static String seconds(double at, double step) {
        if (step >= 600) {
            return String.format(Locale.ROOT, "%.1f h", at / 3600);
        }
        return String.format(Locale.ROOT, step < 1 ? "%.1f s" : "%.0f s", at);
    }
}
