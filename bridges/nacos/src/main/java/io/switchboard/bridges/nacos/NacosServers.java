package io.switchboard.bridges.nacos;

import io.switchboard.discovery.DiscoveryProvider;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The servers of one Nacos: a request goes to the one that answered last, and to the next one if it does not. */
final class NacosServers implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(2);
    private static final int DEFAULT_PORT = 8848;
    private static final String CONTEXT = "/nacos";

    /** What the door says to a token that is missing, too old, or of before a restart. */
    private static final int UNAUTHORIZED = 401;

    private static final int FORBIDDEN = 403;
    private static final int OK = 200;

    private final URI[] servers;
    private final String user;
    private final String password;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
    private int current;
    private Optional<String> token = Optional.empty();

    NacosServers(DiscoveryProvider.Settings settings) {
        servers = Stream.of(settings.server().split(",", -1))
                .map(server -> address(server.strip()))
                .toArray(URI[]::new);
        user = settings.user();
        password = settings.password();
    }

    private static URI address(String text) {
        try {
            URI uri = URI.create(text.matches("https?://.*") ? text : "http://" + text);
            String path = uri.getPath().isEmpty() || uri.getPath().equals("/") ? CONTEXT : uri.getPath();
            if (uri.getHost() == null) {
                throw new IllegalArgumentException();
            }
            return URI.create(uri.getScheme() + "://" + uri.getHost() + ":"
                    + (uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort()) + path);
        } catch (IllegalArgumentException _useless) {
            throw new IllegalArgumentException("discovery.server: \"" + text
                    + "\" is not an address of Nacos; give host:port, http://host:port/nacos, or several with commas");
        }
    }

    /** What a server answered, logging in first where that is needed. */
    String ask(String method, String path, Map<String, String> parameters) throws IOException {
        boolean fresh = !user.isEmpty() && token.isEmpty();
        if (fresh) {
            login();
        }
        try {
            return send(method, path, parameters);
        } catch (NacosException e) {
            if (user.isEmpty() || fresh || (e.status() != UNAUTHORIZED && e.status() != FORBIDDEN)) {
                throw e;
            }
            login();
            return send(method, path, parameters);
        }
    }

    private void login() throws IOException {
        token = Optional.empty();
        var form = Map.of("username", user, "password", password);
        String answer;
        try {
            answer = send("POST", "/v3/auth/user/login", form);
        } catch (NacosException e) {
            if (e.status() == UNAUTHORIZED || e.status() == FORBIDDEN) {
                throw new NacosException(
                        e.status(), "Nacos refuses the user " + user + "; mend discovery.user and discovery.password");
            }
            answer = send("POST", "/v1/auth/login", form);
        }
        token = Optional.of(Json.object(Json.parse(answer)).getOrDefault("accessToken", ""))
                .map(Object::toString);
    }

    private String send(String method, String path, Map<String, String> parameters) throws IOException {
        IOException failure = new IOException("no server");
        for (int attempt = 0; attempt < servers.length; attempt++) {
            URI server = servers[current];
            try {
                return sendTo(server, method, path, parameters);
            } catch (NacosException e) {
                throw e;
            } catch (InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                failure = new IOException("no answer from Nacos at " + server.getAuthority() + ": " + e, e);
                current = (current + 1) % servers.length;
            }
        }
        throw failure;
    }

    private String sendTo(URI server, String method, String path, Map<String, String> parameters) throws IOException {
        String form = parameters.entrySet().stream()
                .map(parameter ->
                        parameter.getKey() + "=" + URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        boolean inBody = method.equals("POST");
        var request = HttpRequest.newBuilder(URI.create(server + path + (inBody ? "" : "?" + form)))
                .timeout(ANSWER_TIMEOUT)
                .method(method, inBody ? BodyPublishers.ofString(form) : BodyPublishers.noBody());
        if (inBody) {
            request.header("Content-Type", "application/x-www-form-urlencoded");
        }
        token.ifPresent(text -> request.header("Authorization", "Bearer " + text));
        HttpResponse<String> response;
        try {
            response = http.send(request.build(), BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("ended while asking Nacos");
        }
        if (response.statusCode() != OK) {
            throw new NacosException(
                    response.statusCode(),
                    "Nacos at " + server.getAuthority() + " answered " + response.statusCode() + " to " + method + " "
                            + path + ": " + response.body().strip());
        }
        return response.body();
    }

    /** The address of this machine on the way to Nacos. Nothing is sent. */
    String ownAddress() throws IOException {
        URI server = servers[current];
        try (var socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(server.getHost(), server.getPort()));
            return socket.getLocalAddress().getHostAddress();
        } catch (RuntimeException e) {
            throw new IOException("no way to Nacos at " + server.getAuthority() + "; give discovery.ip", e);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
