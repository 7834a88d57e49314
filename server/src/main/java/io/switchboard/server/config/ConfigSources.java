package io.switchboard.server.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The layers of a configuration, the later over the earlier: preset, file, environment, settings. */
public record ConfigSources(
        Optional<String> preset, Optional<Path> file, Map<String, String> environment, List<Flag> flags) {

    /** The presets that come with the server. */
    public static final List<String> PRESETS =
            List.of("chat-redis", "sign-rabbitmq", "inbox-rocketmq", "message-rabbitmq", "conformance", "demo");

    public ConfigSources {
        environment = Map.copyOf(environment);
        flags = List.copyOf(flags);
    }

    /**
     * A key set on the command line.
     *
     * @param option the option that set it, to be named in errors
     */
    public record Flag(String option, String key, String value) {}

    /** No layer at all: every key at its default. */
    public static ConfigSources none() {
        return new ConfigSources(Optional.empty(), Optional.empty(), Map.of(), List.of());
    }

    public ConfigSources withPreset(String name) {
        return new ConfigSources(Optional.of(name), file, environment, flags);
    }

    public ConfigSources withFile(Path path) {
        return new ConfigSources(preset, Optional.of(path), environment, flags);
    }

    public ConfigSources withEnvironment(Map<String, String> variables) {
        return new ConfigSources(preset, file, variables, flags);
    }

    /** One {@code key=value} as it follows {@code --set}. */
    public ConfigSources withSet(String assignment) {
        int equals = assignment.indexOf('=');
        return equals < 0
                ? withFlag("--set", assignment.strip(), "")
                : withFlag("--set", assignment.substring(0, equals).strip(), assignment.substring(equals + 1));
    }

    /** A key that an option of its own sets, such as {@code --port}. */
    public ConfigSources withFlag(String option, String key, String value) {
        var more = new ArrayList<>(flags);
        more.add(new Flag(option, key, value));
        return new ConfigSources(preset, file, environment, more);
    }

    /** Lays the layers over one another; throws with every mistake of all of them. */
    public ServerConfig load() throws ConfigException {
        var values = new ConfigValues();
        preset.ifPresent(name -> readPreset(name, values));
        file.ifPresent(path -> readFile(path, values));
        EnvironmentLayer.read(environment, values);
        flags.forEach(flag -> readFlag(flag, values));
        return Conclusion.of(values);
    }

    private static void readPreset(String name, ConfigValues values) {
        if (!PRESETS.contains(name)) {
            var meant = Nearest.to(name, PRESETS).map(near -> " (did you mean " + near + "?)");
            values.report(
                    "--preset",
                    Types.quoted(name) + " is not a preset; give one of " + String.join(", ", PRESETS)
                            + meant.orElse(""));
            return;
        }
        var resource = "/presets/" + name + ".yaml";
        try (var stream = ConfigSources.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException("The preset " + resource + " is missing from this build.");
            }
            YamlLayer.read("preset " + name, reader(stream), values);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Reader reader(InputStream stream) {
        return new InputStreamReader(stream, StandardCharsets.UTF_8);
    }

    private static void readFile(Path path, ConfigValues values) {
        try {
            var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(Files.readAllBytes(path)));
            YamlLayer.read(path.toString(), new StringReader(text.toString()), values);
        } catch (CharacterCodingException e) {
            values.report(path.toString(), "this is not a text in UTF-8; save it as UTF-8");
        } catch (NoSuchFileException e) {
            values.report(path.toString(), "there is no such file; give the path of a YAML file");
        } catch (IOException e) {
            var reason = Files.isDirectory(path) ? "it is a directory" : "check its permissions";
            values.report(path.toString(), "this file cannot be read; " + reason);
        }
    }

    private static void readFlag(Flag flag, ConfigValues values) {
        if (flag.value().isBlank()) {
            values.report(flag.option() + " " + flag.key(), "has no value; write key=value, such as node.port=8080");
        } else {
            var where = flag.option().equals("--set") ? "--set " + flag.key() : flag.option();
            values.apply(Setting.text(flag.key(), flag.value(), where));
        }
    }
}
