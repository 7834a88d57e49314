package io.switchboard.checks.components;

import io.switchboard.checks.client.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A real Nacos server of one's own that asks for user and password. Its data disappear when closed. */
public final class NacosServer implements AutoCloseable {
    public static final String USER = "nacos";
    public static final String PASSWORD = "checks-only";

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int ATTEMPTS = 3;
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final Scratch scratch;
    private final int port;
    private Program program;

    private NacosServer(Scratch scratch, int port, Program program) {
        this.scratch = scratch;
        this.port = port;
        this.program = program;
    }

    public static NacosServer start() {
        String classPath = classPath();
        for (int attempt = 1; ; attempt++) {
            // It takes three more, a thousand above and below: each may be another's.
            var nacos = launch(Ports.free(), classPath);
            try {
                nacos.awaitUp();
                nacos.post("/v3/auth/user/admin", "password=" + PASSWORD);
                // It reads its users again only now and then.
                Await.until(
                        "the user to be known",
                        PATIENCE,
                        () -> nacos.post("/v3/auth/user/login", "username=" + USER + "&password=" + PASSWORD)
                                .contains("accessToken"));
                return nacos;
            } catch (AssertionError e) {
                nacos.close();
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static NacosServer launch(int port, String classPath) {
        var scratch = Scratch.create("nacos");
        try {
            Files.createDirectory(scratch.path().resolve("conf"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        scratch.write("conf/application.properties", """
                nacos.standalone=true
                nacos.server.main.port=%d
                nacos.server.contextPath=/nacos
                server.address=127.0.0.1
                nacos.inetutils.ip-address=127.0.0.1
                nacos.core.auth.enabled=true
                nacos.core.auth.admin.enabled=true
                nacos.core.auth.console.enabled=false
                nacos.core.auth.system.type=nacos
                nacos.core.auth.server.identity.key=checks
                nacos.core.auth.server.identity.value=checks
                nacos.core.auth.plugin.nacos.token.secret.key=VGhpc0lzT25seUZvclRoZUNoZWNrc09mVGhpc1Byb2plY3QwMTIz
                nacos.naming.empty-service.auto-clean=true
                nacos.istio.mcp.server.enabled=false
                nacos.k8s.sync.enabled=false
                server.tomcat.accesslog.enabled=false
                server.tomcat.basedir=file:.
                """.formatted(port));
        return new NacosServer(scratch, port, run(scratch, port, classPath));
    }

    private static Program run(Scratch scratch, int port, String classPath) {
        var home = scratch.path().toString();
        var line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dnacos.standalone=true",
                "-Dnacos.home=" + home,
                "-Duser.home=" + home,
                "-Dnacos.deployment.type=server",
                "-cp",
                classPath,
                Repository.file("checks/nacos/NacosLauncher.java").toString(),
                "--spring.config.additional-location=file:" + home + "/conf/",
                "--server.address=127.0.0.1"));
        return Program.start("nacos:" + port, scratch.path(), line);
    }

    private void awaitUp() {
        Await.until("Nacos to be up", PATIENCE, () -> {
            if (!program.alive()) {
                throw new AssertionError("Nacos has ended" + program.report());
            }
            return program.printed("nacos is up");
        });
    }

    /** Fetched on the first use: Maven knows where from. */
    private static String classPath() {
        var file = Repository.file("checks/nacos").resolve("target/class-path");
        try {
            if (!Files.exists(file)) {
                var maven = new ProcessBuilder(
                                "mvn", "-q", "-B", "-f", "checks/nacos/pom.xml", "generate-test-resources")
                        .directory(Repository.root().toFile())
                        .inheritIO()
                        .start();
                if (maven.waitFor() != 0) {
                    throw new AssertionError("Nacos could not be fetched: mvn -f checks/nacos/pom.xml"
                            + " generate-test-resources tells why");
                }
            }
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("no class path of Nacos", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while fetching Nacos", e);
        }
    }

    public int port() {
        return port;
    }

    public String address() {
        return "127.0.0.1:" + port;
    }

    /** What Nacos says to anybody who asks for a service's instances, by its older API. */
    public String instances(String service) {
        return get("/v1/ns/instance/list?serviceName=" + service + "&groupName=DEFAULT_GROUP");
    }

    /** Takes an instance out behind its back. */
    public void remove(String service, int instancePort) {
        send(request("/v1/ns/instance?serviceName=" + service + "&groupName=DEFAULT_GROUP&ip=127.0.0.1&ephemeral=true"
                        + "&port=" + instancePort)
                .DELETE());
    }

    private String get(String path) {
        return send(request(path).GET());
    }

    private String post(String path, String form) {
        return send(request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form)));
    }

    private HttpRequest.Builder request(String path) {
        // The server's own identity may do everything.
        return HttpRequest.newBuilder(URI.create("http://" + address() + "/nacos" + path))
                .timeout(Await.PATIENCE)
                .header("checks", "checks");
    }

    private static String send(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.build(), BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new UncheckedIOException("no answer from Nacos", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while asking Nacos", e);
        }
    }

    /** Ends it and starts it again, on the same port; it has forgotten who was registered. */
    public void restart() {
        program.close();
        program = run(scratch, port, classPath());
        awaitUp();
    }

    /** SIGSTOP: connections stay open, and nothing answers. */
    public void freeze() {
        program.freeze();
    }

    public void thaw() {
        program.thaw();
    }

    public String report() {
        return program.report();
    }

    @Override
    public void close() {
        program.close();
        scratch.close();
    }
}
