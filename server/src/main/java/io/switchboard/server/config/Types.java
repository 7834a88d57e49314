package io.switchboard.server.config;

import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The kinds of values that keys have. */
final class Types {
    private static final Pattern AMOUNT = Pattern.compile("(\\d{1,18}(?:\\.\\d{1,9})?)\\s*([A-Za-z]*)");
    private static final Map<String, Long> MILLIS =
            Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);
    private static final Map<String, Long> BYTES =
            Map.of("", 1L, "b", 1L, "kib", 1L << 10, "mib", 1L << 20, "gib", 1L << 30);

    private Types() {}

    static ValueType<Boolean> bool() {
        var expected = "true or false";
        return ValueType.scalar(expected, text -> switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new BadValue(quoted(text) + " is neither true nor false", "write " + expected);
        });
    }

    static ValueType<Integer> integer(int min, int max) {
        var expected = "a whole number from " + min + " to " + max;
        return ValueType.scalar(expected, text -> {
            if (!text.matches("[+-]?\\d{1,18}")) {
                throw new BadValue(quoted(text) + " is not a whole number", "give " + expected);
            }
            return (int) within(Long.parseLong(text), min, max, text, expected);
        });
    }

    /** Bytes: `65536`, `64KiB`, `1MiB`. */
    static ValueType<Integer> size(int min, int max) {
        var expected = "a size from " + sizeText(min) + " to " + sizeText(max) + ", such as 65536, 64KiB or 1MiB";
        return ValueType.scalar(expected, text -> {
            var amount = AMOUNT.matcher(text);
            if (!amount.matches()) {
                throw new BadValue(quoted(text) + " is not a size", "give " + expected);
            }
            var unit = BYTES.get(amount.group(2).toLowerCase(Locale.ROOT));
            if (unit == null) {
                throw new BadValue(
                        quoted(text) + " has a unit that is not known here",
                        "write " + amount.group(1) + sizeUnitFor(amount.group(2)) + " (units are B, KiB, MiB, GiB)");
            }
            return (int) within(scaled(amount, unit, text, expected), min, max, text, expected);
        });
    }

    /** Spans of time: `500ms`, `10s`, `5m`, `1h`, `2d`. */
    static ValueType<Duration> duration(Duration min, Duration max) {
        var expected =
                "a duration from " + durationText(min) + " to " + durationText(max) + ", such as 500ms, 10s, 5m or 1h";
        return ValueType.scalar(expected, text -> {
            var amount = AMOUNT.matcher(text);
            if (!amount.matches()) {
                throw new BadValue(quoted(text) + " is not a duration", "give " + expected);
            }
            var number = amount.group(1);
            var unitText = amount.group(2).toLowerCase(Locale.ROOT);
            if (unitText.isEmpty() && !number.equals("0")) {
                throw new BadValue(
                        quoted(text) + " has no unit",
                        "write " + number + "s for seconds, " + number + "ms for milliseconds");
            }
            var unit = unitText.isEmpty() ? Long.valueOf(1) : MILLIS.get(unitText);
            if (unit == null) {
                throw new BadValue(
                        quoted(text) + " has a unit that is not known here", "use one of ms, s, m, h, d, such as 10s");
            }
            var millis = scaled(amount, unit, text, expected);
            return Duration.ofMillis(within(millis, min.toMillis(), max.toMillis(), text, expected));
        });
    }

    static <E extends Enum<E>> ValueType<E> oneOf(Class<E> type) {
        var byName = Arrays.stream(type.getEnumConstants())
                .collect(Collectors.toMap(Types::lowerCase, constant -> constant));
        var names = Arrays.stream(type.getEnumConstants()).map(Types::lowerCase).toList();
        var expected = names.size() == 1 ? names.getFirst() : "one of " + String.join(", ", names);
        return ValueType.scalar(expected, text -> {
            var constant = byName.get(text.replace('-', '_'));
            if (constant == null) {
                var meant = Nearest.to(text, names);
                throw new BadValue(
                        quoted(text) + " is not known here",
                        "give " + expected
                                + meant.map(name -> " (did you mean " + name + "?)")
                                        .orElse(""));
            }
            return constant;
        });
    }

    static ValueType<String> text(String expected, Pattern pattern) {
        return ValueType.scalar(expected, text -> {
            if (!pattern.matcher(text).matches()) {
                throw new BadValue(quoted(text) + " does not fit", "give " + expected);
            }
            return text;
        });
    }

    static ValueType<Path> file() {
        return ValueType.scalar("the path of a file", text -> {
            try {
                return Path.of(text);
            } catch (InvalidPathException e) {
                throw new BadValue(quoted(text) + " is not a path", "give the path of a file");
            }
        });
    }

    static ValueType<Secret> secret() {
        return ValueType.scalar("a secret text", Secret::new);
    }

    /** Never quotes what it was given: a broker's address may hold a password. */
    static ValueType<BrokerUri> brokerUri(String example) {
        var expected = "an address such as " + example;
        return ValueType.scalar(expected, text -> {
            if (!BrokerUri.looksRight(text)) {
                throw new BadValue("this is not an address", "give " + expected);
            }
            return new BrokerUri(text);
        });
    }

    /** A value that may be absent; the text {@code none} takes away what an earlier layer has set. */
    static <T> ValueType<Optional<T>> optional(ValueType<T> type) {
        return ValueType.scalar(type.expected() + ", or none", text -> switch (text) {
            case "", "none" -> Optional.empty();
            default -> Optional.of(type.parse(List.of(text)));
        });
    }

    static <T> ValueType<List<T>> listOf(ValueType<T> type) {
        return new ValueType<>() {
            @Override
            public List<T> parse(List<String> items) throws BadValue {
                var values = new ArrayList<T>();
                for (var item : items) {
                    values.add(type.parse(List.of(item)));
                }
                return List.copyOf(values);
            }

            @Override
            public String expected() {
                return "a list of " + type.expected();
            }

            @Override
            public boolean list() {
                return true;
            }
        };
    }

    /** A list of {@code name=value}, each name once. */
    static ValueType<Map<String, String>> pairs(String example, Pattern name, Pattern value) {
        var expected = "pairs such as " + example;
        return new ValueType<>() {
            @Override
            public Map<String, String> parse(List<String> items) throws BadValue {
                var pairs = new LinkedHashMap<String, String>();
                for (var item : items) {
                    int equals = item.indexOf('=');
                    var left = equals < 0 ? "" : item.substring(0, equals).strip();
                    var right = equals < 0 ? "" : item.substring(equals + 1).strip();
                    if (equals < 0
                            || !name.matcher(left).matches()
                            || !value.matcher(right).matches()) {
                        throw new BadValue(quoted(item) + " does not fit", "give " + expected);
                    }
                    if (pairs.put(left, right) != null) {
                        throw new BadValue(quoted(left) + " stands twice", "name each once");
                    }
                }
                return Collections.unmodifiableMap(pairs);
            }

            @Override
            public String expected() {
                return "a list of " + expected;
            }

            @Override
            public boolean list() {
                return true;
            }
        };
    }

    static String quoted(String text) {
        var shown = text.length() > 60 ? text.substring(0, 60) + "…" : text;
        return '"' + shown + '"';
    }

    static String lowerCase(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static long scaled(Matcher amount, long unit, String text, String expected) throws BadValue {
        try {
            return new BigDecimal(amount.group(1))
                    .multiply(BigDecimal.valueOf(unit))
                    .longValueExact();
        } catch (ArithmeticException e) {
            throw new BadValue(quoted(text) + " is no whole number of its smallest unit", "give " + expected);
        }
    }

    private static long within(long value, long min, long max, String text, String expected) throws BadValue {
        if (value < min || value > max) {
            throw new BadValue(quoted(text) + " is too " + (value < min ? "small" : "large"), "give " + expected);
        }
        return value;
    }

    private static String sizeUnitFor(String unit) {
        return switch (unit.toLowerCase(Locale.ROOT)) {
            case "m", "mb" -> "MiB";
            case "g", "gb" -> "GiB";
            default -> "KiB";
        };
    }

    private static String sizeText(int bytes) {
        if (bytes > 0 && bytes % (1 << 30) == 0) {
            return (bytes >> 30) + "GiB";
        }
        if (bytes > 0 && bytes % (1 << 20) == 0) {
            return (bytes >> 20) + "MiB";
        }
        return bytes > 0 && bytes % (1 << 10) == 0 ? (bytes >> 10) + "KiB" : Integer.toString(bytes);
    }

    private static String durationText(Duration span) {
        var millis = span.toMillis();
        if (millis % 3_600_000 == 0 && millis > 0) {
            return millis / 3_600_000 + "h";
        }
        if (millis % 60_000 == 0 && millis > 0) {
            return millis / 60_000 + "m";
        }
        return millis % 1_000 == 0 ? millis / 1_000 + "s" : millis + "ms";
    }
}
