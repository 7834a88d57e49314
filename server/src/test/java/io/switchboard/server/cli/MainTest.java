package io.switchboard.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void noCommandIsAUsageErrorThatNamesThem() {
        assertEquals(2, run());
        assertTrue(err.toString().startsWith("Which command? One of "), err.toString());
    }

    @Test
    void aMistypedCommandOrOptionSuggestsTheNearest() {
        assertEquals(2, run("chek-config"));
        assertTrue(err.toString().contains("Did you mean: switchboard check-config"), err.toString());
        assertEquals(2, run("check-config", "--presett", "demo"));
        assertTrue(err.toString().contains("--preset"), err.toString());
    }

    @Test
    void everyCommandHasAHelpWithAnExample() {
        assertEquals(0, run("--help"));
        assertEquals(0, run("check-config", "--help"));
        assertEquals(0, run("version", "-h"));
        assertTrue(out.toString().contains("switchboard check-config board.yaml"), out.toString());
        assertEquals("", err.toString());
    }

    @Test
    void checkConfigTellsEveryMistakeAndCountsThem(@TempDir Path directory) throws Exception {
        var file = Files.writeString(directory.resolve("b.yaml"), "nod: 1\nnode: {port: x}\n");
        assertEquals(2, run("check-config", file.toString()));
        assertEquals("""
                %1$s:1: nod is not a key; did you mean node?
                %1$s:2: node.port: "x" is not a whole number; give a whole number from 0 to 65535
                2 mistakes in the configuration.
                """.formatted(file), err.toString().replace("\r", ""));
        assertEquals("", out.toString());
    }

    @Test
    void checkConfigSaysWhatARightConfigurationMeans() {
        assertEquals(0, run("check-config", "--preset", "chat-redis", "--set", "node.name=a"));
        assertTrue(err.toString().startsWith("warning: auth.mode is path"), err.toString());
        assertEquals(
                "The configuration can be used: node a of cluster switchboard at 0.0.0.0:8080,"
                        + " linked by redis://127.0.0.1:6379 (chat format).",
                out.toString().strip());
    }

    @Test
    void tokenIsPrintedAndNothingElse() {
        assertEquals(0, run("token", "--user", "42", "--ttl", "1h", "--set", "auth.hmac_secret=hush-hush"));
        assertTrue(
                out.toString().strip().matches("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]{43}"), out.toString());
        assertEquals("", err.toString());
    }

    @Test
    void tokenWithoutSecretOrUserSaysWhatIsMissing() {
        assertEquals(1, run("token", "--user", "42"));
        assertTrue(err.toString().startsWith("There is no secret to sign with: set auth.hmac_secret"), err.toString());
        assertEquals(2, run("token", "--set", "auth.hmac_secret=hush-hush"));
        assertTrue(err.toString().contains("Whose token? Give --user ID"), err.toString());
        assertEquals(2, run("token", "--user", "42", "--ttl", "soon"));
        assertTrue(err.toString().contains("--ttl is a time such as 10m"), err.toString());
        assertFalse(err.toString().contains("hush"), err.toString());
    }

    @Test
    void checkConfigWithoutAnythingToCheckAsks() {
        assertEquals(2, run("check-config"));
        assertTrue(err.toString().startsWith("Which configuration? Give a FILE or a --preset."), err.toString());
    }

    @Test
    void theKeysAreListed() {
        assertEquals(0, run("check-config", "--keys"));
        assertTrue(out.toString().contains("SWITCHBOARD_LIMITS_MESSAGE_BYTES"), out.toString());
        assertEquals(0, run("check-config", "--keys", "--markdown"));
        assertTrue(out.toString().contains("| `limits.message_bytes` | "), out.toString());
    }

    @Test
    void theVersionTellsTheJdk() {
        assertEquals(0, run("version"));
        assertTrue(out.toString().contains("JDK " + Runtime.version()), out.toString());
    }

    @Test
    void aLogRecordIsOneLineWhateverItSays() {
        var entry = new LogRecord(Level.WARNING, "user \u001B[31m{0}\nsaid\rso");
        entry.setLoggerName("io.switchboard.node.Node");
        entry.setParameters(new Object[] {42});
        entry.setInstant(Instant.parse("2026-01-02T03:04:05.678Z"));
        assertEquals(
                "2026-01-02 03:04:05.678 WARN  Node: user \\e[31m42\\nsaid\\rso\n",
                new LogFormat(ZoneOffset.UTC).format(entry));
        entry.setThrown(new IllegalStateException("boom"));
        var text = new LogFormat(ZoneOffset.UTC).format(entry);
        assertTrue(text.contains("\njava.lang.IllegalStateException: boom\n\tat "), text);
        assertFalse(text.contains("\u001B"), text);
    }

    private int run(String... arguments) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }
}
