package io.switchboard.protocols.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.switchboard.message.Exclusion;
import io.switchboard.message.Message;
import io.switchboard.message.Topic;
import io.switchboard.metrics.Meters;
import io.switchboard.protocol.CloseReason;
import io.switchboard.protocol.Command;
import io.switchboard.protocol.Endpoint;
import io.switchboard.protocol.Opening;
import io.switchboard.protocol.Refusal;
import io.switchboard.protocol.Request;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChatProtocolTest {
    private final ChatProtocol protocol = new ChatProtocol(new Meters());

    private Endpoint<ChatEndpoint.Member> endpoint(String path) {
        var all = new ArrayList<>(protocol.endpoints(List.of("/chat")));
        all.addAll(protocol.nodeLocal("/chat"));
        all.add(protocol.echo("/ws"));
        for (Endpoint<?> endpoint : all) {
            if (endpoint.path().equals(path)) {
                return (ChatEndpoint) endpoint;
            }
        }
        throw new AssertionError("no " + path);
    }

    private static Request request(Map<String, String> variables, Map<String, String> query) {
        return new Request("/", variables, query, Map.of(), "127.0.0.1");
    }

    private List<Command> decode(String path, String user, String group, Message.Kind kind, byte[] content) {
        var commands = new ArrayList<Command>();
        endpoint(path)
                .decode(
                        new ChatEndpoint.Member(user, group.isEmpty() ? Topic.ALL : Topic.group(group)),
                        kind,
                        ByteBuffer.wrap(content),
                        commands::add);
        return commands;
    }

    private Command channel(String json) {
        return decode("/chat/channel/{id}", "1", "", Message.Kind.TEXT, json.getBytes(StandardCharsets.UTF_8))
                .getFirst();
    }

    private static void assertPublishes(Command command, String topic, String text, Exclusion exclusion) {
        var publish = assertInstanceOf(Command.Publish.class, command, command.toString());
        assertEquals(topic, publish.topic().name());
        assertEquals(text, publish.message().asText());
        assertEquals(exclusion, publish.exclusion());
    }

    @Test
    void everyEndpointHearsWhatThePublishedOneHears() throws Exception {
        Opening<?> channel = endpoint("/chat/channel/{id}").open(request(Map.of("id", "1"), Map.of()));
        assertEquals(List.of(Topic.user("1"), Topic.ALL), channel.topics());
        Opening<?> user = endpoint("/chat/user/{id}").open(request(Map.of("id", "1"), Map.of()));
        assertEquals(List.of(Topic.user("1")), user.topics());
        Opening<?> all = endpoint("/chat/all/{id}").open(request(Map.of("id", "1"), Map.of()));
        assertEquals(List.of(Topic.ALL), all.topics());
        Opening<?> group =
                endpoint("/chat/group/{group}/{user}").open(request(Map.of("group", "g1", "user", "1"), Map.of()));
        assertEquals(List.of(Topic.group("g1")), group.topics());
        assertEquals("group:g1", group.device());
        assertEquals("1", group.user());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"Method\":\"One\",\"MsgBody\":{\"Id\":\"2\",\"Msg\":\"Hi\"}} | user:2 | Hi | NONE",
                "{\"method\":\"One\",\"MSGBODY\":{\"iD\":\"2\",\"mSG\":\"Hi\"}} | user:2 | Hi | NONE",
                "{\"Method\":\"One\",\"MsgBody\":\"{\\\"Id\\\":\\\"2\\\",\\\"Msg\\\":\\\"Hi\\\"}\"}"
                        + " | user:2 | Hi | NONE",
                "{\"Method\":\"One\",\"MsgBody\":{\"Id\":2,\"Msg\":5}} | user:2 | 5 | NONE",
                "{\"Method\":\"One\",\"MsgBody\":{\"Id\":\"2\",\"Msg\":\"2022-11-08T04:44:17.200Z\"}}"
                        + " | user:2 | 2022-11-08T04:44:17.200Z | NONE",
                "{\"Method\":\"Group\",\"Group\":\"g1\",\"MsgBody\":\"Hi\"} | group:g1 | Hi | USER",
                "{\"MsgBody\":\"Hi\",\"Group\":\"g1\",\"Method\":\"Group\"} | group:g1 | Hi | USER",
                "{\"Method\":\"All\",\"MsgBody\":\"Hi\"} | all | Hi | USER",
                "{\"MsgBody\":\"Hi\"} | all | Hi | USER",
                "{\"Method\":null,\"MsgBody\":\"Hi\"} | all | Hi | USER",
                "{\"Method\":\"one\",\"MsgBody\":\"Hi\"} | all | Hi | USER",
                "{\"Method\":\"All\",\"MsgBody\":{\"a\": 1}} | all | {\"a\":1} | USER",
                "{\"Method\":\"All\",\"MsgBody\":true} | all | True | USER",
                "{\"Method\":\"All\",\"MsgBody\":12.50} | all | 12.50 | USER",
                "{\"Method\":\"All\",\"X\":{\"y\":[1]},\"MsgBody\":\"\\u4f60\"} | all | 你 | USER"
            })
    void channelCommandsAreReadAsPublished(String json, String topic, String text, Exclusion exclusion) {
        assertPublishes(channel(json), topic, text, exclusion);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hello, this is not JSON",
                "",
                "{}",
                "[]",
                "null",
                "1",
                "{\"Method\":\"All\"}",
                "{\"Method\":\"All\",\"MsgBody\":null}",
                "{\"Method\":\"Group\",\"Group\":\"g1\"}",
                "{\"Method\":\"Group\",\"MsgBody\":\"x\"}",
                "{\"Method\":\"UserGroup\"}",
                "{\"Method\":\"UserGroup\",\"Group\":\"\"}",
                "{\"Method\":\"UserGroup\",\"Group\":\"a\\u0000b\"}",
                "{\"Method\":\"One\"}",
                "{\"Method\":\"One\",\"MsgBody\":{}}",
                "{\"Method\":\"One\",\"MsgBody\":{\"Id\":\"2\"}}",
                "{\"Method\":\"One\",\"MsgBody\":{\"Msg\":\"x\"}}",
                "{\"Method\":\"One\",\"MsgBody\":{\"Id\":\"\",\"Msg\":\"x\"}}",
                "{\"Method\":\"One\",\"MsgBody\":{\"Id\":[1],\"Msg\":\"x\"}}",
                "{\"Method\":\"One\",\"MsgBody\":\"x\"}",
                "{\"Method\":\"All\",\"MsgBody\":\"x\"} trailing",
                "{\"Method\":\"All\",\"MsgBody\":\"x\""
            })
    void whatIsNoCommandIsMalformedAndSaysWhy(String text) {
        var malformed = assertInstanceOf(Command.Malformed.class, channel(text), text);
        assertEquals(false, malformed.why().isBlank());
    }

    @Test
    void joiningAGroupAnnouncesIt() {
        var join = assertInstanceOf(Command.Join.class, channel("{\"Method\":\"UserGroup\", \"Group\":\"g1\"}"));
        assertEquals(Topic.group("g1"), join.topic());
        assertEquals(
                "user 【1】 add  to group 【g1】",
                String.valueOf(join.notice() == null ? "" : join.notice().asText()));
    }

    @Test
    void groupAndAllEndpointsTakeRawTextWithoutPadding() {
        byte[] padded = "Hi <b>\0\0".getBytes(StandardCharsets.UTF_8);
        assertPublishes(
                decode("/chat/group/{group}/{user}", "u1", "g1", Message.Kind.TEXT, padded)
                        .getFirst(),
                "group:g1",
                "Hi <b>",
                Exclusion.USER);
        assertPublishes(
                decode("/chat/all/{id}", "u1", "", Message.Kind.BINARY, padded).getFirst(),
                "all",
                "Hi <b>",
                Exclusion.USER);
    }

    @Test
    void binaryThatIsNoTextIsMalformed() {
        byte[] bytes = {(byte) 0xff, (byte) 0xfe};
        for (String path : List.of("/chat/all/{id}", "/chat/channel/{id}", "/chat/user/{id}")) {
            assertInstanceOf(
                    Command.Malformed.class,
                    decode(path, "1", "", Message.Kind.BINARY, bytes).getFirst());
        }
    }

    @Test
    void theNodeLocalExtrasCopyToTheSenderOnce() {
        byte[] toTwo = "{\"Id\":\"2\",\"Msg\":\"x\"}".getBytes(StandardCharsets.UTF_8);
        List<Command> chat = decode("/chat", "1", "", Message.Kind.TEXT, toTwo);
        assertPublishes(chat.get(0), "chat:2", "x", Exclusion.NONE);
        assertPublishes(chat.get(1), "chat:1", "x", Exclusion.NONE);
        assertEquals(1, decode("/chat", "2", "", Message.Kind.TEXT, toTwo).size());
        assertEquals(1, decode("/chatroom", "1", "", Message.Kind.TEXT, toTwo).size());
        assertEquals(
                new CloseReason(1000, "Socket closed"),
                endpoint("/chatroom").closeAnswer(new CloseReason(1001, "bye")));
    }

    @Test
    void idsAreCheckedAtTheDoor() {
        for (String id : List.of("a\nb", "x".repeat(201), "\u0000")) {
            var refused = assertThrows(
                    Refusal.Thrown.class, () -> endpoint("/chat/user/{id}").open(request(Map.of("id", id), Map.of())));
            assertEquals(400, refused.refusal().status());
        }
        assertThrows(Refusal.Thrown.class, () -> endpoint("/chat").open(request(Map.of(), Map.of())));
    }

    @Test
    void anyBytesAreACommandOrMalformed() {
        var random = new Random(11);
        String alphabet = "{}[]\":,MethodOneGroupAllMsgBodyId\\u0012 ";
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(60)];
            for (int n = 0; n < bytes.length; n++) {
                bytes[n] = (byte)
                        (random.nextInt(8) == 0
                                ? random.nextInt()
                                : alphabet.charAt(random.nextInt(alphabet.length())));
            }
            for (String path : List.of("/chat/channel/{id}", "/chat/user/{id}", "/chat/all/{id}", "/chat")) {
                assertEquals(
                        true,
                        !decode(path, "1", "g", Message.Kind.BINARY, bytes).isEmpty());
            }
        }
    }
}
