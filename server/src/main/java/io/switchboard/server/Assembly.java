package io.switchboard.server;

import io.switchboard.backplane.Backplane;
import io.switchboard.backplane.BackplaneProvider;
import io.switchboard.backplane.MemoryBackplane;
import io.switchboard.backplane.Places;
import io.switchboard.backplane.WireFormat;
import io.switchboard.directory.Directory;
import io.switchboard.directory.DirectoryProvider;
import io.switchboard.directory.Groups;
import io.switchboard.directory.LoginPolicy;
import io.switchboard.directory.LoginRules;
import io.switchboard.directory.MemoryDirectory;
import io.switchboard.directory.PublishedKeys;
import io.switchboard.discovery.Discovery;
import io.switchboard.discovery.DiscoveryProvider;
import io.switchboard.hub.Authenticator;
import io.switchboard.hub.Handler;
import io.switchboard.hub.Limits;
import io.switchboard.loop.Loop;
import io.switchboard.message.Origin;
import io.switchboard.metrics.Meters;
import io.switchboard.node.NodeConfig;
import io.switchboard.protocol.Backend;
import io.switchboard.protocol.Endpoint;
import io.switchboard.protocol.Namespace;
import io.switchboard.protocols.centrifugal.CentrifugalProtocol;
import io.switchboard.protocols.chat.ChatProtocol;
import io.switchboard.protocols.chat.ChatWire;
import io.switchboard.protocols.inbox.InboxKeys;
import io.switchboard.protocols.inbox.InboxProtocol;
import io.switchboard.protocols.inbox.InboxWire;
import io.switchboard.protocols.message.MessageProtocol;
import io.switchboard.protocols.message.MessageWire;
import io.switchboard.protocols.sign.SignKeys;
import io.switchboard.protocols.sign.SignProtocol;
import io.switchboard.protocols.sign.SignWire;
import io.switchboard.server.api.ApiCalls;
import io.switchboard.server.config.Secret;
import io.switchboard.server.config.ServerConfig;
import io.switchboard.server.config.ServerConfig.BackplaneType;
import io.switchboard.tokens.JwtTokens;
import io.switchboard.tokens.TokenAuthenticator;
import io.switchboard.tokens.callbacks.HttpBackend;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Turns what the operator decided into the parts of a node. The one place where protocols meet bridges. */
final class Assembly {
    private final ServerConfig config;
    private final Meters meters = new Meters();
    private final ApiCalls calls = new ApiCalls();
    private final ChatProtocol chat = new ChatProtocol(meters);
    private final SignProtocol sign;
    private final MessageProtocol message;
    private final Neighbourhood neighbourhood;
    private final JwtTokens tokens;
    private final Optional<HttpBackend> backend;
    private final List<Endpoint<?>> centrifugal;
    private Groups groups;

    /** @param neighbourhood shared by the nodes of one process */
    Assembly(ServerConfig config, Neighbourhood neighbourhood) {
        this.config = config;
        this.neighbourhood = neighbourhood;
        this.groups = new MemoryDirectory(neighbourhood.directory()).groups();
        this.sign = new SignProtocol(config.protocols().sign().settings(), meters);
        this.message = new MessageProtocol(config.protocols().message().toSender(), meters);
        this.tokens = new JwtTokens(config.auth().tokens(), meters);
        this.backend = config.hooks().map(hooks -> new HttpBackend(hooks, meters));
        ServerConfig.Centrifugal settings = config.protocols().centrifugal();
        this.centrifugal = settings.enabled()
                ? new CentrifugalProtocol(
                                settings.settings(),
                                tokens,
                                backend.<Backend>map(some -> some).orElse(Backend.NONE))
                        .endpoints()
                : List.of();
    }

    Meters meters() {
        return meters;
    }

    /** What the application adds to the server API. */
    ApiCalls calls() {
        return calls;
    }

    /** What must be closed when the node has been, first to last. */
    List<AutoCloseable> parts() {
        return Stream.concat(backend.stream(), Stream.of(tokens)).toList();
    }

    /** The tokens that are believed; also where they are revoked. */
    JwtTokens tokens() {
        return tokens;
    }

