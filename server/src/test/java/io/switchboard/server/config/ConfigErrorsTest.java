package io.switchboard.server.config;

import static io.switchboard.server.config.Texts.problems;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigErrorsTest {
    private final Path directory;
    private final Texts texts;

    ConfigErrorsTest(@TempDir Path directory) {
        this.directory = directory;
        texts = new Texts(directory);
    }

    @Test
    void everyMistakeOfAFileIsReportedWithItsLine() {
        assertEquals(
                List.of(
                        "board.yaml:1: clutser is not a key; did you mean cluster?",
                        "board.yaml:4: node.port: \"80x80\" is not a whole number;"
                                + " give a whole number from 0 to 65535",
                        "board.yaml:5: node.nmae is not a key; did you mean node.name?",
                        "board.yaml:7: limits.header_bytes: \"64 parsecs\" has a unit that is not known here;"
                                + " write 64KiB (units are B, KiB, MiB, GiB)",
                        "board.yaml:8: limits.ping_interval: \"25\" has no unit;"
                                + " write 25s for seconds, 25ms for milliseconds",
                        "board.yaml:10: backplane.type: \"reddis\" is not known here;"
                                + " give one of none, memory, redis, rabbitmq, rocketmq (did you mean redis?)"),
                texts.problemsOf("""
                        clutser:
                          name: a
                        node:
                          port: 80x80
                          nmae: b
                        limits:
                          header_bytes: 64 parsecs
                          ping_interval: 25
                        backplane:
                          type: reddis
                        """));
    }

    @Test
    void mistakesInNamespacesNamePlaceAndCure() {
        assertEquals(
                List.of("board.yaml:3: namespaces: \"slwo\" is not a rule of a namespace; did you mean slow?"),
                texts.problemsOf("""
                        namespaces:
                          - name: group
                            slwo: conflate
                        """));
        assertEquals(
                List.of("board.yaml:4: namespaces: news.slow: \"drop\" is not known here;"
                        + " give one of disconnect, drop_oldest, drop_newest, conflate"),
                texts.problemsOf("""
                        namespaces:
                          - name: group
                            slow: conflate
                          - name: news
                            slow: drop
                        """));
        assertEquals(
                List.of("board.yaml:2: namespaces: the rules of namespace session cannot be changed:"
                        + " it is for addressing only; give user, group, all, or a name of your own"),
                texts.problemsOf("namespaces:\n  - name: session\n    slow: conflate\n"));
        assertEquals(
                List.of("board.yaml:1: namespaces: namespace a stands here twice; keep one of the two"),
                texts.problemsOf("namespaces:\n  - name: a\n  - name: a\n"));
        assertEquals(
                List.of("board.yaml:2: namespaces: \" slow=conflate\" has no name;"
                        + " name the namespace first, as in news slow=conflate"),
                texts.problemsOf("namespaces:\n  - slow: conflate\n"));
        assertEquals(
                List.of("board.yaml:1: limits.backlog_bytes: one message of limits.message_bytes (65536) would not fit"
                        + " into it; raise it, or leave it out: it is then as limits.outlet_bytes"),
                texts.problemsOf("limits.backlog_bytes: 1KiB\n"));
    }

    @Test
    void aTabIsCalledATab() {
        assertEquals(
                List.of("board.yaml:2: this is not YAML: a tab stands here; indent with spaces"),
                texts.problemsOf("node:\n\tport: 1\n"));
    }

    @Test
    void aKeySetTwiceNamesBothLines() {
        assertEquals(
                List.of("board.yaml:3: node.port: was set on line 2 already; keep one of the two"),
                texts.problemsOf("node:\n  port: 1\n  port: 2\n"));
        assertEquals(
                List.of("board.yaml:4: node.port: was set on line 2 already; keep one of the two"),
                texts.problemsOf("node:\n  port: 1\n\nnode.port: 2\n"));
    }

    @Test
    void whatIsNoYamlSaysWhere() {
        assertEquals(
                List.of("board.yaml:3: this is not YAML: expected ',' or '}', but got <stream end>"),
                texts.problemsOf("node: {port: 1\n\n"));
        assertEquals(
                List.of("board.yaml:2: this is not YAML: but found another document"),
                texts.problemsOf("node.port: 1\n---\nnode.port: 2\n"));
        assertEquals(
                List.of("board.yaml:1: keys and values are expected, such as node.port: 8080"),
                texts.problemsOf("- node\n"));
    }

    @Test
    void sectionsListsAndValuesAreToldApart() {
        assertEquals(
                List.of(
                        "board.yaml:1: backplane is a section;"
                                + " write below it, indented, what you want of type, uri, format,"
                                + " tls_ca, sentinel_password, queue_expires",
                        "board.yaml:3: node.port: a list stands here; give a whole number from 0 to 65535",
                        "board.yaml:5: cluster.name: keys stand below it; give 1 to 64 letters, digits, _ or -",
                        "board.yaml:7: log.level: has no value; give one of error, warn, info, debug, trace",
                        "board.yaml:9: http.origins: a plain item is expected in this list",
                        "board.yaml:10: <<: merging is not supported here; write the keys out"),
                texts.problemsOf("""
                        backplane: redis
                        node:
                          port: [1, 2]
                        cluster:
                          name: {first: a}
                        log:
                          level:
                        http:
                          origins: [[a]]
                        <<: {x: y}
                        """));
    }

    @Test
    void noTagMakesAnObject() {
        assertEquals(
                List.of("board.yaml:1: this is not YAML: Global tag is not allowed:"
                        + " tag:yaml.org,2002:javax.script.ScriptEngineManager"),
                texts.problemsOf("node.port: !!javax.script.ScriptEngineManager {}\n"));
    }

    @Test
    void jwtNeedsAKey() {
        assertEquals(
                List.of("board.yaml:1: auth.mode: jwt needs a key that tokens are signed with; set auth.hmac_secret,"
                        + " auth.rsa_public_key, auth.ecdsa_public_key, auth.eddsa_public_key or auth.jwks_url"),
                texts.problemsOf("auth: {mode: jwt}"));
    }

    @Test
    void anUnknownKeyFarFromAllListsItsNeighbours() {
        assertEquals(
                List.of(
                        "board.yaml:1: backplane.hosts_and_ports is not a key; below backplane are type, uri, format,"
                                + " tls_ca, sentinel_password, queue_expires",
                        "board.yaml:2: zookeeper is not a key; switchboard check-config --keys lists them all",
                        "board.yaml:3: port is not a key; did you mean node.port?",
                        "board.yaml:4: limits.headerByte is not a key; did you mean limits.header_bytes?"),
                texts.problemsOf("""
                        backplane.hosts_and_ports: x
                        zookeeper: x
                        port: 80
                        limits: {headerByte: 80}
                        """));
    }

    @Test
    void anEnvironmentVariableIsNamed() {
        var environment = Map.of(
                "SWITCHBOARD_NODE_PORT", "many",
                "SWITCHBOARD_BACKPLANE_URL", "redis://127.0.0.1",
                "SWITCHBOARD_LIMITS_HEADER_BYTES", "1kb",
                "SWITCHBOARD_JAVA_OPTS", "-Xmx1g",
                "SWITCHBOARD_CLUSTER_NAME", "",
                "HOME", "/root");
        assertEquals(
                List.of(
                        "SWITCHBOARD_BACKPLANE_URL: no key has this variable; did you mean SWITCHBOARD_BACKPLANE_URI?",
                        "SWITCHBOARD_LIMITS_HEADER_BYTES: limits.header_bytes: \"1kb\" has a unit that is not"
                                + " known here;"
                                + " write 1KiB (units are B, KiB, MiB, GiB)",
                        "SWITCHBOARD_NODE_PORT: node.port: \"many\" is not a whole number;"
                                + " give a whole number from 0 to 65535"),
                problems(ConfigSources.none().withEnvironment(environment)));
    }

    @Test
    void variablesThatKubernetesSetsForAServiceAreNoMistake() throws ConfigException {
        var config = ConfigSources.none()
                .withEnvironment(Map.of(
                        "SWITCHBOARD_PORT", "tcp://10.0.0.7:8080",
                        "SWITCHBOARD_SERVICE_HOST", "10.0.0.7",
                        "SWITCHBOARD_SERVICE_PORT", "8080",
                        "SWITCHBOARD_PORT_8080_TCP_ADDR", "10.0.0.7",
                        "SWITCHBOARD_NODE_PORT", "tcp://10.0.0.8:1"))
                .load();
        assertEquals(8080, config.node().port());
    }

    @Test
    void aSettingOfTheCommandLineIsNamed() {
        assertEquals(
                List.of(
                        "--set nod.port: nod.port is not a key; did you mean node.port?",
                        "--set http.origins: http.origins: \"example.com\" does not fit;"
                                + " give * or an origin such as https://app.example.com or https://*.example.com",
                        "--set node.name: has no value; write key=value, such as node.port=8080",
                        "--port: node.port: \"70000\" is too large; give a whole number from 0 to 65535"),
                problems(ConfigSources.none()
                        .withSet("nod.port=1")
                        .withSet("http.origins=https://a.example,example.com")
                        .withSet("node.name")
                        .withFlag("--port", "node.port", "70000")));
    }

    @Test
    void withoutAuthTheNodeCannotBeOpenedToOthers() throws ConfigException {
        assertEquals(
                List.of("board.yaml:1: node.host: \"0.0.0.0\" would open the node to others, and no auth is configured;"
                        + " set auth.mode: jwt (clients bring tokens), auth.mode: path (the id in the path is"
                        + " believed), or node.host: 127.0.0.1"),
                texts.problemsOf("node.host: 0.0.0.0"));
        var alone = ConfigSources.none().load();
        assertEquals("127.0.0.1", alone.node().host());
        assertTrue(alone.warnings().getFirst().startsWith("auth.mode is none: listening on loopback only;"));
        var open = ConfigSources.none().withSet("auth.mode=path").load();
        assertEquals("0.0.0.0", open.node().host());
        assertTrue(open.warnings().getFirst().startsWith("auth.mode is path: a client is whoever the path"));
    }

    @Test
    void keysMustFitTogether() {
        assertEquals(
                List.of("board.yaml:1: limits.message_bytes: one message of limits.message_bytes (2097152)"
                        + " would not fit into limits.outlet_bytes (1048576); raise limits.outlet_bytes,"
                        + " or lower limits.message_bytes"),
                texts.problemsOf("limits: {message_bytes: 2MiB}"));
        assertEquals(
                List.of("board.yaml:1: backplane.format: chat needs the chat protocol;"
                        + " set protocols.chat.enabled: true, or backplane.format: native"),
                texts.problemsOf("backplane: {type: redis, format: chat}\nprotocols.chat.enabled: false"));
        assertEquals(
                List.of(
                        "board.yaml:1: tls.certificate: there is no tls.key to go with it; set both, or neither",
                        "board.yaml:1: tls.certificate: there is no file /no/such.pem; give the path of a PEM file"),
                texts.problemsOf("tls.certificate: /no/such.pem"));
        assertEquals(
                List.of("board.yaml:1: backplane.uri: this is not an address of Redis;"
                        + " give one such as redis://127.0.0.1:6379, rediss://… for TLS, redis-sentinel://…"),
                texts.problemsOf("backplane: {type: redis, uri: 'amqp://u:secret@h'}"));
        assertEquals(
                List.of("board.yaml:1: backplane.uri: the published format chat cannot be spread over several servers:"
                        + " the published nodes know one; set backplane.format: native, or give one server"),
                texts.problemsOf("backplane: {type: redis, format: chat, uri: 'redis-spread://:secret@a,b'}"));
    }

    @Test
    void addressAndFormatMustFitRabbitMq() {
        assertEquals(
                List.of(
                        "board.yaml:1: backplane.uri: this is not an address of RabbitMQ; give one such as"
                                + " amqp://user:password@127.0.0.1:5672/vhost, amqps://… for TLS",
                        "board.yaml:1: backplane.format: chat is published for Redis;"
                                + " give native, or backplane.type: redis"),
                texts.problemsOf("backplane: {type: rabbitmq, uri: 'redis://u:secret@h', format: chat}"));
    }

    @Test
    void filesThatCannotBeReadSayWhy() throws Exception {
        assertEquals(
                List.of(directory + "/none.yaml: there is no such file; give the path of a YAML file"),
                problems(ConfigSources.none().withFile(directory.resolve("none.yaml"))));
        assertEquals(
                List.of(directory + ": this file cannot be read; it is a directory"),
                problems(ConfigSources.none().withFile(directory)));
        var latin = Files.write(directory.resolve("latin.yaml"), new byte[] {'a', ':', ' ', (byte) 0xE4});
        assertEquals(
                List.of(latin + ": this is not a text in UTF-8; save it as UTF-8"),
                problems(ConfigSources.none().withFile(latin)));
    }

    @Test
    void anUnknownPresetNamesTheKnownOnes() {
        assertEquals(
                List.of("--preset: \"chat-reddis\" is not a preset; give one of "
                        + String.join(", ", ConfigSources.PRESETS) + " (did you mean chat-redis?)"),
                problems(ConfigSources.none().withPreset("chat-reddis")));
    }

    @Test
    void noErrorShowsASecret() {
        var yaml = "backplane: {type: redis, uri: 'hunter2 @ nowhere'}\ntls: {key_password: [hunter2]}\n";
        var exception = assertThrows(ConfigException.class, texts.file(yaml)::load);
        assertEquals(2, exception.problems().size());
        assertFalse(String.valueOf(exception.getMessage()).contains("hunter2"), exception.getMessage());
    }

    @Test
    void pathsThatCannotBeServedAreFoundBeforeTheStart() {
        assertEquals(
                List.of("board.yaml:1: protocols.chat.path: a prefix stands twice: [/chat, /chat]; name each once"),
                texts.problemsOf("protocols: {chat: {path: [/chat, /chat]}}"));
        assertEquals(
                List.of("board.yaml:1: protocols.chat.path: the list is empty; give at least one prefix such as /chat,"
                        + " or set protocols.chat.enabled: false"),
                texts.problemsOf("protocols: {chat: {path: []}}"));
        assertEquals(
                List.of("board.yaml:1: protocols.chat.echo: /chat is a path of the chat protocol itself; give another"
                        + " one, such as /ws"),
                texts.problemsOf("protocols: {chat: {echo: /chat}}"));
        assertEquals(1, texts.problemsOf("protocols: {chat: {path: ['/{id}']}}").size());
        assertEquals(1, texts.problemsOf("protocols: {chat: {path: [/]}}").size());
    }
}
