package io.switchboard.bridges.nacos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {
    @Test
    void whatNacosSaysIsRead() {
        var answer = Json.object(Json.parse("{\"code\":0,\"message\":\"success\", \"data\":[{\"ip\":\"::1\",\"port\":1,"
                + "\"weight\":1.0,\"healthy\":true,\"metadata\":{\"a\\u0041\\n\":\"\\\"\"}},[],{}],\"none\":null}"));
        assertEquals("0", answer.get("code"));
        assertEquals("", answer.get("none"));
        var host = Json.object(Json.list(answer.getOrDefault("data", "")).getFirst());
        assertEquals(
                Map.of("ip", "::1", "port", "1", "weight", "1.0", "healthy", true, "metadata", Map.of("aA\n", "\"")),
                host);
    }

    @Test
    void whatItIsToldCanBeReadBack() {
        var members = Map.of("a\"b\\", "\t\u4e2d");
        assertEquals(members, Json.object(Json.parse(Json.text(members))));
    }

    @Test
    void whatIsNotJsonIsRefused() {
        for (String text :
                List.of("", "{", "[1,", "\"a", "{\"a\":}", "<html>", "ok", "{}x", "[".repeat(1_000), "\"\\u1")) {
            assertThrows(IllegalArgumentException.class, () -> Json.parse(text), text);
        }
    }
}
