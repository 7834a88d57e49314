package io.switchboard.checks.components;

import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** What a node counts, read from the text format of Prometheus. */
final class Metrics {
    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][\\w:]*)(\\{.*})? +(\\S+)( +-?\\d+)?");

    private final List<Sample> samples;

    private Metrics(List<Sample> samples) {
        this.samples = samples;
    }

    private record Sample(String name, String labels, double value) {}

    static Metrics parse(String text) {
        return new Metrics(text.lines()
                .filter(line -> !line.startsWith("#") && !line.isBlank())
                .map(Metrics::sample)
                .toList());
    }

    private static Sample sample(String line) {
        var parts = SAMPLE.matcher(line.strip());
        if (!parts.matches()) {
            throw new AssertionError("not a sample of a metric: " + line);
        }
        var labels = parts.group(2) == null ? "" : parts.group(2);
        return new Sample(parts.group(1), labels, number(parts.group(3)));
    }

    private static double number(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    double sum(String name) {
        return sum(name, _sample -> true);
    }

    double sum(String name, String label, String value) {
        var wanted = Pattern.compile("[{,]" + Pattern.quote(label + "=\"" + value + "\""));
        return sum(name, sample -> wanted.matcher(sample.labels()).find());
    }

    private double sum(String name, Predicate<Sample> wanted) {
        if (samples.stream().noneMatch(sample -> sample.name().equals(name))) {
            var known = samples.stream().map(Sample::name).distinct().sorted().toList();
            throw new AssertionError("no metric " + name + " among " + known);
        }
        return samples.stream()
                .filter(sample -> sample.name().equals(name) && wanted.test(sample))
                .mapToDouble(Sample::value)
                .sum();
    }
}
