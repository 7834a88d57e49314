package io.switchboard.server.config;

import io.switchboard.server.config.ServerConfig.BackplaneFormat;
import io.switchboard.server.config.ServerConfig.BackplaneType;
import io.switchboard.server.config.ServerConfig.DirectoryType;
import io.switchboard.server.config.ServerConfig.DiscoveryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Judges whether the keys fit together, and draws the one conclusion from them. */
final class Conclusion {
    private final ConfigValues values;
    private final List<String> warnings = new ArrayList<>();

    private Conclusion(ConfigValues values) {
        this.values = values;
    }

    static ServerConfig of(ConfigValues values) throws ConfigException {
        var conclusion = new Conclusion(values);
        Door.check(values, conclusion.warnings);
        conclusion.checkBackplane();
        conclusion.checkDirectory();
        conclusion.checkDiscovery();
        LogPlace.check(values, conclusion.warnings);
        conclusion.checkPaths();
        SignSpelling.check(values);
        conclusion.checkLimits();
        conclusion.checkTls();
        if (!values.problems().isEmpty()) {
            throw new ConfigException(values.problems());
        }
        return conclusion.config();
    }

    private void checkBackplane() {
        if (!values.sound(Keys.BACKPLANE_TYPE, Keys.BACKPLANE_FORMAT, Keys.BACKPLANE_URI)) {
            return;
        }
        var type = values.get(Keys.BACKPLANE_TYPE);
        switch (values.get(Keys.BACKPLANE_FORMAT)) {
            case NATIVE -> {}
            case CHAT -> checkFormat("chat", Keys.CHAT_ENABLED);
            case SIGN -> checkFormat("sign", Keys.SIGN_ENABLED);
            case INBOX -> checkFormat("inbox", Keys.INBOX_ENABLED);
            case MESSAGE -> {
                checkFormat("message", Keys.MESSAGE_ENABLED);
                if (values.isSet(Keys.MESSAGE_TO_SENDER) && !values.get(Keys.MESSAGE_TO_SENDER)) {
                    warnings.add("protocols.message.to_sender is false, but backplane.format message names no sender:"
                            + " messages that come back from the broker reach their sender too;"
                            + " use backplane.format: native");
                }
            }
        }
        boolean linked = type != BackplaneType.NONE && type != BackplaneType.MEMORY;
        if (!linked && values.isSet(Keys.BACKPLANE_URI)) {
            warnings.add("backplane.uri is set but backplane.type is " + Types.lowerCase(type)
                    + ": the address is not used; set backplane.type to the broker's to use it");
        }
        checkAddress(type, values.get(Keys.BACKPLANE_URI).scheme());
    }

    private void checkAddress(BackplaneType type, String scheme) {
        if (type == BackplaneType.RABBITMQ) {
            checkScheme(
                    scheme.matches("amqps?"),
                    "this is not an address of RabbitMQ; give one such as"
                            + " amqp://user:password@127.0.0.1:5672/vhost, amqps://… for TLS");
        }
        if (type == BackplaneType.ROCKETMQ) {
            checkScheme(
                    scheme.equals("rocketmq"),
                    "this is not an address of RocketMQ; give its name servers, such as"
                            + " rocketmq://127.0.0.1:9876,127.0.0.2:9876");
        }
        if (type == BackplaneType.REDIS && !scheme.startsWith("redis")) {
            values.reportAt(
                    Keys.BACKPLANE_URI,
                    "this is not an address of Redis; give one such as redis://127.0.0.1:6379,"
                            + " rediss://… for TLS, redis-sentinel://…");
        }
        if (type == BackplaneType.REDIS
                && values.get(Keys.BACKPLANE_FORMAT) != BackplaneFormat.NATIVE
                && scheme.endsWith("-spread")) {
            values.reportAt(
                    Keys.BACKPLANE_URI,
                    "the published format chat cannot be spread over several servers: the published nodes know one;"
                            + " set backplane.format: native, or give one server");
        }
    }

    /** Of a broker that the chat format is not published for. */
    private void checkScheme(boolean right, String otherwise) {
        if (!right) {
            values.reportAt(Keys.BACKPLANE_URI, otherwise);
        }
        if (values.get(Keys.BACKPLANE_FORMAT) == BackplaneFormat.CHAT) {
            values.reportAt(
                    Keys.BACKPLANE_FORMAT, "chat is published for Redis; give native, or backplane.type: redis");
        }
    }

    /** A published format is one protocol's own. */
    private void checkFormat(String protocol, Key<Boolean> enabled) {
        if (values.sound(enabled) && !values.get(enabled)) {
            values.reportAt(
                    Keys.BACKPLANE_FORMAT,
                    protocol + " needs the " + protocol + " protocol; set " + enabled.name()
                            + ": true, or backplane.format: native");
        }
    }

