package io.switchboard.server.config;

import java.util.List;
import java.util.Locale;

/**
 * One thing that can be set.
 *
 * @param fallback the text of its value when nobody sets it
 */
record Key<T>(String name, ValueType<T> type, String fallback, String doc) {

    /** The environment variable that sets it: {@code backplane.uri} is {@code SWITCHBOARD_BACKPLANE_URI}. */
    String variable() {
        return "SWITCHBOARD_" + name.toUpperCase(Locale.ROOT).replace('.', '_');
    }

    /** The section that holds it. */
    String section() {
        return name.substring(0, Math.max(0, name.lastIndexOf('.')));
    }

    /** What stands behind the last dot. */
    String leaf() {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    T parse(Setting setting) throws BadValue {
        if (setting.sequence() && !type.list()) {
            throw new BadValue("a list stands here", "give " + type.expected());
        }
        return type.parse(
                type.list() && !setting.sequence() ? split(setting.items().getFirst()) : setting.items());
    }

    T parseFallback() {
        try {
            return parse(Setting.text(name, fallback, "default"));
        } catch (BadValue e) {
            throw new IllegalStateException("The default of " + name + " is wrong: " + e.getMessage(), e);
        }
    }

    private static List<String> split(String text) {
        return List.of(text.split(",", -1)).stream()
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }
}
