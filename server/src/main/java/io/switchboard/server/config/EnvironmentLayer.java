package io.switchboard.server.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads the {@code SWITCHBOARD_…} variables as settings; an empty one counts as not there. */
final class EnvironmentLayer {
    private static final String PREFIX = "SWITCHBOARD_";
    private static final Set<String> NOT_KEYS = Set.of("SWITCHBOARD_JAVA_OPTS");

    /** Kubernetes sets these in every container when a service is called switchboard, or switchboard-something. */
    private static final Pattern SERVICE = Pattern.compile(
            "SWITCHBOARD_(.+_)?(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)");

    private static final Pattern SERVICE_ADDRESS = Pattern.compile("(tcp|udp|sctp)://.*");

    private EnvironmentLayer() {}

    static void read(Map<String, String> environment, ConfigValues values) {
        var names = new HashMap<String, String>();
        Keys.all().forEach(key -> names.put(key.variable(), key.name()));
        new TreeMap<>(environment).forEach((variable, text) -> {
            if (variable.startsWith(PREFIX) && !text.isBlank() && !isForeign(variable, text)) {
                var name = names.get(variable);
                if (name == null) {
                    values.report(variable, "no key has this variable; " + suggestion(variable, names));
                } else {
                    values.apply(Setting.text(name, text, variable));
                }
            }
        });
    }

    private static boolean isForeign(String variable, String text) {
        return NOT_KEYS.contains(variable)
                || SERVICE.matcher(variable).matches()
                || (variable.endsWith("_PORT") && SERVICE_ADDRESS.matcher(text).matches());
    }

    private static String suggestion(String variable, Map<String, String> names) {
        var words = names.keySet().stream()
                .map(name -> name.substring(PREFIX.length()))
                .toList();
        return Nearest.to(variable.substring(PREFIX.length()), words)
                .map(word -> "did you mean " + PREFIX + word + "?")
                .orElse("switchboard check-config --keys lists them all");
    }
}
