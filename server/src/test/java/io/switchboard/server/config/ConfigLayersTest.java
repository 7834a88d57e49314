package io.switchboard.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.hub.Limits;
import io.switchboard.protocols.centrifugal.ChannelRules;
import io.switchboard.server.config.ServerConfig.AuthMode;
import io.switchboard.server.config.ServerConfig.BackplaneFormat;
import io.switchboard.server.config.ServerConfig.BackplaneType;
import io.switchboard.server.config.ServerConfig.HttpRoot;
import io.switchboard.server.config.ServerConfig.SessionPolicy;
import io.switchboard.server.config.ServerConfig.SessionStrategy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLayersTest {
    private static final int MIB = 1024 * 1024;

    @Test
    void laterLayersWin(@TempDir Path directory) throws ConfigException {
        var config = new Texts(directory)
                .file("""
                        cluster: {name: of-file}
                        backplane:
                          uri: redis://of-file:6379
                        limits:
                          message_bytes: 2MiB
                        node: {name: of-file, port: 1}
                        """)
                .withPreset("chat-redis")
                .withEnvironment(Map.of(
                        "SWITCHBOARD_BACKPLANE_URI", "redis://of-environment:6379",
                        "SWITCHBOARD_NODE_PORT", "2",
                        "SWITCHBOARD_LIMITS_TOPICS_PER_SESSION", "7"))
                .withSet("node.port=3")
                .withFlag("--port", "node.port", "4")
                .load();
        assertEquals(BackplaneType.REDIS, config.backplane().type());
        assertEquals(2 * MIB, config.limits().messageBytes());
        assertEquals(16 * MIB, config.limits().outletBytes());
        assertEquals("of-file", config.cluster().name());
        assertEquals("redis://of-environment:6379", config.backplane().uri().text());
        assertEquals(7, config.limits().topicsPerSession());
        assertEquals(new ServerConfig.Node("of-file", "0.0.0.0", 4), config.node());
    }

    @Test
    void theDefaultLimitsAreThoseOfTheCore() throws ConfigException {
        var limits = ConfigSources.none().load().limits();
        assertEquals(
                Limits.DEFAULT,
                new Limits(
                        limits.messageBytes(),
                        limits.outletBytes(),
                        limits.headerBytes(),
                        limits.httpBodyBytes(),
                        limits.idBytes(),
                        limits.topicsPerSession(),
                        limits.sessions(),
                        limits.sessionsPerUser(),
                        limits.sessionsPerAddress(),
                        limits.commandsPerSecond(),
                        limits.publishBytesPerSecond(),
                        Limits.DEFAULT.knownTopics(),
                        limits.handshakeTimeout(),
                        limits.pingInterval(),
                        limits.pongTimeout(),
                        limits.closeTimeout(),
                        Limits.DEFAULT.subscribeTimeout(),
                        limits.backlogBytes() == 0 ? limits.outletBytes() : limits.backlogBytes(),
                        limits.backlogTime(),
                        limits.recovery()));
    }

    @Test
    void namespacesAreTheSameInAFileAndOnTheCommandLine(@TempDir Path directory) throws ConfigException {
        var rules = List.of(
                new ServerConfig.NamespaceRules(
                        "group",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(ServerConfig.Slow.DROP_OLDEST),
                        ServerConfig.HistoryRules.USUAL,
                        ServerConfig.AttendanceRules.USUAL,
                        ChannelRules.USUAL),
                new ServerConfig.NamespaceRules(
                        "news",
                        Optional.of(ServerConfig.Access.ANYONE),
                        Optional.of(ServerConfig.Access.NOBODY),
                        Optional.of(ServerConfig.Reach.NODE),
                        Optional.of(ServerConfig.Slow.CONFLATE),
                        ServerConfig.HistoryRules.USUAL,
                        ServerConfig.AttendanceRules.USUAL,
                        ChannelRules.USUAL));
        assertEquals(
                rules,
                ConfigSources.none()
                        .withSet("namespaces=group slow=drop_oldest,"
                                + " news subscribe=anyone publish=nobody scope=node slow=conflate")
                        .load()
                        .namespaces());
        assertEquals(rules, new Texts(directory).file("""
                namespaces:
                  - name: group
                    slow: drop_oldest
                  - {name: news, subscribe: anyone, publish: nobody, scope: node, slow: conflate}
                """).load().namespaces());
        assertEquals(List.of(), ConfigSources.none().load().namespaces());
    }

    @Test
    void thePresetChatRedisIsThePublishedDesign() throws ConfigException {
        var config = ConfigSources.none().withPreset("chat-redis").load();
        assertEquals(AuthMode.PATH, config.auth().mode());
        assertEquals(BackplaneType.REDIS, config.backplane().type());
        assertEquals(BackplaneFormat.CHAT, config.backplane().format());
        assertEquals("redis://127.0.0.1:6379", config.backplane().uri().text());
        assertEquals(MIB, config.limits().messageBytes());
        assertEquals(16 * MIB, config.limits().outletBytes());
        assertEquals(
                new ServerConfig.Sessions(
                        SessionPolicy.ONE_PER_DEVICE, SessionStrategy.NEWEST, ServerConfig.WhenDown.ADMIT, false),
                config.sessions());
        assertEquals(
                new ServerConfig.Chat(true, List.of("/chat"), Optional.of("/ws")),
                config.protocols().chat());
        assertEquals(HttpRoot.HELLO, config.http().root());
        assertEquals(1, config.warnings().size());
    }

    @Test
    void theDemoListensOnLoopback() throws ConfigException {
        var config = ConfigSources.none().withPreset("demo").load();
        assertEquals("127.0.0.1", config.node().host());
        assertEquals(BackplaneType.MEMORY, config.backplane().type());
        assertEquals(HttpRoot.DEMO, config.http().root());
    }

    @Test
    void listsAreSequencesInFilesAndCommasElsewhere(@TempDir Path directory) throws ConfigException {
        var two = List.of("https://a.example", "https://*.b.example:8443");
        var fromFile = new Texts(directory)
                .file("http:\n  origins:\n    - https://a.example\n    - https://*.b.example:8443\n")
                .load();
        var fromSet = ConfigSources.none()
                .withSet("http.origins=https://a.example, https://*.b.example:8443")
                .load();
        assertEquals(two, fromFile.http().origins());
        assertEquals(two, fromSet.http().origins());
    }

    @Test
    void noneTakesAwayWhatAPresetSet() throws ConfigException {
        var config = ConfigSources.none()
                .withPreset("chat-redis")
                .withSet("protocols.chat.echo=none")
                .load();
        assertEquals(Optional.empty(), config.protocols().chat().echo());
    }

    @Test
    void anEmptyFileAndEmptySectionsAreAllDefaults(@TempDir Path directory) throws ConfigException {
        var texts = new Texts(directory);
        for (var yaml : List.of("", "# nothing\n", "node:\nlimits: ~\n")) {
            var config = texts.file(yaml).load();
            assertEquals("switchboard", config.cluster().name());
            assertEquals(Duration.ofSeconds(25), config.limits().pingInterval());
        }
    }

    @Test
    void noRecordPrintsASecret(@TempDir Path directory) throws Exception {
        var texts = new Texts(directory);
        var pem = Files.writeString(directory.resolve("a.pem"), "-");
        var config = texts.file("backplane: {type: redis, uri: 'redis://user:hunter2@h:1,h:2/0?password=hunter2'}")
                .withSet("tls.certificate=" + pem)
                .withSet("tls.key=" + pem)
                .withSet("tls.key_password=hunter2")
                .load();
        assertEquals(
                "hunter2",
                config.tls().orElseThrow().keyPassword().orElseThrow().text());
        assertFalse(config.toString().contains("hunter2"), config.toString());
        assertTrue(config.toString().contains("redis://****@h:1,h:2/0?password=****"), config.toString());
    }

    @Test
    void addressesHidePasswordsHoweverTheyAreWritten() {
        assertEquals("redis://h:1/0", new BrokerUri("redis://h:1/0").toString());
        assertEquals("redis://****@h", new BrokerUri("redis://p@ss/w?rd@h").toString());
        assertEquals("redis://****@h", new BrokerUri("redis://:x@h").toString());
        assertEquals("redis://h?a=****&b=****#x", new BrokerUri("redis://h?a=1&b=2#x").toString());
    }

    @Test
    void aNodeIsNamedAfterItsHostAndPort() {
        assertEquals("web-1-8080", NodeName.of("web-1.example.com", 8080));
        assertEquals("a-b-1", NodeName.of("a~ü~b", 1));
        assertEquals("node-9", NodeName.of("", 9));
        assertEquals(64, NodeName.of("x".repeat(200), 8080).length());
        assertTrue(NodeName.of("web", 0).matches("web-[0-9a-f]{8}"));
    }

    @Test
    void everyKeyHasOneVariableADefaultAndADoc() {
        var variables = new HashSet<String>();
        for (var key : Keys.all()) {
            assertTrue(variables.add(key.variable()), key.variable());
            assertTrue(key.doc().endsWith("."), key.name());
            assertFalse(key.doc().contains("\n"), key.name());
            key.parseFallback();
            assertTrue(KeyListing.text().contains(key.name() + "  (default "));
            assertTrue(KeyListing.markdown().contains("| `" + key.name() + "` | "));
        }
    }
}