    /** The member lists of groups, where the directory is; known once there is a {@link #node}. */
    Groups groups() {
        return groups;
    }

    /** Loops are the transport's. */
    NodeConfig node(List<Loop> loops) {
        Origin origin = NodeConfig.newOrigin(config.node().name());
        LoginPolicy policy = policy();
        Optional<Directory> directory = directory(origin, loops, policy);
        ServerConfig.Inbox inboxes = config.protocols().inbox();
        if (inboxes.enabled()) {
            groups = directory.map(Directory::groups).orElse(groups);
            groups.begin(inboxes.groups());
        }
        NodeConfig node = NodeConfig.named(origin.node())
                .withOrigin(origin)
                .withLoops(loops)
                .withBackplane(backplane(origin, loops, places(directory)))
                .withLog(LogBuilding.log(config, neighbourhood, origin, loops, meters, options()))
                .withNamespaces(namespaces())
                .withLimits(limits())
                .withHandler(Handler.NONE)
                .withAuthenticator(authenticator())
                .withCloseOnGap(config.sessions().closeOnGap())
                .withMeters(meters);
        boolean admit = switch (config.sessions().whenDirectoryDown()) {
            case ADMIT -> true;
            case REFUSE -> false;
        };
        var logins = new LoginRules(policy, admit, config.directory().lease());
        return directory.map(claims -> node.withLogins(claims, logins)).orElse(node);
    }

    List<Endpoint<?>> endpoints() {
        var endpoints = new ArrayList<Endpoint<?>>();
        ServerConfig.Chat settings = config.protocols().chat();
        if (settings.enabled()) {
            endpoints.addAll(chat.endpoints(settings.paths()));
            if (settings.echo().isPresent()) {
                // The echo and the two paths that stay within the node are the extras of the published repository.
                endpoints.add(chat.echo(settings.echo().get()));
                settings.paths().stream().limit(1).forEach(prefix -> endpoints.addAll(chat.nodeLocal(prefix)));
            }
        }
        ServerConfig.Sign signs = config.protocols().sign();
        if (signs.enabled()) {
            endpoints.addAll(sign.endpoints(signs.paths()));
        }
        ServerConfig.Inbox inboxes = config.protocols().inbox();
        if (inboxes.enabled()) {
            endpoints.addAll(new InboxProtocol(groups, inboxes.openGroups(), meters).endpoints(inboxes.paths()));
        }
        ServerConfig.MessageProtocol messages = config.protocols().message();
        if (messages.enabled()) {
            endpoints.addAll(message.endpoints(messages.paths()));
        }
        ServerConfig.Centrifugal centrifugal = config.protocols().centrifugal();
        if (centrifugal.enabled()) {
            var application = backend.<Backend>map(some -> some).orElse(Backend.NONE);
            endpoints.addAll(new CentrifugalProtocol(centrifugal.settings(), tokens, application).endpoints());
        }
        return endpoints;
    }

    Limits limits() {
        ServerConfig.Limits limits = config.limits();
        return Limits.DEFAULT.with(node -> {
            node.messageBytes = limits.messageBytes();
            node.outletBytes = limits.outletBytes();
            node.headerBytes = limits.headerBytes();
            node.bodyBytes = limits.httpBodyBytes();
            node.idBytes = limits.idBytes();
            node.topicsPerSession = limits.topicsPerSession();
            node.sessions = orNone(limits.sessions());
            node.sessionsPerUser = limits.sessionsPerUser();
            node.sessionsPerAddress = limits.sessionsPerAddress();
            node.commandsPerSecond = orNone(limits.commandsPerSecond());
            node.publishBytesPerSecond = orNone(limits.publishBytesPerSecond());
            node.handshake = limits.handshakeTimeout();
            node.pingInterval = limits.pingInterval();
            node.pongTimeout = limits.pongTimeout();
            node.closeTimeout = limits.closeTimeout();
            node.backlogBytes = limits.backlogBytes() == 0 ? limits.outletBytes() : limits.backlogBytes();
            node.backlogTime = limits.backlogTime();
            node.recovery = limits.recovery();
        });
    }

