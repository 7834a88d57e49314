package io.switchboard.server;

import io.switchboard.directory.Groups;
import io.switchboard.discovery.Discovery;
import io.switchboard.discovery.Instance;
import io.switchboard.node.Node;
import io.switchboard.node.NodeConfig;
import io.switchboard.protocols.sign.SignPush;
import io.switchboard.server.api.ApiCalls;
import io.switchboard.server.config.Secret;
import io.switchboard.server.config.ServerConfig;
import io.switchboard.server.config.Version;
import io.switchboard.server.web.Web;
import io.switchboard.transport.ServerSettings;
import io.switchboard.transport.Tls;
import io.switchboard.transport.WebSocketServer;
import io.switchboard.transport.loop.NettyLoops;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * A node with a port, all wired: the server, or a part of another program.
 *
 * <pre>{@code
 * try (var board = Switchboard.start(ServerConfig.load(Path.of("switchboard.yaml")))) {
 *     board.node().publish(Topic.user("42"), Message.json("{\"order\":7}")).toCompletableFuture().join();
 * }
 * }</pre>
 */
public final class Switchboard implements Drainable, AutoCloseable {
    private static final long REVOKED_MILLIS = 3_000;
    private static final System.Logger LOG = System.getLogger(Switchboard.class.getName());

    /** As many as a hub can tell apart. */
    private static final int LOOPS_MAX = 64;

    private final ServerConfig config;
    private final NettyLoops loops;
    private final Node node;
    private final Groups groups;
    private final ApiCalls calls;
    private final List<AutoCloseable> parts;
    private final Web web;
    private final WebSocketServer server;
    private final Optional<Announcer> announcer;

    private Switchboard(
            ServerConfig config,
            NettyLoops loops,
            Node node,
            Groups groups,
            ApiCalls calls,
            List<AutoCloseable> parts,
            Web web,
            WebSocketServer server,
            Optional<Discovery> discovery) {
        this.config = config;
        this.loops = loops;
        this.node = node;
        this.groups = groups;
        this.calls = calls;
        this.parts = parts;
        this.web = web;
        this.server = server;
        this.announcer =
                discovery.map(told -> new Announcer(told, this::instance, () -> server.isListening() && web.isReady()));
        announcer.ifPresent(told -> {
            var ignored = node.linked().thenRun(told::lookNow);
        });
    }

    /**
     * Opens the port and starts linking to the other nodes; {@link Node#linked} tells when that is done.
     *
     * @throws CannotRunException if the port is in use, or something in the configuration cannot be used here
     */
    public static Switchboard start(ServerConfig config) {
        var self = new Switchboard[1];
        Supplier<List<Web.Shown>> shown =
                () -> List.of(new Web.Shown(config.node().name(), self[0].port()));
        self[0] = start(config, new Neighbourhood(), new Web.DemoPage(shown, Optional.empty()));
        return self[0];
    }

    /** Before the door is opened; a directory that is down keeps it closed no longer than that. */
    private static void awaitRevoked(CompletionStage<Void> known) {
        try {
            known.toCompletableFuture().get(REVOKED_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException _down) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the directory does not answer: tokens that were revoked may be believed until it does");
        } catch (InterruptedException _ended) {
            Thread.currentThread().interrupt();
        }
    }

    /** @param page what the demo page is told */
    static Switchboard start(ServerConfig config, Neighbourhood neighbourhood, Web.DemoPage page) {
        var assembly = new Assembly(config, neighbourhood);
        var started = new ArrayDeque<AutoCloseable>();
        try {
            NettyLoops loops = loops(config);
            started.push(loops);
            assembly.parts().reversed().forEach(started::push);
            NodeConfig parts = assembly.node(loops.all());
            Node node = Node.start(parts);
            started.push(node);
            Groups groups = node.hub().groups(assembly.groups());
            awaitRevoked(node.hub().rememberRevoked(assembly.tokens().revocations()));
            var web = new Web(node, assembly.meters(), config, groups, assembly.calls());
            started.push(web);
            var server = new WebSocketServer(
                    node.hub(),
                    assembly.endpoints(),
                    loops,
                    settings(config, parts),
                    web.routes(page),
                    assembly.meters());
            started.push(server);
            // Last of all: a node whose port could not be opened is announced to nobody.
            return new Switchboard(
                    config, loops, node, groups, assembly.calls(), assembly.parts(), web, server, assembly.discovery());
        } catch (UncheckedIOException e) {
            closeAll(started);
            throw new CannotRunException(
                    String.valueOf(e.getCause() == null ? e : e.getCause().getMessage()), e);
        } catch (IllegalArgumentException | IllegalStateException e) {
            closeAll(started);
            throw new CannotRunException(String.valueOf(e.getMessage()), e);
        }
    }

    private static void closeAll(Iterable<AutoCloseable> started) {
        for (AutoCloseable part : started) {
            try {
                part.close();
            } catch (Exception e) {
                LOG.log(System.Logger.Level.WARNING, "a part could not be closed", e);
            }
        }
    }

    private static NettyLoops loops(ServerConfig config) {
        int threads = config.io().threads() > 0
                ? config.io().threads()
                : Math.min(LOOPS_MAX, Runtime.getRuntime().availableProcessors());
        NettyLoops.Kind kind = switch (config.io().transport()) {
            case AUTO -> NettyLoops.Kind.AUTO;
            case EPOLL -> NettyLoops.Kind.EPOLL;
            case NIO -> NettyLoops.Kind.NIO;
        };
        return new NettyLoops(threads, kind);
    }

    private static ServerSettings settings(ServerConfig config, NodeConfig parts) {
        return new ServerSettings(
                config.node().host(),
                config.node().port(),
                parts.limits(),
                config.http().origins(),
                config.http().originRequired(),
                config.tls().map(Switchboard::tls));
    }

    private static Tls tls(ServerConfig.Tls files) {
        return new Tls(files.certificate(), files.key(), files.keyPassword().map(Secret::text));
    }

    public Node node() {
        return node;
    }

    /** The member lists of groups of the inbox protocol. */
    public Groups groups() {
        return groups;
    }

    /** What the application adds to the server API, as methods of {@code rpc}. */
    public ApiCalls calls() {
        return calls;
    }

    /** Pushes to connections of the sign protocol. */
    public SignPush signs() {
        return new SignPush(node, config.protocols().sign().settings());
    }

    /** The port that is open, also where any free one was asked for. */
    public int port() {
        return server.port();
    }

    /** Where clients connect. */
    public String url() {
        String host = config.node().host();
        return (config.tls().isPresent() ? "wss://" : "ws://") + (host.contains(":") ? "[" + host + "]" : host) + ":"
                + port();
    }

    /** What balancers are told. */
    private Instance instance() {
        ServerConfig.Discovery discovery = config.discovery();
        return Instance.of(
                config.node().name(),
                discovery.ip(),
                discovery.port().orElse(port()),
                Version.text(),
                node.hub().sessionCount(),
                node.hub().isDraining());
    }

    /** Withdraws from discovery, serves on until balancers have noticed, then sees the sessions off. */
    @Override
    public CompletionStage<Void> drain(Duration spread) {
        web.leave();
        return announcer
                .map(told -> told.withdraw(config.discovery().notice()))
                .orElse(CompletableFuture.completedFuture(null))
                .thenCompose(withdrawn -> node.drain(spread));
    }

    /** Closes the port, what connections are left, the links. Idempotent. */
    @Override
    public void close() {
        announcer.ifPresent(Announcer::close);
        server.close();
        node.close();
        closeAll(parts);
        web.close();
        loops.close();
    }
}
