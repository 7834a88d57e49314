package io.switchboard.protocols.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.message.ByteArraySink;
import io.switchboard.message.Exclusion;
import io.switchboard.message.MalformedException;
import io.switchboard.message.Message;
import io.switchboard.message.Publication;
import io.switchboard.message.Sender;
import io.switchboard.message.Topic;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChatWireTest {
    private final ChatWire wire = new ChatWire();

    private String encode(String topic, String from, Message message) {
        var sink = new ByteArraySink(64);
        wire.encode(Publication.from(Topic.of(topic), message, new Sender(from, "s"), Exclusion.USER), sink);
        return new String(sink.toByteArray(), StandardCharsets.UTF_8);
    }

    private Publication decode(String channel, String json) throws MalformedException {
        return wire.decode(Topic.of(channel), ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void theBytesAreThePublishedOnes() {
        assertEquals(
                "{\"FromId\":\"1\",\"ToId\":\"2\",\"Msg\":\"Hello\"}", encode("user:2", "1", Message.text("Hello")));
        assertEquals("{\"FromId\":\"1\",\"ToId\":null,\"Msg\":\"x\"}", encode("all", "1", Message.text("x")));
        assertEquals(
                "{\"FromId\":\"张\",\"ToId\":\"g:1\",\"Msg\":\"<b>&\\u2028 你好 \\\"q\\\" 😀\"}",
                encode("group:g:1", "张", Message.text("<b>&\u2028 你好 \"q\" 😀")));
    }

    @Test
    void textsOfOtherProtocolsAreTextsHere() {
        assertEquals(
                "{\"FromId\":\"1\",\"ToId\":null,\"Msg\":\"a \\\"b\\\"\"}",
                encode("all", "1", Message.json(" \"a \\u0022b\\\"\"")));
        assertEquals(
                "{\"FromId\":\"1\",\"ToId\":null,\"Msg\":\"{\\\"a\\\":1}\"}",
                encode("all", "1", Message.json("{ \"a\": 1 }")));
    }

    @Test
    void binaryHasNoForm() {
        assertThrows(IllegalArgumentException.class, () -> encode("all", "1", Message.binary(new byte[1])));
    }

    @Test
    void membersAreReadInAnyCaseAndUnknownOnesIgnored() throws Exception {
        Publication publication =
                decode("user:1", "{\"fromid\":\"x\",\"Node\":{\"a\":[1]},\"TOID\":\"1\",\"msg\":\"hi\",\"Ts\":1}");
        assertEquals(Topic.user("1"), publication.topic());
        assertEquals("x", publication.sender().user());
        assertEquals("hi", publication.message().asText());
        assertEquals(Exclusion.NONE, publication.exclusion());
    }

    @Test
    void toIdSaysWhomItIsForNotTheChannel() throws Exception {
        assertEquals(
                Topic.user("2"),
                decode("user:1", "{\"FromId\":\"9\",\"ToId\":\"2\",\"Msg\":\"x\"}")
                        .topic());
        assertEquals(
                Topic.group("h"),
                decode("group:g", "{\"FromId\":\"9\",\"ToId\":\"h\",\"Msg\":\"x\"}")
                        .topic());
    }

    @ParameterizedTest
    @ValueSource(strings = {",\"ToId\":null", ",\"ToId\":\"\"", "", ",\"ToId\":\"whatever\""})
    void everyoneNeedsNoToId(String toId) throws Exception {
        Publication publication = decode("all", "{\"FromId\":\"9\"" + toId + ",\"Msg\":\"x\"}");
        assertEquals(Topic.ALL, publication.topic());
        assertEquals(Exclusion.USER, publication.exclusion());
    }

    @Test
    void aJoinNoticeIsKnownByItsWords() throws Exception {
        String from = "{\"FromId\":\"2\",\"ToId\":\"g1\",\"Msg\":\"user 【2】 add  to group 【g1】\"}";
        assertTrue(decode("group:g1", from).notice());
        assertFalse(decode("group:g1", from.replace("【2】", "【3】")).notice());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "garbage",
                "{}",
                "[]",
                "null",
                "1",
                "\"x\"",
                "{\"FromId\":\"1\",\"ToId\":\"2\"}",
                "{\"ToId\":\"2\",\"Msg\":\"x\"}",
                "{\"FromId\":null,\"ToId\":\"2\",\"Msg\":\"x\"}",
                "{\"FromId\":\"1\",\"ToId\":\"2\",\"Msg\":null}",
                "{\"FromId\":\"1\",\"ToId\":null,\"Msg\":\"x\"}",
                "{\"FromId\":\"1\",\"Msg\":\"x\"}",
                "{\"FromId\":{},\"ToId\":\"2\",\"Msg\":\"x\"}",
                "{\"FromId\":\"1\",\"ToId\":\"a\\u0000\",\"Msg\":\"x\"}",
                "{\"FromId\":\"1\",\"ToId\":\"2\",\"Msg\":\"x\"}}"
            })
    void garbageIsMalformed(String json) {
        assertThrows(MalformedException.class, () -> decode("user:2", json));
    }
}
