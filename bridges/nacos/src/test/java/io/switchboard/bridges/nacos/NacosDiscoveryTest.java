package io.switchboard.bridges.nacos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.switchboard.discovery.Discovery;
import io.switchboard.discovery.DiscoveryProvider;
import io.switchboard.discovery.Instance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is asked of Nacos, against answers as Nacos 3.1.0 gave them; the real one is asked by {@code ./check nacos}. */
class NacosDiscoveryTest {
    private static final Instance SELF = Instance.of("n1", "127.0.0.1", 19998, "1.0", 7, false);

    private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
    private final AtomicBoolean forgetful = new AtomicBoolean();
    private final AtomicBoolean older = new AtomicBoolean();
    private HttpServer server = server(0);

    private HttpServer server(int port) {
        try {
            var made = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 16);
            made.createContext("/nacos", this::answer);
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeEach
    void open() {
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String query = exchange.getRequestURI().getRawQuery();
            String path = exchange.getRequestURI().getPath().substring("/nacos".length());
            String form = URLDecoder.decode(body.isEmpty() ? String.valueOf(query) : body, StandardCharsets.UTF_8);
            boolean known = older.get() != path.startsWith("/v3");
            byte[] text = (known ? text(exchange.getRequestMethod(), form) : "").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(known ? 200 : 404, text.length == 0 ? -1 : text.length);
            exchange.getResponseBody().write(text);
            asked.add(exchange.getRequestMethod() + " " + path + " " + form);
        }
    }

    private String text(String method, String form) {
        boolean beat = form.contains("heartBeat=true");
        if (older.get()) {
            return beat ? "{\"clientBeatInterval\":5000,\"code\":" + (forgetful.get() ? 20404 : 10200) + "}" : "ok";
        }
        if (method.equals("GET")) {
            return """
                    {"code":0,"message":"success","data":[\
                    {"ip":"10.0.0.1","port":19998,"healthy":true,"enabled":true,\
                    "metadata":{"node":"n1","connections":"3"}},\
                    {"ip":"10.0.0.2","port":19998,"healthy":false,"enabled":true,"metadata":{}},\
                    {"ip":"10.0.0.3","port":19998,"healthy":true,"enabled":true,"metadata":{"draining":"true"}}]}""";
        }
        return beat && forgetful.get()
                ? "{\"code\":21003,\"message\":\"instance not found\",\"data\":null}"
                : "{\"code\":0,\"message\":\"success\",\"data\":\"ok\"}";
    }

    @Test
    void registersBeatsAndWithdraws() throws InterruptedException {
        try (Discovery discovery = discovery()) {
            discovery.register(SELF).toCompletableFuture().join();
            String registered = next();
            assertTrue(registered.startsWith("POST /v3/client/ns/instance "), registered);
            for (String part : List.of(
                    "serviceName=websocket-demo",
                    "groupName=DEFAULT_GROUP",
                    "ip=127.0.0.1",
                    "port=19998",
                    "ephemeral=true",
                    "\"connections\":\"7\"",
                    "\"draining\":\"false\"")) {
                assertTrue(registered.contains(part), registered);
            }
            assertTrue(next().contains("heartBeat=true"));
            forgetful.set(true);
            assertTrue(next().contains("heartBeat=true"));
            assertTrue(next().contains("metadata="), "told again what it forgot");
            discovery.deregister().toCompletableFuture().join();
            assertTrue(next().startsWith("DELETE /v3/client/ns/instance "));
        }
        assertEquals(0, asked.size(), "nothing is left to withdraw");
    }

    @Test
    void anOlderNacosIsAskedInItsOwnWords() throws InterruptedException {
        older.set(true);
        try (Discovery discovery = discovery()) {
            discovery.register(SELF).toCompletableFuture().join();
            assertTrue(next().startsWith("POST /v3/"));
            assertTrue(next().startsWith("POST /v1/ns/instance "));
            assertTrue(next().startsWith("PUT /v1/ns/instance/beat "));
        }
        assertTrue(next().startsWith("DELETE /v1/ns/instance "), "closing withdraws");
    }

    @Test
    void onlyTheHealthyAreListed() {
        try (Discovery discovery = discovery()) {
            var instances = discovery.instances().toCompletableFuture().join();
            assertEquals(
                    List.of("n1", "10.0.0.3:19998"),
                    instances.stream().map(Instance::node).toList());
            assertEquals(3, instances.getFirst().connections().orElseThrow());
            assertTrue(instances.getLast().draining());
        }
    }

    @Test
    void aNacosThatIsDownIsToldWhenItIsBack() throws InterruptedException {
        int port = server.getAddress().getPort();
        server.stop(0);
        try (Discovery discovery = discovery(port)) {
            var failure = assertThrows(
                    CompletionException.class,
                    () -> discovery.register(SELF).toCompletableFuture().join());
            assertTrue(failure.toString().contains("no answer from Nacos at 127.0.0.1:" + port), failure::toString);
            server = server(port);
            server.start();
            assertTrue(next().startsWith("POST /v3/client/ns/instance "));
        }
    }

    @Test
    void anAddressThatIsNoneIsNamed() {
        var failure = assertThrows(
                IllegalArgumentException.class,
                () -> new NacosDiscoveryProvider()
                        .open(new DiscoveryProvider.Settings("a:8848,:", "public", "G", "s", "", "")));
        assertTrue(failure.toString().contains("discovery.server: \":\" is not an address of Nacos"));
    }

    private String next() throws InterruptedException {
        String question = asked.poll(10, TimeUnit.SECONDS);
        assertTrue(question != null, "Nacos was not asked");
        return String.valueOf(question);
    }

    private Discovery discovery() {
        return discovery(server.getAddress().getPort());
    }

    private static Discovery discovery(int port) {
        return DiscoveryProvider.open(
                "nacos",
                new DiscoveryProvider.Settings(
                        "127.0.0.1:" + port, "public", "DEFAULT_GROUP", "websocket-demo", "", ""),
                NacosDiscoveryTest.class.getClassLoader());
    }
}