    /** Those of the protocols, with what the operator wants otherwise, and the operator's own. */
    private List<Namespace> namespaces() {
        var namespaces = new LinkedHashMap<String, Namespace>();
        ofProtocols().forEach(namespace -> namespaces.put(namespace.name(), namespace));
        for (ServerConfig.NamespaceRules rules : config.namespaces()) {
            Namespace usual = namespaces.getOrDefault(rules.name(), builtIn(rules.name()));
            namespaces.put(rules.name(), NamespaceBuilding.of(rules, usual));
        }
        return List.copyOf(namespaces.values());
    }

    private List<Namespace> ofProtocols() {
        ServerConfig.Protocols protocols = config.protocols();
        var namespaces = new ArrayList<Namespace>();
        if (protocols.chat().enabled()) {
            namespaces.addAll(ChatProtocol.namespaces());
        }
        if (protocols.sign().enabled()) {
            namespaces.addAll(SignProtocol.namespaces());
        }
        if (protocols.inbox().enabled()) {
            namespaces.addAll(InboxProtocol.namespaces());
        }
        if (protocols.message().enabled()) {
            namespaces.addAll(MessageProtocol.namespaces());
        }
        return namespaces;
    }

    private static Namespace builtIn(String name) {
        return Stream.of(Namespace.USER, Namespace.GROUP, Namespace.ALL)
                .filter(namespace -> namespace.name().equals(name))
                .findFirst()
                .orElse(new Namespace(
                        name, Namespace.Access.SIGNED_IN, Namespace.Access.NOBODY, Namespace.Scope.CLUSTER));
    }

    /** An operator's 0 is no limit. */
    private static int orNone(int limit) {
        return limit == 0 ? Integer.MAX_VALUE : limit;
    }

