package io.switchboard.checks.components;

import java.time.Duration;
import java.util.function.IntFunction;

/**
 * A real Redis on a port of its own, without persistence: what it held is gone after a restart, as after the loss of a
 * broker. It can be stopped, killed, frozen and restarted under the feet of whoever uses it.
 */
public final class RedisServer implements AutoCloseable {
    private static final int ATTEMPTS = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final RedisSettings settings;
    private final Scratch scratch;
    private final int port;
    private Program program;

    private RedisServer(RedisSettings settings, Scratch scratch, int port, Program program) {
        this.settings = settings;
        this.scratch = scratch;
        this.port = port;
        this.program = program;
    }

    public static RedisServer start() {
        return start(RedisSettings.plain());
    }

    public static RedisServer start(RedisSettings settings) {
        return startOnFreePort(_port -> settings);
    }

    /** For settings that name the port, as those of a cluster's member do. */
    static RedisServer startOnFreePort(IntFunction<RedisSettings> settingsForPort) {
        for (int attempt = 1; ; attempt++) {
            int port = Ports.free();
            var settings = settingsForPort.apply(port);
            var scratch = Scratch.create("redis");
            try {
                return new RedisServer(settings, scratch, port, launch(settings, scratch, port));
            } catch (AssertionError e) {
                scratch.close();
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static Program launch(RedisSettings settings, Scratch scratch, int port) {
        var program = Program.start("redis-server:" + port, scratch.path(), settings.commandLine(port));
        try {
            program.awaitLine("that it accepts", line -> line.contains("Ready to accept connections"));
        } catch (AssertionError e) {
            program.close();
            throw e;
        }
        return program;
    }

    public String host() {
        return "127.0.0.1";
    }

    public int port() {
        return port;
    }

    /** {@code redis://} or, with TLS, {@code rediss://}, with the password if there is one. */
    public String uri() {
        return uri(port);
    }

    /** The same Redis behind another port of this machine, such as a {@link FaultProxy}'s. */
    public String uri(int otherPort) {
        var scheme = settings.tls().isPresent() ? "rediss" : "redis";
        var secret = settings.password().map(word -> ":" + word + "@").orElse("");
        return scheme + "://" + secret + host() + ":" + otherPort;
    }

    public long pid() {
        return program.pid();
    }

    public boolean alive() {
        return program.alive();
    }

    /** A connection to it, greeted and authenticated. */
    public RedisWire wire() {
        return RedisWire.connect(host(), port, settings);
    }

    /** Sees every command that it executes from now on. */
    public RedisMonitor monitor() {
        return RedisMonitor.on(wire(), wire());
    }

    /** Lets it finish and close its connections. */
    public void stop() {
        program.term();
        program.exitCode(PATIENCE);
    }

    public void kill9() {
        program.kill9();
    }

    /** Stops this replica of a master and cuts it off, so that what the master is told from now on it does not hear. */
    public void freezeBehind(RedisServer master) {
        try (var wire = master.wire()) {
            wire.call("WAIT", "1", "5000").text();
            freeze();
            wire.call("CLIENT", "KILL", "TYPE", "replica").text();
        }
    }

    /** SIGSTOP: connections stay open, and nothing answers. */
    public void freeze() {
        program.freeze();
    }

    public void thaw() {
        program.thaw();
    }

    /** Starts it again on the same port, stopping it first if it runs. */
    public void restart() {
        if (program.alive()) {
            stop();
        }
        program = launch(settings, scratch, port);
    }

    @Override
    public void close() {
        program.close();
        scratch.close();
    }
}
