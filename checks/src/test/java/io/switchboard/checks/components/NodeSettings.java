package io.switchboard.checks.components;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How a node is to be started: its name, its preset, and what is set beside it. */
public record NodeSettings(String name, String preset, Map<String, String> set, List<String> jvmOptions) {
    public NodeSettings {
        set = Map.copyOf(set);
        jvmOptions = List.copyOf(jvmOptions);
    }

    /** A node of the chat design on this Redis. */
    public static NodeSettings chat(String name, String redisUri) {
        return new NodeSettings(name, "chat-redis", Map.of("backplane.uri", redisUri), List.of());
    }

    /** A node of a preset as it is. */
    public static NodeSettings of(String name, String preset) {
        return new NodeSettings(name, preset, Map.of(), List.of());
    }

    public NodeSettings with(String key, String value) {
        var changed = new TreeMap<>(set);
        changed.put(key, value);
        return new NodeSettings(name, preset, changed, jvmOptions);
    }

    public NodeSettings withPreset(String other) {
        return new NodeSettings(name, other, set, jvmOptions);
    }

    public NodeSettings withJvmOptions(String... options) {
        return new NodeSettings(name, preset, set, List.of(options));
    }

    /** What follows {@code java -jar switchboard.jar}. */
    List<String> arguments(int port) {
        var line = new ArrayList<>(List.of("serve", "--preset", preset, "--port", Integer.toString(port)));
        line.addAll(List.of("--node", name));
        new TreeMap<>(set).forEach((key, value) -> line.addAll(List.of("--set", key + "=" + value)));
        return line;
    }
}