    private void checkDirectory() {
        if (!values.sound(
                Keys.DIRECTORY_TYPE, Keys.DIRECTORY_URI, Keys.BACKPLANE_TYPE, Keys.BACKPLANE_URI, Keys.NAMESPACES)) {
            return;
        }
        boolean used = values.get(Keys.DIRECTORY_TYPE) == DirectoryType.REDIS;
        boolean set = values.get(Keys.DIRECTORY_URI).isPresent();
        if (!used && set) {
            warnings.add("directory.uri is set but directory.type is memory: the address is not used;"
                    + " set directory.type: redis to use it");
        }
        if (used && !set && values.get(Keys.BACKPLANE_TYPE) != BackplaneType.REDIS) {
            values.reportAt(Keys.DIRECTORY_TYPE, "redis needs an address; set directory.uri: redis://host:6379");
        }
        if (used && !directoryUri().scheme().startsWith("redis")) {
            values.reportAt(
                    Keys.DIRECTORY_URI, "this is not an address of Redis; give one such as redis://127.0.0.1:6379");
        }
        if (used && values.get(Keys.BACKPLANE_TYPE) == BackplaneType.NONE) {
            warnings.add("directory.type is redis but backplane.type is none: sessions on other nodes that lose"
                    + " their place are not told; set backplane.type");
        }
        boolean presence = values.get(Keys.NAMESPACES).stream()
                .anyMatch(rules -> rules.attendance().kept().orElse(false));
        BackplaneType between = values.get(Keys.BACKPLANE_TYPE);
        if (presence && !used && between != BackplaneType.NONE && between != BackplaneType.MEMORY) {
            warnings.add("a namespace keeps presence but directory.type is memory: each node knows its own listeners"
                    + " only; set directory.type: redis");
        }
    }

    private void checkDiscovery() {
        if (!values.sound(DiscoveryKeys.TYPE, DiscoveryKeys.SERVER, DiscoveryKeys.NOTICE, Keys.DRAIN_TIME)) {
            return;
        }
        var type = values.get(DiscoveryKeys.TYPE);
        if (type != DiscoveryType.NACOS && values.isSet(DiscoveryKeys.SERVER)) {
            warnings.add("discovery.server is set but discovery.type is " + Types.lowerCase(type)
                    + ": nobody is told there; set discovery.type: nacos");
        }
        var notice = values.get(DiscoveryKeys.NOTICE);
        if (type != DiscoveryType.NONE && notice.multipliedBy(2).compareTo(values.get(Keys.DRAIN_TIME)) > 0) {
            values.reportAt(
                    DiscoveryKeys.NOTICE,
                    "more than half of limits.drain_time would be gone before clients are seen off;"
                            + " lower discovery.notice, or raise limits.drain_time");
        }
    }

    private ServerConfig.Discovery discovery() {
        var host = node().host();
        boolean any = host.equals("0.0.0.0") || host.equals("::") || host.equals("[::]");
        return new ServerConfig.Discovery(
                values.get(DiscoveryKeys.TYPE),
                values.get(DiscoveryKeys.SERVER),
                values.get(DiscoveryKeys.NAMESPACE),
                values.get(DiscoveryKeys.GROUP),
                values.get(DiscoveryKeys.SERVICE),
                values.get(DiscoveryKeys.IP).orElse(any ? "" : host),
                values.get(DiscoveryKeys.PORT),
                values.get(DiscoveryKeys.USER).orElse(""),
                values.get(DiscoveryKeys.PASSWORD),
                values.get(DiscoveryKeys.NOTICE));
    }

    private BrokerUri directoryUri() {
        return values.get(Keys.DIRECTORY_URI).orElse(values.get(Keys.BACKPLANE_URI));
    }

    private void checkPaths() {
        if (values.sound(Keys.CHAT_PATH, Keys.CHAT_ECHO)) {
            checkChatPaths();
        }
        if (values.sound(
                Keys.CHAT_PATH,
                Keys.CHAT_ECHO,
                Keys.SIGN_PATH,
                Keys.SIGN_PARAMETER,
                Keys.INBOX_PATH,
                CentrifugalKeys.PATH_KEY,
                Keys.MESSAGE_PATH)) {
            PathClaims.check(values);
        }
    }

