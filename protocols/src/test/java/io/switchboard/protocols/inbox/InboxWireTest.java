package io.switchboard.protocols.inbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.directory.Groups;
import io.switchboard.message.ByteArraySink;
import io.switchboard.message.Exclusion;
import io.switchboard.message.Fields;
import io.switchboard.message.MalformedException;
import io.switchboard.message.Message;
import io.switchboard.message.Origin;
import io.switchboard.message.Publication;
import io.switchboard.message.Sender;
import io.switchboard.message.Topic;
import io.switchboard.protocols.Nonsense;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InboxWireTest {
    private final Groups groups = Groups.local();
    private final InboxWire wire = new InboxWire(groups, true);

    private String encoded(Topic topic, String from, Message message) {
        var out = new ByteArraySink(64);
        wire.encode(
                new Publication(
                        Publication.Kind.MESSAGE,
                        topic,
                        message,
                        new Sender(from, "s"),
                        Exclusion.NONE,
                        false,
                        1_685_345_640_000L,
                        Origin.UNKNOWN,
                        0,
                        null,
                        Fields.NONE),
                out);
        return new String(out.toByteArray(), StandardCharsets.UTF_8);
    }

    private Publication decoded(String json) throws MalformedException {
        return wire.decode(Topic.of("inbox:all"), ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void bodiesAreThePublishedOnes() throws Exception {
        var single = "{\"content\":\"Hi 你好\",\"from\":1,\"msgType\":10,\"time\":1685345640000,\"to\":2}";
        assertEquals(single, encoded(Topic.user("2"), "1", Message.text("Hi 你好")));
        var back = decoded(single);
        assertEquals(Topic.user("2"), back.topic());
        assertEquals("Hi 你好", back.message().asText());
        assertEquals("1", back.sender().user());
        assertEquals(1_685_345_640_000L, back.timeMillis());

        var group = "{\"content\":\"hello group\",\"from\":1,\"msgType\":20,\"time\":1685345640000,\"to\":77}";
        assertEquals(group, encoded(Topic.group("77"), "1", Message.text("hello group")));
        assertEquals(
                group, encoded(InboxProtocol.EVERYBODY, "1", OpenGroup.message("77", Message.text("hello group"))));
    }

    @Test
    void groupGoesToItsListOrToEverybody() throws Exception {
        var body = "{\"content\":\"x\",\"from\":1,\"msgType\":20,\"time\":1,\"to\":77}";
        assertEquals(InboxProtocol.EVERYBODY, decoded(body).topic());
        assertEquals(
                new OpenGroup("77", Message.text("x")).group(),
                OpenGroup.of(decoded(body).message()).group());
        groups.set("77", Optional.of(Set.of()));
        assertEquals(Topic.group("77"), decoded(body).topic());
    }

    @Test
    void onlyNumbersHaveAForm() {
        assertTrue(wire.carries(Topic.user("2")));
        assertTrue(wire.carries(Topic.group("-77")));
        assertTrue(wire.carries(InboxProtocol.EVERYBODY));
        assertFalse(wire.carries(Topic.user("ann")));
        assertFalse(wire.carries(Topic.user("007")));
        assertFalse(wire.carries(Topic.group("92233720368547758080")));
        assertFalse(wire.carries(Topic.ALL));
        assertFalse(wire.carriesOrigin());
    }

    @Test
    void otherSendersKeepTheirName() throws Exception {
        var body = encoded(Topic.user("2"), "ann", Message.text("x"));
        assertEquals("{\"content\":\"x\",\"fromName\":\"ann\",\"msgType\":10,\"time\":1685345640000,\"to\":2}", body);
        assertEquals("ann", decoded(body).sender().user());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "{}",
                "{\"content\":\"x\",\"msgType\":11,\"to\":2}",
                "{\"content\":\"x\",\"msgType\":10}"
            })
    void garbageIsMalformed(String body) {
        assertThrows(MalformedException.class, () -> decoded(body));
    }

    @Test
    void nothingElseComesOfNonsense() {
        int read = 0;
        for (byte[] bytes :
                Nonsense.around("{\"content\":\"Hi\",\"from\":1,\"msgType\":20,\"time\":1685345640000,\"to\":2}", 5)) {
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
