package io.switchboard.server.config;

import java.util.ArrayList;
import java.util.List;

/** Keys that belong together, in the order in which the table lists them. */
final class KeyList {
    private final List<Key<?>> keys = new ArrayList<>();

    <T> Key<T> add(String name, ValueType<T> type, String fallback, String doc) {
        var key = new Key<>(name, type, fallback, doc);
        keys.add(key);
        return key;
    }

    List<Key<?>> all() {
        return List.copyOf(keys);
    }
}