    private void checkChatPaths() {
        List<String> prefixes = values.get(Keys.CHAT_PATH);
        if (prefixes.isEmpty()) {
            values.reportAt(
                    Keys.CHAT_PATH,
                    "the list is empty; give at least one prefix such as /chat, or set protocols.chat.enabled: false");
        } else if (new HashSet<>(prefixes).size() < prefixes.size()) {
            values.reportAt(Keys.CHAT_PATH, "a prefix stands twice: " + prefixes + "; name each once");
        } else {
            String first = prefixes.getFirst();
            values.get(Keys.CHAT_ECHO)
                    .filter(echo -> echo.equals(first) || echo.equals(first + "room"))
                    .ifPresent(echo -> values.reportAt(
                            Keys.CHAT_ECHO,
                            echo + " is a path of the chat protocol itself; give another one, such as /ws"));
        }
    }

    private void checkLimits() {
        if (values.sound(Keys.OUTLET_BYTES, Keys.MESSAGE_BYTES)
                && values.get(Keys.OUTLET_BYTES) < values.get(Keys.MESSAGE_BYTES)) {
            var broken = values.isSet(Keys.MESSAGE_BYTES) ? Keys.MESSAGE_BYTES : Keys.OUTLET_BYTES;
            values.reportAt(
                    broken,
                    "one message of limits.message_bytes (" + values.get(Keys.MESSAGE_BYTES)
                            + ") would not fit into limits.outlet_bytes (" + values.get(Keys.OUTLET_BYTES)
                            + "); raise limits.outlet_bytes, or lower limits.message_bytes");
        }
        if (values.sound(Keys.BACKLOG_BYTES, Keys.MESSAGE_BYTES)
                && values.get(Keys.BACKLOG_BYTES) != 0
                && values.get(Keys.BACKLOG_BYTES) < values.get(Keys.MESSAGE_BYTES)) {
            values.reportAt(
                    Keys.BACKLOG_BYTES,
                    "one message of limits.message_bytes (" + values.get(Keys.MESSAGE_BYTES)
                            + ") would not fit into it; raise it, or leave it out: it is then as limits.outlet_bytes");
        }
    }

    private void checkTls() {
        if (!values.sound(Keys.TLS_CERTIFICATE, Keys.TLS_KEY, Keys.BACKPLANE_TLS_CA)) {
            return;
        }
        var certificate = values.get(Keys.TLS_CERTIFICATE);
        var key = values.get(Keys.TLS_KEY);
        if (certificate.isPresent() && key.isEmpty()) {
            values.reportAt(Keys.TLS_CERTIFICATE, "there is no tls.key to go with it; set both, or neither");
        }
        if (key.isPresent() && certificate.isEmpty()) {
            values.reportAt(Keys.TLS_KEY, "there is no tls.certificate to go with it; set both, or neither");
        }
        values.get(Keys.BACKPLANE_TLS_CA).ifPresent(path -> checkReadable(Keys.BACKPLANE_TLS_CA, path));
        certificate.ifPresent(path -> checkReadable(Keys.TLS_CERTIFICATE, path));
        key.ifPresent(path -> checkReadable(Keys.TLS_KEY, path));
    }

    private void checkReadable(Key<?> key, Path path) {
        if (!Files.isRegularFile(path)) {
            values.reportAt(key, "there is no file " + path.toAbsolutePath() + "; give the path of a PEM file");
        } else if (!Files.isReadable(path)) {
            values.reportAt(key, "the file " + path.toAbsolutePath() + " cannot be read; check its permissions");
        }
    }

    private ServerConfig config() {
        return new ServerConfig(
                new ServerConfig.Cluster(values.get(Keys.CLUSTER_NAME)),
                node(),
                new ServerConfig.Backplane(
                        values.get(Keys.BACKPLANE_TYPE),
                        values.get(Keys.BACKPLANE_URI),
                        values.get(Keys.BACKPLANE_FORMAT),
                        values.get(Keys.BACKPLANE_TLS_CA),
                        values.get(Keys.BACKPLANE_SENTINEL_PASSWORD),
                        values.get(Keys.BACKPLANE_QUEUE_EXPIRES)),
                new ServerConfig.Directory(
                        values.get(Keys.DIRECTORY_TYPE), directoryUri(), values.get(Keys.DIRECTORY_LEASE)),
                discovery(),
                new ServerConfig.Log(values.get(Keys.LOG_LEVEL), LogPlace.type(values), LogPlace.uri(values)),
                new ServerConfig.Auth(values.get(AuthKeys.MODE), Door.settings(values)),
                HookKeys.settings(values),
                new ServerConfig.Api(
                        values.get(Keys.API_KEY), values.get(Keys.API_INSECURE), values.get(Keys.API_ERRORS_BY_STATUS)),
                protocols(),
                new ServerConfig.Sessions(
                        values.get(Keys.SESSIONS_POLICY),
                        values.get(Keys.SESSIONS_STRATEGY),
                        values.get(Keys.SESSIONS_WHEN_DIRECTORY_DOWN),
                        values.get(Keys.SESSIONS_CLOSE_ON_GAP)),
                values.get(Keys.NAMESPACES),
                limits(),
                new ServerConfig.Http(
                        values.get(Keys.HTTP_ROOT),
                        values.get(Keys.HTTP_ORIGINS),
                        values.get(Keys.HTTP_ORIGIN_REQUIRED)),
                new ServerConfig.Health(values.get(Keys.HEALTH_READY_REQUIRES_LINKS)),
                tls(),
                new ServerConfig.Io(values.get(Keys.IO_TRANSPORT), values.get(Keys.IO_THREADS)),
                List.copyOf(warnings));
    }

