package io.switchboard.server.config;

import java.util.List;

/**
 * A key that some layer sets.
 *
 * @param items one text, or the items of a YAML sequence
 * @param where the place to look for it: {@code file:line}, the environment variable, or {@code --set}
 */
record Setting(String key, List<String> items, boolean sequence, String where) {
    static Setting text(String key, String value, String where) {
        return new Setting(key, List.of(value), false, where);
    }
}
