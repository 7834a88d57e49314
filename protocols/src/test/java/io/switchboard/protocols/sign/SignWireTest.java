package io.switchboard.protocols.sign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.message.ByteArraySink;
import io.switchboard.message.MalformedException;
import io.switchboard.message.Message;
import io.switchboard.message.Publication;
import io.switchboard.message.Topic;
import io.switchboard.protocols.Nonsense;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignWireTest {
    private final SignWire wire = new SignWire(SignSettings.DEFAULT, SignWire.EXCHANGE);

    private String encoded(String topic, Message message) {
        var out = new ByteArraySink(64);
        wire.encode(Publication.of(Topic.of(topic), message), out);
        return new String(out.toByteArray(), StandardCharsets.UTF_8);
    }

    private Publication decoded(String json) throws MalformedException {
        return wire.decode(Topic.of("sign:whoever"), ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void bodyIsThePublishedOne() throws Exception {
        var message = SignSettings.DEFAULT.message(2, Message.json("{\"count\":3}"), "2022-11-08T12:17:16.1+08:00");
        var body = "{\"conId\":\"abc\",\"data\":{\"MessagDateTime\":\"2022-11-08T12:17:16.1+08:00\","
                + "\"Type\":2,\"DataInfo\":{\"count\":3}}}";
        assertEquals(body, encoded("sign:abc", message));
        var back = decoded(body);
        assertEquals(Topic.of("sign:abc"), back.topic());
        assertEquals(message.asText(), back.message().asText());
        assertEquals(Message.Kind.JSON, back.message().kind());
    }

    @Test
    void foreignBodiesAreReadInAnyOrderAndCase() throws Exception {
        assertEquals(
                Topic.of("sign:5"),
                decoded("{\"more\":1,\"Data\":{\"Type\":2},\"ConId\":5}").topic());
        assertEquals("x", decoded("{\"conId\":\"a\",\"data\":\"x\"}").message().asText());
    }

    @Test
    void onlyConnectionsHaveAPublishedForm() {
        assertTrue(wire.carries(Topic.of("sign:abc")));
        assertFalse(wire.carries(SignProtocol.EVERYBODY));
        assertFalse(wire.carries(Topic.of("identity:T_7_3_tenant_1")));
        assertFalse(wire.carriesOrigin());
        assertThrows(IllegalArgumentException.class, () -> encoded("sign:a", Message.binary(new byte[] {1})));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "{}",
                "{\"conId\":\"\",\"data\":1}",
                "{\"conId\":\"a\"}",
                "{\"data\":1}",
                "{\"conId\":null,\"data\":1}",
                "{\"conId\":\"a\\u0001\",\"data\":1}"
            })
    void garbageIsMalformed(String body) {
        assertThrows(MalformedException.class, () -> decoded(body));
    }

    @Test
    void nothingElseComesOfNonsense() {
        int read = 0;
        for (byte[] bytes : Nonsense.around("{\"conId\":\"abc\",\"data\":{\"Type\":2,\"DataInfo\":null}}", 6)) {
            try {
                wire.decode(Topic.ALL, ByteBuffer.wrap(bytes));
                read++;
            } catch (MalformedException expected) {
                // As it should be.
            }
        }
        assertTrue(read > 0);
    }
}
