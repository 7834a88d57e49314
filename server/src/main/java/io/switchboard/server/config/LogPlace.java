package io.switchboard.server.config;

import io.switchboard.server.config.ServerConfig.BackplaneFormat;
import io.switchboard.server.config.ServerConfig.BackplaneType;
import io.switchboard.server.config.ServerConfig.LogType;
import java.util.List;

/** Where the history of topics is kept. Nodes that are linked by a broker must share it, or each would tell its own. */
final class LogPlace {
    private LogPlace() {}

    static LogType type(ConfigValues values) {
        LogType wanted = values.get(Keys.LOG_TYPE);
        if (wanted != LogType.AUTO) {
            return wanted;
        }
        boolean onRedis = keepsHistory(values)
                && (values.get(Keys.LOG_URI).isPresent() || values.get(Keys.BACKPLANE_TYPE) == BackplaneType.REDIS);
        return onRedis ? LogType.REDIS : LogType.MEMORY;
    }

    static BrokerUri uri(ConfigValues values) {
        return values.get(Keys.LOG_URI).orElse(values.get(Keys.BACKPLANE_URI));
    }

    private static boolean keepsHistory(ConfigValues values) {
        return values.get(Keys.NAMESPACES).stream()
                .anyMatch(rules -> rules.history().size().orElse(0) > 0);
    }

    static void check(ConfigValues values, List<String> warnings) {
        if (!values.sound(
                Keys.LOG_TYPE,
                Keys.LOG_URI,
                Keys.BACKPLANE_TYPE,
                Keys.BACKPLANE_URI,
                Keys.BACKPLANE_FORMAT,
                Keys.NAMESPACES)) {
            return;
        }
        BackplaneType backplane = values.get(Keys.BACKPLANE_TYPE);
        boolean linked = backplane != BackplaneType.NONE && backplane != BackplaneType.MEMORY;
        if (type(values) == LogType.REDIS) {
            checkRedis(values, backplane);
        } else if (values.get(Keys.LOG_URI).isPresent()) {
            warnings.add("log.uri is set but no history is kept there; set log.type: redis to use it");
        } else if (linked && keepsHistory(values)) {
            values.reportAt(
                    Keys.LOG_TYPE,
                    "the nodes are linked by a broker, so history must be where all of them find it;"
                            + " set log.type: redis and log.uri: redis://host:6379");
        }
        if (keepsHistory(values) && values.get(Keys.BACKPLANE_FORMAT) != BackplaneFormat.NATIVE) {
            checkFormat(values);
        }
    }

    private static void checkRedis(ConfigValues values, BackplaneType backplane) {
        if (values.get(Keys.LOG_URI).isEmpty() && backplane != BackplaneType.REDIS) {
            values.reportAt(Keys.LOG_TYPE, "redis needs an address; set log.uri: redis://host:6379");
            return;
        }
        String scheme = uri(values).scheme();
        Key<?> named = values.get(Keys.LOG_URI).isPresent() ? Keys.LOG_URI : Keys.LOG_TYPE;
        if (!scheme.startsWith("redis")) {
            values.reportAt(named, "this is not an address of Redis; give one such as redis://127.0.0.1:6379");
        } else if (scheme.endsWith("-spread")) {
            values.reportAt(
                    named, "histories cannot be spread over several servers; set log.uri to one, redis://host:6379");
        }
    }

    /** Foreign nodes publish to these, and know of no history. */
    private static void checkFormat(ConfigValues values) {
        boolean published = values.get(Keys.NAMESPACES).stream()
                .filter(rules -> rules.history().size().orElse(0) > 0)
                .anyMatch(rules -> List.of("user", "group", "all").contains(rules.name()));
        if (published) {
            values.reportAt(
                    Keys.NAMESPACES,
                    "user, group and all travel in a published format, which has no history;"
                            + " set backplane.format: native, or keep no history of them");
        }
    }
}
