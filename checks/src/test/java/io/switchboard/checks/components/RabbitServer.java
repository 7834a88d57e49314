package io.switchboard.checks.components;

import io.switchboard.checks.client.Await;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real RabbitMQ on ports of its own, with its own port mapper. What is durable survives a restart. It can be stopped,
 * killed, frozen and restarted under the feet of whoever uses it.
 */
public final class RabbitServer implements AutoCloseable {
    private static final int ATTEMPTS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** The one in /usr/sbin changes the user and forgets the environment. */
    private static final String PROGRAMS = "/usr/lib/rabbitmq/bin/";

    private static final String COOKIE = "checks";

    private final Scratch scratch;
    private final Optional<Certificates> tls;
    private final int port;
    private final int mapperPort;
    private final int distributionPort;
    private @Nullable Program mapper;
    private @Nullable Program program;

    private RabbitServer(Optional<Certificates> tls) {
        this.tls = tls;
        this.scratch = Scratch.create("rabbitmq");
        this.port = Ports.free();
        this.mapperPort = Ports.free();
        this.distributionPort = Ports.free();
        scratch.write("enabled_plugins", "[].");
        scratch.write("rabbitmq.conf", configuration());
    }

    public static RabbitServer start() {
        return start(Optional.empty());
    }

    /** TLS only: there is no plain port. */
    public static RabbitServer start(Certificates certificates) {
        return start(Optional.of(certificates));
    }

    private static RabbitServer start(Optional<Certificates> tls) {
        for (int attempt = 1; ; attempt++) {
            var server = new RabbitServer(tls);
            try {
                server.launch();
                return server;
            } catch (AssertionError e) {
                server.close();
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private String configuration() {
        String listener = tls.map(certificates ->
                        """
                        listeners.tcp = none
                        listeners.ssl.default = 127.0.0.1:%d
                        ssl_options.certfile = %s
                        ssl_options.keyfile = %s
                        ssl_options.cacertfile = %s
                        """.formatted(port, certificates.certificate(), certificates.key(), certificates.certificate()))
                .orElse("listeners.tcp.default = 127.0.0.1:%d\n".formatted(port));
        return listener + """
                vm_memory_high_watermark.absolute = 1GB
                disk_free_limit.absolute = 10MB
                log.file.level = info
                """;
    }

    private void launch() {
        mapper = Program.start(
                "epmd:" + mapperPort,
                scratch.path(),
                List.of("epmd", "-address", "127.0.0.1", "-port", Integer.toString(mapperPort)));
        var started = run(List.of("rabbitmq-server"));
        program = started;
        Await.until("RabbitMQ to accept connections" + started.report(), PATIENCE, () -> {
            if (!started.alive()) {
                throw new AssertionError("RabbitMQ has ended" + started.report());
            }
            try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
                return true;
            }
        });
    }

    private Program run(List<String> command) {
        var line = new ArrayList<>(List.of("env"));
        environment().forEach((name, value) -> line.add(name + "=" + value));
        line.add(PROGRAMS + command.getFirst());
        line.addAll(command.subList(1, command.size()));
        return Program.start(command.getFirst() + ":" + port, scratch.path(), line);
    }

    private Map<String, String> environment() {
        Path home = scratch.path();
        return Map.ofEntries(
                Map.entry("HOME", home.toString()),
                Map.entry("RABBITMQ_NODENAME", nodeName()),
                Map.entry("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1"),
                Map.entry("RABBITMQ_NODE_PORT", tls.isPresent() ? "" : Integer.toString(port)),
                Map.entry("RABBITMQ_DIST_PORT", Integer.toString(distributionPort)),
                Map.entry("RABBITMQ_MNESIA_BASE", home.resolve("mnesia").toString()),
                Map.entry("RABBITMQ_LOG_BASE", home.resolve("log").toString()),
                Map.entry("RABBITMQ_CONFIG_FILE", home.resolve("rabbitmq.conf").toString()),
                Map.entry(
                        "RABBITMQ_ENABLED_PLUGINS_FILE",
                        home.resolve("enabled_plugins").toString()),
                Map.entry("RABBITMQ_PID_FILE", home.resolve("pid").toString()),
                Map.entry("RABBITMQ_ERLANG_COOKIE", COOKIE),
                Map.entry("ERL_EPMD_ADDRESS", "127.0.0.1"),
                Map.entry("ERL_EPMD_PORT", Integer.toString(mapperPort)),
                Map.entry("RABBITMQ_SERVER_START_ARGS", "-kernel inet_dist_use_interface {127,0,0,1}"),
                Map.entry("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none"));
    }

    private String nodeName() {
        return "r" + port + "@localhost";
    }

    public String host() {
        return "127.0.0.1";
    }

    public int port() {
        return port;
    }

    public String uri() {
        return uri(port);
    }

    /** The same RabbitMQ behind another port of this machine, such as a {@link FaultProxy}'s. */
    public String uri(int otherPort) {
        return (tls.isPresent() ? "amqps" : "amqp") + "://guest:guest@" + (tls.isPresent() ? "localhost" : host()) + ":"
                + otherPort;
    }

    /** What {@code rabbitmqctl} prints, quietly. Takes a second or two. */
    public String control(String... words) {
        var line = Stream.concat(Stream.of("rabbitmqctl", "-q", "-n", nodeName()), Stream.of(words))
                .toList();
        try (var control = run(line)) {
            if (control.exitCode(PATIENCE) != 0) {
                throw new AssertionError("rabbitmqctl failed" + control.report());
            }
            return control.output();
        }
    }

    public void stop() {
        program().term();
        program().exitCode(PATIENCE);
        endMapper();
    }

    public void kill9() {
        program().kill9();
        endMapper();
    }

    /** SIGSTOP: connections stay open, and nothing answers. */
    public void freeze() {
        program().freezeAll();
    }

    public void thaw() {
        program().thawAll();
    }

    /** Starts it again on the same port, stopping it first if it runs. */
    public void restart() {
        if (program().alive()) {
            stop();
        }
        launch();
    }

    private Program program() {
        return Objects.requireNonNull(program, "not started");
    }

    private void endMapper() {
        if (mapper != null) {
            mapper.close();
        }
    }

    @Override
    public void close() {
        if (program != null) {
            program.close();
        }
        endMapper();
        scratch.close();
    }
}