    private ServerConfig.Protocols protocols() {
        return new ServerConfig.Protocols(
                new ServerConfig.Chat(
                        values.get(Keys.CHAT_ENABLED), values.get(Keys.CHAT_PATH), values.get(Keys.CHAT_ECHO)),
                new ServerConfig.Sign(
                        values.get(Keys.SIGN_ENABLED),
                        values.get(Keys.SIGN_PATH).contains("*") ? List.of() : values.get(Keys.SIGN_PATH),
                        SignSpelling.of(values),
                        values.get(Keys.SIGN_EXCHANGE),
                        values.get(Keys.SIGN_IDENTITY_KEYS)),
                new ServerConfig.Inbox(
                        values.get(Keys.INBOX_ENABLED),
                        values.get(Keys.INBOX_PATH),
                        values.get(Keys.INBOX_OPEN_GROUPS),
                        members(values.get(Keys.INBOX_GROUPS)),
                        values.get(Keys.INBOX_PLACE_KEYS)),
                new ServerConfig.MessageProtocol(
                        values.get(Keys.MESSAGE_ENABLED),
                        values.get(Keys.MESSAGE_PATH),
                        values.get(Keys.MESSAGE_TO_SENDER),
                        values.get(Keys.MESSAGE_HELLO),
                        values.get(Keys.MESSAGE_EXCHANGE)),
                new ServerConfig.Centrifugal(values.get(CentrifugalKeys.ENABLED), CentrifugalKeys.settings(values)));
    }

    private static Map<String, Set<String>> members(Map<String, String> lists) {
        var members = new LinkedHashMap<String, Set<String>>();
        lists.forEach((group, users) -> members.put(
                group,
                Stream.of(users.split(" +", -1))
                        .filter(user -> !user.isEmpty())
                        .collect(Collectors.toUnmodifiableSet())));
        return Collections.unmodifiableMap(members);
    }

    private ServerConfig.Node node() {
        int port = values.get(Keys.NODE_PORT);
        return new ServerConfig.Node(
                values.get(Keys.NODE_NAME).orElseGet(() -> NodeName.of(port)), Door.host(values), port);
    }

    private Optional<ServerConfig.Tls> tls() {
        return values.get(Keys.TLS_CERTIFICATE)
                .flatMap(certificate -> values.get(Keys.TLS_KEY)
                        .map(key -> new ServerConfig.Tls(certificate, key, values.get(Keys.TLS_KEY_PASSWORD))));
    }

    private ServerConfig.Limits limits() {
        return new ServerConfig.Limits(
                values.get(Keys.MESSAGE_BYTES),
                values.get(Keys.OUTLET_BYTES),
                values.get(Keys.HEADER_BYTES),
                values.get(Keys.HTTP_BODY_BYTES),
                values.get(Keys.ID_BYTES),
                values.get(Keys.TOPICS_PER_SESSION),
                values.get(Keys.SESSIONS),
                values.get(Keys.SESSIONS_PER_USER),
                values.get(Keys.SESSIONS_PER_ADDRESS),
                values.get(Keys.COMMANDS_PER_SECOND),
                values.get(Keys.PUBLISH_BYTES_PER_SECOND),
                values.get(Keys.HANDSHAKE_TIMEOUT),
                values.get(Keys.PING_INTERVAL),
                values.get(Keys.PONG_TIMEOUT),
                values.get(Keys.CLOSE_TIMEOUT),
                values.get(Keys.BACKLOG_BYTES),
                Duration.ofSeconds(values.get(Keys.BACKLOG_SECONDS)),
                values.get(Keys.RECOVERY),
                values.get(Keys.SPOOL_BYTES),
                values.get(Keys.SPOOL_TIME),
                values.get(Keys.DRAIN_TIME));
    }
}
