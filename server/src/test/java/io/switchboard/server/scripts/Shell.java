package io.switchboard.server.scripts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A directory in which scripts run with a PATH that holds only what is put there. */
record Shell(Path directory) {
    static final Path ROOT = Path.of("").toAbsolutePath().resolveSibling("");

    /** What a script wrote to both streams, and its exit code. */
    record Result(int code, String text) {}

    static Shell with(Path directory, String... tools) throws IOException {
        for (var tool : tools) {
            script(directory.resolve("bin").resolve(tool), "exec " + where(tool) + " \"$@\"");
        }
        return new Shell(directory);
    }

    private static Path where(String tool) {
        return List.of(Path.of("/usr/bin"), Path.of("/bin")).stream()
                .map(place -> place.resolve(tool))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("There is no " + tool + " on this machine."));
    }

    /** A JDK that is nothing but a script that tells its arguments, and the file that tells its version. */
    Path jdk(String name, String version, boolean compiler) throws IOException {
        var home = directory.resolve(name);
        script(home.resolve("bin/java"), "echo \"" + name + "\" \"$@\"");
        if (compiler) {
            script(home.resolve("bin/javac"), "true");
        }
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"X\"\nJAVA_VERSION=\"" + version + "\"\n");
        return home;
    }

    static void script(Path path, String text) throws IOException {
        Files.createDirectories(path.getParent());
        Files.writeString(path, "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    Result run(Map<String, String> environment, String input, String... command) throws Exception {
        var builder = new ProcessBuilder(command).redirectErrorStream(true).directory(directory.toFile());
        builder.environment().clear();
        var all = new HashMap<>(Map.of(
                "PATH", directory.resolve("bin").toString(),
                "HOME", directory.toString(),
                "JDK_PLACES", directory + "/jdk*"));
        all.putAll(environment);
        builder.environment().putAll(all);
        var process = builder.start();
        try (var stdin = process.outputWriter(StandardCharsets.UTF_8)) {
            stdin.write(input);
        }
        var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("It does not end: " + String.join(" ", command));
        }
        return new Result(process.exitValue(), text.strip());
    }
}
