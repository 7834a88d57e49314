package io.switchboard.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.protocol.Backend.Question;
import io.switchboard.server.config.ServerConfig.AuthMode;
import io.switchboard.tokens.callbacks.CallbackSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoorKeysTest {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";

    private static List<String> problems(String... settings) {
        var sources = ConfigSources.none();
        for (String setting : settings) {
            sources = sources.withSet(setting);
        }
        var wanted = sources;
        return assertThrows(ConfigException.class, wanted::load).problems().stream()
                .map(ConfigProblem::toString)
                .toList();
    }

    private static ServerConfig config(String... settings) throws ConfigException {
        var sources = ConfigSources.none();
        for (String setting : settings) {
            sources = sources.withSet(setting);
        }
        return sources.load();
    }

    @Test
    void secretsCountTheNewOneFirst() throws ConfigException {
        var config = config("auth.mode=jwt", "auth.hmac_secret=" + SECRET, "auth.hmac_previous=old");
        assertEquals(AuthMode.JWT, config.auth().mode());
        assertEquals(List.of(SECRET, "old"), config.auth().tokens().hmacSecrets());
        assertEquals("0.0.0.0", config.node().host());
        assertTrue(config.warnings().isEmpty(), config.warnings()::toString);
        assertFalse(config.toString().contains(SECRET), config::toString);
    }

    @Test
    void shortSecretIsWarnedOf() throws ConfigException {
        var config = config("auth.mode=jwt", "auth.hmac_secret=secret");
        assertTrue(config.warnings().getFirst().startsWith("auth.hmac_secret is shorter than 32 bytes"));
    }

    @Test
    void publicKeyIsReadFromItsFile(@TempDir Path directory) throws Exception {
        byte[] encoded = KeyPairGenerator.getInstance("Ed25519")
                .generateKeyPair()
                .getPublic()
                .getEncoded();
        var file = Files.writeString(
                directory.resolve("key.pem"),
                "-----BEGIN PUBLIC KEY-----\n" + Base64.getEncoder().encodeToString(encoded)
                        + "\n-----END PUBLIC KEY-----\n");
        var config = config("auth.mode=jwt", "auth.eddsa_public_key=" + file);
        assertEquals(1, config.auth().tokens().publicKeys().size());
        assertTrue(
                problems("auth.rsa_public_key=" + file).getFirst().contains("this is a key of EdDSA; give one of RSA"));
        assertTrue(problems("auth.rsa_public_key=" + file + "x").getFirst().contains("give the path of a PEM file"));
    }

    @Test
    void addressesWithPasswordsAreNeitherTakenNorShown() {
        String problem = problems("auth.jwks_url=https://me:hush@example.com/").getFirst();
        assertTrue(problem.contains("without a user"), problem);
        assertFalse(problem.contains("hush"), problem);
    }

    @Test
    void hooksAreAskedWhereTheyAreSet() throws ConfigException {
        assertEquals(Optional.empty(), config().hooks());
        CallbackSettings hooks = config(
                        "hooks.publish.url=http://127.0.0.1:3000/publish",
                        "hooks.publish.namespaces=default,news",
                        "hooks.disconnect.url=http://127.0.0.1:3000/gone",
                        "hooks.headers=Cookie",
                        "hooks.timeout=500ms",
                        "hooks.secret=hush")
                .hooks()
                .orElseThrow();
        assertEquals(
                Set.of(Question.PUBLISH, Question.DISCONNECT), hooks.hooks().keySet());
        var publish = hooks.hooks().get(Question.PUBLISH);
        assertEquals(Set.of("", "news"), publish == null ? Set.of() : publish.namespaces());
        assertEquals(Duration.ofMillis(500), publish == null ? Duration.ZERO : publish.within());
        assertEquals(List.of("cookie"), hooks.headers());
        assertFalse(hooks.toString().contains("hush"));
    }

    @Test
    void headersOfTheRequestItselfAreNotPassedOn() {
        assertTrue(problems("hooks.headers=Host").getFirst().contains("Host is the request's own"));
    }

    @Test
    void conformancePresetIsWhatTheSuitesExpect() throws ConfigException {
        var config = ConfigSources.none().withPreset("conformance").load();
        assertEquals(List.of("secret"), config.auth().tokens().hmacSecrets());
        assertEquals(new Secret("test-api-key"), config.api().key().orElseThrow());
        var centrifugal = config.protocols().centrifugal();
        assertTrue(centrifugal.enabled() && centrifugal.settings().insecure());
        assertEquals(
                List.of("", "delta", "recovery", "smallhistory"),
                config.namespaces().stream()
                        .map(ServerConfig.NamespaceRules::name)
                        .toList());
        var usual = config.namespaces().getFirst();
        assertEquals(Optional.of(100), usual.history().size());
        assertEquals(Optional.of(Duration.ofMinutes(5)), usual.history().ttl());
        assertTrue(config.warnings().stream().anyMatch(warning -> warning.contains("insecure is true")));
    }

    @Test
    void namespacesSayWhatIsKept() throws ConfigException {
        var rules = config("namespaces=news history_size=10 history_ttl=1m recovery=cache presence=true"
                        + " channel_pattern=[a-z]+ user_limited=true subscribe=token")
                .namespaces()
                .getFirst();
        assertEquals(Optional.of(ServerConfig.Recovery.CACHE), rules.history().recovery());
        assertEquals(Optional.of(true), rules.attendance().kept());
        assertEquals(Optional.of(ServerConfig.Access.TOKEN), rules.subscribe());
        assertTrue(rules.channels().userLimited());
        assertTrue(problems("namespaces=news history_ttl=1m").getFirst().contains("set history_size as well"));
        assertTrue(problems("namespaces=news channel_pattern=[a").getFirst().contains("is no regular expression"));
    }

    @Test
    void presenceOfNodesThatShareNoDirectoryIsWarnedOf() throws ConfigException {
        var sources = ConfigSources.none()
                .withSet("backplane.type=redis")
                .withSet("backplane.uri=redis://127.0.0.1:6379")
                .withSet("namespaces=seen presence=true");
        assertTrue(sources.load().warnings().stream().anyMatch(warning -> warning.contains("keeps presence")));
        assertTrue(sources.withSet("directory.type=redis").load().warnings().stream()
                .noneMatch(warning -> warning.contains("keeps presence")));
    }
}
