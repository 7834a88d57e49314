package io.switchboard.checks.components;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.client.Handshake;
import io.switchboard.checks.client.WsClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A real nginx with the very {@code deploy/nginx.conf} that is shipped: only its addresses are replaced. It runs
 * without privileges, so a root of a build machine becomes "nobody" first.
 */
public final class Nginx implements AutoCloseable {
    private static final Path CONFIGURATION = Repository.file("deploy/nginx.conf");
    private static final Pattern SERVER = Pattern.compile("(?m)^( *)server 127\\.0\\.0\\.1:\\d+( [^;]*)?;\\n");
    private static final Pattern LISTEN = Pattern.compile("(?m)^( *)listen \\d+;");
    private static final int ATTEMPTS = 5;

    private final Scratch scratch;
    private final int port;
    private final Program program;

    private Nginx(Scratch scratch, int port, Program program) {
        this.scratch = scratch;
        this.port = port;
        this.program = program;
    }

    /** In front of nodes on these ports of this machine. */
    public static Nginx inFrontOf(List<Integer> backends) {
        for (int attempt = 1; ; attempt++) {
            try {
                return startOn(Ports.free(), backends);
            } catch (AssertionError e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static Nginx startOn(int port, List<Integer> backends) {
        var scratch = Scratch.create("nginx");
        scratch.write("nginx.conf", rendered(port, backends));
        open(scratch.path());
        Program.run("nginx -t", scratch.path(), command(scratch, "-t"));
        var program = Program.start("nginx:" + port, scratch.path(), command(scratch, "-g", "daemon off;"));
        var nginx = new Nginx(scratch, port, program);
        try {
            Await.until(
                    "nginx to answer",
                    () -> {
                        if (!program.alive()) {
                            throw new AssertionError("nginx ended" + program.report());
                        }
                        return WsClient.ask(Handshake.to("127.0.0.1", port, "/health")
                                        .plain())
                                .status();
                    },
                    status -> status == 404);
        } catch (AssertionError e) {
            nginx.close();
            throw e;
        }
        return nginx;
    }

    /** The shipped file with other addresses. */
    static String rendered(int port, List<Integer> backends) {
        try {
            var shipped = Files.readString(CONFIGURATION);
            var first = SERVER.matcher(shipped);
            if (!first.find() || !LISTEN.matcher(shipped).find()) {
                throw new AssertionError("no server or listen line to replace in " + CONFIGURATION);
            }
            var options = first.group(2) == null ? "" : first.group(2);
            var servers = backends.stream()
                    .map(backend -> first.group(1) + "server 127.0.0.1:" + backend + options + ";\n")
                    .collect(Collectors.joining());
            var withoutServers = SERVER.matcher(shipped.substring(first.end())).replaceAll("");
            var rendered = shipped.substring(0, first.start()) + servers + withoutServers;
            return LISTEN.matcher(rendered)
                    .replaceAll(Matcher.quoteReplacement("        listen 127.0.0.1:" + port + ";"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + CONFIGURATION, e);
        }
    }

    private static List<String> command(Scratch scratch, String... options) {
        var command = new ArrayList<String>();
        if (isRoot()) {
            command.addAll(List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"));
        }
        var prefix = scratch.path().toString();
        command.addAll(List.of("nginx", "-p", prefix, "-e", "stderr", "-c", prefix + "/nginx.conf"));
        command.addAll(List.of(options));
        return command;
    }

    private static void open(Path directory) {
        try {
            Files.setPosixFilePermissions(directory, Set.of(PosixFilePermission.values()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    public int port() {
        return port;
    }

    public URI uri(String path) {
        return URI.create("ws://127.0.0.1:" + port + path);
    }

    /** Reads its configuration again and waits until new workers serve; the old ones keep their connections. */
    public void reload() {
        var before = workers();
        program.hangUp();
        Await.until("new workers of nginx", () -> workers().stream().anyMatch(pid -> !before.contains(pid)));
    }

    /** The same with other nodes behind it. */
    public void reload(List<Integer> backends) {
        scratch.write("nginx.conf", rendered(port, backends));
        reload();
    }

    private Set<Long> workers() {
        return ProcessHandle.of(program.pid()).stream()
                .flatMap(ProcessHandle::children)
                .map(ProcessHandle::pid)
                .collect(Collectors.toSet());
    }

    @Override
    public void close() {
        program.close();
        scratch.close();
    }
}
