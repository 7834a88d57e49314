package io.switchboard.server.scripts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.server.scripts.Shell.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FindJdkTest {
    private static final String FIND = ". " + Shell.ROOT + "/scripts/find-jdk.sh; find_jdk 21 ";
    private static final String TELL = " && echo \"${jdk_home##*/} $jdk_major\" || jdk_missing 21";

    private final Path directory;
    private Shell shell;

    FindJdkTest(@TempDir Path directory) {
        this.directory = directory;
        shell = new Shell(directory);
    }

    @BeforeEach
    void bareMachine() throws Exception {
        shell = Shell.with(directory, "sh", "bash", "sed", "head", "dirname", "readlink", "cat");
    }

    @Test
    void theNewestOfTheUsualPlacesIsTaken() throws Exception {
        shell.jdk("jdk-17", "17.0.15", true);
        shell.jdk("jdk-25", "25.0.3", true);
        shell.jdk("jdk-21", "21.0.2", true);
        shell.jdk("jdk-8", "1.8.0_402", true);
        assertEquals(new Result(0, "jdk-25 25"), find(Map.of()));
    }

    @Test
    void theDefaultJavaMayBeTooOld() throws Exception {
        var old = shell.jdk("of-path", "17.0.15", true);
        Files.createSymbolicLink(directory.resolve("bin/java"), old.resolve("bin/java"));
        shell.jdk("jdk-21", "21", true);
        assertEquals(new Result(0, "jdk-21 21"), find(Map.of()));
    }

    @Test
    void theOneOnThePathIsFoundThroughItsLinks() throws Exception {
        var home = shell.jdk("of-path", "26-ea", true);
        var link = Files.createSymbolicLink(directory.resolve("java-link"), home.resolve("bin/java"));
        Files.createSymbolicLink(directory.resolve("bin/java"), link);
        shell.jdk("jdk-25", "25", true);
        assertEquals(new Result(0, "of-path 26"), find(Map.of()));
    }

    @Test
    void javaHomeGoesFirstIfItIsFit() throws Exception {
        shell.jdk("jdk-25", "25.0.3", true);
        var chosen = shell.jdk("chosen", "21.0.9", true);
        var old = shell.jdk("old", "11.0.2", true);
        assertEquals(new Result(0, "chosen 21"), find(Map.of("JAVA_HOME", chosen.toString())));
        assertEquals(new Result(0, "jdk-25 25"), find(Map.of("JAVA_HOME", old.toString())));
        assertEquals(new Result(0, "jdk-25 25"), find(Map.of("JAVA_HOME", "/no/such/place")));
    }

    @Test
    void toBuildACompilerIsNeeded() throws Exception {
        shell.jdk("jdk-25-jre", "25.0.3", false);
        shell.jdk("jdk-21", "21.0.2", true);
        assertEquals(new Result(0, "jdk-21 21"), find(Map.of(), "compiler"));
        assertEquals(new Result(0, "jdk-25-jre 25"), find(Map.of()));
    }

    @Test
    void aJdkWithoutAReleaseFileIsAsked() throws Exception {
        Shell.script(directory.resolve("jdk-x/bin/java"), "echo 'openjdk version \"22.0.1\" 2024-04-16' >&2");
        assertEquals(new Result(0, "jdk-x 22"), find(Map.of()));
    }

    @Test
    void whenThereIsNoneItSaysWhatWasFoundAndWhatToDo() throws Exception {
        shell.jdk("jdk-17", "17.0.15", true);
        var told = """
                A JDK 21 or newer is needed, and none was found in JAVA_HOME, on the PATH or in the usual places.
                Found, but not fit:
                  DIRECTORY/jdk-17 (version 17)
                Install one (for example Temurin 25 from https://adoptium.net), or set JAVA_HOME to where it is.
                """;
        assertEquals(told.strip(), find(Map.of()).text().replace(directory.toString(), "DIRECTORY"));
    }

    @Test
    void thePackagedScriptGivesEachJdkTheFlagsItKnows() throws Exception {
        var script = packaged();
        shell.jdk("jdk-a", "21.0.2", true);
        assertEquals(new Result(0, "jdk-a -jar " + jar() + " version"), run(script, Map.of()));
        shell.jdk("jdk-b", "24.0.1", true);
        assertEquals(
                new Result(
                        0,
                        "jdk-b --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -jar " + jar()
                                + " version"),
                run(script, Map.of()));
        shell.jdk("jdk-c", "25.0.3", true);
        assertEquals(
                new Result(
                        0,
                        "jdk-c --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
                                + " -XX:+UseCompactObjectHeaders -Xmx64m -Da=b -jar " + jar() + " version"),
                run(script, Map.of("SWITCHBOARD_JAVA_OPTS", "-Xmx64m -Da=b")));
    }

    @Test
    void thePackagedScriptWorksThroughALink() throws Exception {
        var link = Files.createSymbolicLink(directory.resolve("bin/switchboard"), packaged());
        shell.jdk("jdk-21", "21.0.2", true);
        assertEquals(new Result(0, "jdk-21 -jar " + jar() + " version"), run(link, Map.of()));
    }

    @Test
    void withoutAJdkThePackagedScriptFailsPlainly() throws Exception {
        var result = run(packaged(), Map.of());
        assertEquals(1, result.code());
        assertTrue(result.text().startsWith("A JDK 21 or newer is needed"), result.text());
    }

    private Path packaged() throws Exception {
        var home = directory.resolve("dist");
        Files.createDirectories(home.resolve("scripts"));
        Files.copy(Shell.ROOT.resolve("scripts/find-jdk.sh"), home.resolve("scripts/find-jdk.sh"));
        Files.writeString(home.resolve("switchboard.jar"), "");
        return Files.copy(Shell.ROOT.resolve("switchboard"), home.resolve("switchboard"));
    }

    private Path jar() {
        return directory.resolve("dist/switchboard.jar");
    }

    private Result run(Path script, Map<String, String> environment) throws Exception {
        return shell.run(environment, "", "/bin/bash", script.toString(), "version");
    }

    private Result find(Map<String, String> environment, String... arguments) throws Exception {
        return shell.run(environment, "", "/bin/sh", "-c", FIND + String.join(" ", arguments) + TELL);
    }
}
