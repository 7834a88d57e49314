package io.switchboard.transport.handshake;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBufAllocator;
import io.switchboard.hub.Lane;
import io.switchboard.message.Message;
import io.switchboard.protocol.Command;
import io.switchboard.protocol.Encoder;
import io.switchboard.protocol.Endpoint;
import io.switchboard.protocol.Opening;
import io.switchboard.protocol.Refusal;
import io.switchboard.protocol.Request;
import io.switchboard.transport.connection.WebSocketFraming;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTableTest {
    private static final Encoder ENCODER = (event, out) -> {};

    private record Named(String path, Encoder encoder) implements Endpoint<String> {
        @Override
        public String protocol() {
            return "named";
        }

        @Override
        public Opening<String> open(Request request) {
            return new Opening<>("", "", List.of(), "");
        }

        @Override
        public void decode(String state, Message.Kind kind, ByteBuffer content, Consumer<Command> commands) {}
    }

    private static EndpointTable<Endpoint<?>> table(List<Endpoint<?>> endpoints) {
        var lanes = new Lanes(new WebSocketFraming(ByteBufAllocator.DEFAULT));
        return new EndpointTable<>(endpoints, endpoint -> lanes);
    }

    private static EndpointTable<Endpoint<?>> table(String... paths) {
        List<Endpoint<?>> endpoints = new ArrayList<>();
        for (String path : paths) {
            endpoints.add(new Named(path, ENCODER));
        }
        return table(endpoints);
    }

    @ParameterizedTest
    @CsvSource({
        "/chat/user/1, /chat/user/{id}",
        "/chat/user/me, /chat/user/me",
        "/chat/group/g/1, /chat/group/{g}/{u}",
        "/chat/x/1, /chat/{kind}/{id}",
        "/chat/x/last, /chat/{kind}/last",
        "/chat/user/last, /chat/user/{id}",
        "/other/x/1, /{a}/{b}/{c}",
        "/, /",
        "/%63hat/user/1, /chat/user/{id}",
    })
    void theMostLiteralTemplateWins(String path, String template) throws Exception {
        var table = table(
                "/{a}/{b}/{c}",
                "/chat/{kind}/{id}",
                "/chat/{kind}/last",
                "/chat/user/{id}",
                "/chat/group/{g}/{u}",
                "/chat/user/me",
                "/");
        assertEquals(template, table.find(path, "").orElseThrow().endpoint().path());
    }

    @Test
    void variablesAreDecoded() throws Exception {
        var found = table("/chat/group/{g}/{u}")
                .find("/chat/group/a%2Fb%20c/%E5%BC%A0+", "")
                .orElseThrow();
        assertEquals(Map.of("g", "a/b c", "u", "张+"), found.variables());
        assertEquals("", found.emptyVariable());
    }

    @Test
    void emptyVariableIsTold() throws Exception {
        var table = table("/chat/group/{g}/{u}", "/chat/group/{g}/");
        assertEquals("g", table.find("/chat/group//1", "").orElseThrow().emptyVariable());
        assertEquals(
                "/chat/group/{g}/",
                table.find("/chat/group/1/", "").orElseThrow().endpoint().path());
        assertTrue(table.find("/chat/group/1", "").isEmpty());
        assertTrue(table.find("/chat/group/1/2/", "").isEmpty());
        assertTrue(table.find("/CHAT/group/1/2", "").isEmpty());
    }

    @Test
    void brokenPathsAreRefused() {
        var table = table("/a/{b}");
        for (String path : List.of("/a/%", "/a/%1", "/a/%g0", "/a/%C3", "/a/%F8%88%80%80%80")) {
            assertThrows(Refusal.Thrown.class, () -> table.find(path, ""), path);
        }
    }

    @Test
    void parameterAloneIsAnyPathThatNobodyElseClaims() throws Exception {
        var table = table("?sign", "/ws/{id}", "/hub?sign", "/hub", "/{a}");
        assertEquals("/ws/{id}", path(table, "/ws/1", "sign=abc"));
        assertEquals("/hub?sign", path(table, "/hub", "sign=abc"));
        assertEquals("/hub", path(table, "/hub", ""));
        assertEquals("/{a}", path(table, "/x", "sign=abc"));
        assertEquals("?sign", path(table, "/x/y", "id=1&sign=abc"));
        var found = table.find("/any/path/at/all", "Sign=%E5%BC%A0").orElseThrow();
        assertEquals(Map.of("sign", "张"), found.variables());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sign", "sign=", "id=1", "sign=&sign=abc", "signs=1"})
    void withoutAValueTheParameterIsNoClaim(String query) throws Exception {
        assertTrue(table("?sign", "/ws/{id}").find("/x", query).isEmpty());
    }

    @Test
    void equalClaimsOfAParameterAreAnError() {
        assertThrows(IllegalArgumentException.class, () -> table("?sign", "?SIGN"));
        assertThrows(IllegalArgumentException.class, () -> table("/a?sign", "/a?sign"));
        assertDoesNotThrow(() -> table("/a", "/a?sign", "?sign", "?id"));
    }

    private static String path(EndpointTable<?> table, String path, String query) throws Refusal.Thrown {
        return table.find(path, query).orElseThrow().endpoint().path();
    }

    @Test
    void equalClaimsAreAnErrorThatNamesBoth() {
        var failure = assertThrows(IllegalArgumentException.class, () -> table("/a/{b}", "/c", "/a/{other}"));
        assertEquals("two endpoints claim the same path: named /a/{b} and named /a/{other}", failure.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "/a{b}", "/{a}b", "/{a}/{a}", "/{}"})
    void whatIsNoTemplateIsAnError(String path) {
        assertThrows(IllegalArgumentException.class, () -> table(path));
    }

    @Test
    void endpointsWithOneEncoderShareALane() throws Exception {
        List<Endpoint<?>> endpoints =
                List.of(new Named("/a", ENCODER), new Named("/b", (event, out) -> {}), new Named("/c", ENCODER));
        var table = table(endpoints);
        assertSame(lane(table, "/a"), lane(table, "/c"));
        assertNotSame(lane(table, "/a"), lane(table, "/b"));
    }

    private static Lane lane(EndpointTable<?> table, String path) throws Refusal.Thrown {
        var request = new Request(path, Map.of(), Map.of(), Map.of(), "");
        return table.find(path, "").orElseThrow().lane(request);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "example.com",
                "https://",
                "https://*",
                "https://a*.example.com",
                "https://*.*.example.com",
                "https://example.com/",
                "*.example.com",
                "https://*example.com"
            })
    void whatIsNoOriginIsAnError(String origin) {
        assertThrows(IllegalArgumentException.class, () -> new Origins(List.of(origin), false));
    }
}