    /** None where nobody asks: a node that knows only its own sessions, and lets users have as many as they like. */
    private Optional<Directory> directory(Origin origin, List<Loop> loops, LoginPolicy policy) {
        return switch (config.directory().type()) {
            case MEMORY ->
                // Nodes of one process share theirs; a node by itself needs none where nobody is evicted.
                policy.scope() == LoginPolicy.Scope.MANY && config.backplane().type() != BackplaneType.MEMORY
                        ? Optional.empty()
                        : Optional.of(new MemoryDirectory(neighbourhood.directory()));
            case REDIS -> {
                DirectoryProvider provider = ServiceLoader.load(DirectoryProvider.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .filter(candidate -> candidate.type().equals("redis"))
                        .findFirst()
                        .orElseThrow(() ->
                                new IllegalArgumentException("directory.type redis: no such bridge on the class path"));
                yield Optional.of(provider.open(new DirectoryProvider.Settings(
                        config.directory().uri().text(),
                        config.cluster().name(),
                        origin,
                        loops,
                        options(),
                        publishedKeys())));
            }
        };
    }

    /** What programs of the published designs look for in the directory's store. */
    private PublishedKeys publishedKeys() {
        ServerConfig.Sign signs = config.protocols().sign();
        ServerConfig.Inbox inboxes = config.protocols().inbox();
        PublishedKeys keys = signs.enabled() && signs.identityKeys() ? new SignKeys() : PublishedKeys.NONE;
        return inboxes.enabled() && inboxes.placeKeys().isPresent()
                ? new InboxKeys(inboxes.placeKeys().get()).or(keys)
                : keys;
    }

    /** Where users of the inbox protocol are is published; another protocol's users are not found that way. */
    private Places places(Optional<Directory> directory) {
        ServerConfig.Protocols protocols = config.protocols();
        Optional<String> prefix = protocols.inbox().placeKeys();
        boolean known = protocols.inbox().enabled() && !protocols.chat().enabled();
        if (directory.isEmpty() || prefix.isEmpty() || !known) {
            return Places.unknown();
        }
        var keys = new InboxKeys(prefix.get());
        return topic -> topic.isIn("user")
                ? directory
                        .get()
                        .published(keys.key(topic.rest()))
                        .handle((node, failure) -> failure == null ? node : Optional.empty())
                : Places.unknown().nodeOf(topic);
    }

    /** None where nobody is told. */
    Optional<Discovery> discovery() {
        ServerConfig.Discovery discovery = config.discovery();
        return switch (discovery.type()) {
            case NONE -> Optional.empty();
            case STATIC -> Optional.of(Discovery.fixed(List.of()));
            case NACOS ->
                Optional.of(DiscoveryProvider.open(
                        "nacos",
                        new DiscoveryProvider.Settings(
                                discovery.server(),
                                discovery.namespace(),
                                discovery.group(),
                                discovery.service(),
                                discovery.user(),
                                discovery.password().map(Secret::text).orElse("")),
                        Assembly.class.getClassLoader()));
        };
    }

    private LoginPolicy policy() {
        LoginPolicy.Strategy strategy = switch (config.sessions().strategy()) {
            case NEWEST -> LoginPolicy.Strategy.NEWEST;
            case OLDEST -> LoginPolicy.Strategy.OLDEST;
        };
        LoginPolicy.Scope scope = switch (config.sessions().policy()) {
            case MANY -> LoginPolicy.Scope.MANY;
            case ONE_PER_USER -> LoginPolicy.Scope.USER;
            case ONE_PER_DEVICE -> LoginPolicy.Scope.DEVICE;
        };
        return new LoginPolicy(scope, strategy);
    }

    private Authenticator authenticator() {
        return switch (config.auth().mode()) {
            // Without authentication the node listens on loopback only; whoever is there is believed.
            case PATH, NONE -> Authenticator.path();
            case JWT -> {
                // This protocol has words for a token, and for somebody without one. Exact paths: a protocol that takes
                // connections on any path must not find a way round the door.
                Set<String> byThemselves =
                        centrifugal.stream().map(Endpoint::path).collect(Collectors.toUnmodifiableSet());
                yield new TokenAuthenticator(tokens, request -> byThemselves.contains(request.path()));
            }
        };
    }

    private Backplane backplane(Origin origin, List<Loop> loops, Places places) {
        return switch (config.backplane().type()) {
            case NONE -> Backplane.none();
            case MEMORY -> new MemoryBackplane(neighbourhood.bus());
            case REDIS -> bridge("redis", origin, loops, places);
            case RABBITMQ -> bridge("rabbitmq", origin, loops, places);
            case ROCKETMQ -> bridge("rocketmq", origin, loops, places);
        };
    }

    private Backplane bridge(String type, Origin origin, List<Loop> loops, Places places) {
        BackplaneProvider provider = ServiceLoader.load(BackplaneProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(candidate -> candidate.type().equals(type))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("backplane.type " + type
                        + ": no bridge of that name on the class path; there are: " + types()));
        WireFormat format = switch (config.backplane().format()) {
            case NATIVE -> WireFormat.envelope();
            case CHAT -> new ChatWire();
            case SIGN ->
                new SignWire(
                        config.protocols().sign().settings(),
                        config.protocols().sign().exchange());
            case INBOX -> new InboxWire(groups, config.protocols().inbox().openGroups());
            case MESSAGE -> new MessageWire(config.protocols().message().exchange());
        };
        return provider.open(new BackplaneProvider.Settings(
                config.backplane().uri().text(),
                config.cluster().name(),
                origin,
                format,
                loops,
                meters,
                config.limits().spoolBytes(),
                config.limits().spoolTime(),
                backplaneOptions(),
                places));
    }

    /** Of the bridge to Redis, for backplane and directory alike; other brokers have fewer. */
    private Map<String, String> options() {
        var options = new HashMap<String, String>();
        config.backplane().tlsCa().ifPresent(file -> options.put("tls.ca", file.toString()));
        config.backplane().sentinelPassword().ifPresent(secret -> options.put("sentinel.password", secret.text()));
        return options;
    }

    private Map<String, String> backplaneOptions() {
        Map<String, String> options = options();
        if (config.backplane().type() == BackplaneType.RABBITMQ) {
            options.put(
                    "queue.expires",
                    Long.toString(config.backplane().queueExpires().toMillis()));
        }
        return options;
    }

    private static String types() {
        return ServiceLoader.load(BackplaneProvider.class).stream()
                .map(provider -> provider.get().type())
                .collect(Collectors.joining(", "));
    }
}
