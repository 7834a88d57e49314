package io.switchboard.server.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The layers laid over one another: for each key the last value that was set, and where; and every mistake. */
final class ConfigValues {
    private final Map<Key<?>, Object> values = new HashMap<>();
    private final Map<Key<?>, String> places = new HashMap<>();
    private final Set<Key<?>> broken = new HashSet<>();
    private final List<ConfigProblem> problems = new ArrayList<>();

    void apply(Setting setting) {
        var found = Keys.find(setting.key());
        if (found.isEmpty()) {
            report(setting.where(), Keys.unknown(setting.key()));
            return;
        }
        var key = found.get();
        try {
            values.put(key, key.parse(setting));
            places.put(key, setting.where());
        } catch (BadValue e) {
            broken.add(key);
            report(setting.where(), key.name() + ": " + e.getMessage() + "; " + e.cure());
        }
    }

    void report(String where, String text) {
        problems.add(new ConfigProblem(where, text));
    }

    /** A mistake that lies in how keys fit together, told at the place of the first. */
    void reportAt(Key<?> key, String text) {
        report(places.getOrDefault(key, "default"), key.name() + ": " + text);
    }

    List<ConfigProblem> problems() {
        return problems;
    }

    /** Whether all of them have a value to be judged by; a mistake in one is not told twice. */
    boolean sound(Key<?>... keys) {
        return broken.stream().noneMatch(List.of(keys)::contains);
    }

    boolean isSet(Key<?> key) {
        return places.containsKey(key);
    }

    <T> T get(Key<T> key) {
        @Nullable Object value = values.get(key);
        if (value == null) {
            return key.parseFallback();
        }
        // What apply put under a key came from the key's own type.
        @SuppressWarnings("unchecked")
        T typed = (T) value;
        return typed;
    }
}
