package io.switchboard.protocols.inbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.directory.Groups;
import io.switchboard.message.Exclusion;
import io.switchboard.message.Message;
import io.switchboard.message.Publication;
import io.switchboard.message.Sender;
import io.switchboard.message.Topic;
import io.switchboard.metrics.Meters;
import io.switchboard.protocol.CloseReason;
import io.switchboard.protocol.Command;
import io.switchboard.protocol.Event;
import io.switchboard.protocol.Opening;
import io.switchboard.protocol.Refusal;
import io.switchboard.protocol.Request;
import io.switchboard.protocols.Frames;
import io.switchboard.protocols.Nonsense;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InboxProtocolTest {
    private final Groups groups = Groups.local();
    private final InboxEndpoint endpoint = endpoint(true);

    private InboxEndpoint endpoint(boolean openGroups) {
        return (InboxEndpoint) new InboxProtocol(groups, openGroups, new Meters())
                .endpoints(List.of("/ws"))
                .getFirst();
    }

    private static Request request(String userId) {
        return new Request("/ws/x", Map.of("userId", userId), Map.of(), Map.of(), "127.0.0.1");
    }

    private List<Command> decode(Message.Kind kind, byte[] content) {
        var commands = new ArrayList<Command>();
        endpoint.decode("1", kind, ByteBuffer.wrap(content), commands::add);
        return commands;
    }

    private Command decode(String json) {
        return decode(Message.Kind.TEXT, json.getBytes(StandardCharsets.UTF_8)).getFirst();
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "007, 7", "9223372036854775807, 9223372036854775807", "-5, -5"})
    void userIsANumber(String path, String user) throws Exception {
        Opening<String> opening = endpoint.open(request(path));
        assertEquals(user, opening.user());
        assertEquals(List.of(Topic.user(user), InboxProtocol.EVERYBODY), opening.topics());
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "1.5", "9223372036854775808", " 1", "1a", "1/2", "0x1"})
    void anythingElseIsABadRequestAsPublished(String path) {
        var refusal = assertThrows(Refusal.Thrown.class, () -> endpoint.open(request(path)))
                .refusal();
        assertEquals(400, refusal.status());
        assertEquals("400 Bad Request", refusal.text());
    }

    @Test
    void refusalsAreWordedAsPublished() {
        assertEquals(Refusal.of(403, "403 Forbidden"), endpoint.plainAnswer());
        assertEquals(Refusal.of(403, "403 Forbidden"), endpoint.malformedAnswer(Refusal.of(405, "GET")));
        assertEquals(new CloseReason(1009, "Max frame length of 65536 has been exceeded."), endpoint.tooBig(65_536));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"msgType\":10,\"to\":2,\"content\":\"Hi\"}",
                "{\"MsgType\":\"10\",\"TO\":\"2\",\"Content\":\"Hi\",\"more\":{\"a\":[1,null]}}",
                "{\"msg_type\":10,\"to\":2,\"content\":\"Hi\",\"from\":99,\"time\":1}",
                " { \"content\" : \"Hi\" , \"to\" : 2 , \"msg-type\" : 10 } "
            })
    void singleMessageIsReadAsThePublishedLibraryDoes(String json) {
        var publish = assertInstanceOf(Command.Publish.class, decode(json));
        assertEquals(Topic.user("2"), publish.topic());
        assertEquals("Hi", publish.message().asText());
        assertEquals(Exclusion.NONE, publish.exclusion());
    }

    /** D6: the published group id is ignored, its messages reach nobody. */
    @Test
    void d6GroupWithAMemberListIsItsMembersOnly() throws Exception {
        groups.set("77", Optional.of(Set.of("1", "2")));
        var publish = assertInstanceOf(
                Command.Publish.class, decode("{\"msgType\":20,\"to\":77,\"content\":\"hello group\"}"));
        assertEquals(Topic.group("77"), publish.topic());
        var memberships = endpoint.open(request("1")).memberships();
        assertEquals(
                List.of(Topic.group("77")),
                memberships.of("1").toCompletableFuture().join());
        assertEquals(List.of(), memberships.of("3").toCompletableFuture().join());
        assertEquals(
                List.of("{\"content\":\"hello group\",\"fromUserId\":1,\"msgType\":20,\"time\":5,\"toUserId\":77}"),
                Frames.of(endpoint.encoder(), published(Topic.group("77"), "1", Message.text("hello group"))));
    }

    @Test
    void d6GroupWithoutAListIsEverybodysAsPublishedOrNobodys() {
        var open = assertInstanceOf(Command.Publish.class, decode("{\"msgType\":20,\"to\":78,\"content\":\"hello\"}"));
        assertEquals(InboxProtocol.EVERYBODY, open.topic());
        assertEquals(
                List.of("{\"content\":\"hello\",\"fromUserId\":1,\"msgType\":20,\"time\":5,\"toUserId\":78}"),
                Frames.of(endpoint.encoder(), published(open.topic(), "1", open.message())));
        var commands = new ArrayList<Command>();
        endpoint(false)
                .decode(
                        "1",
                        Message.Kind.TEXT,
                        ByteBuffer.wrap(
                                "{\"msgType\":20,\"to\":78,\"content\":\"x\"}".getBytes(StandardCharsets.UTF_8)),
                        commands::add);
        assertEquals(
                Topic.group("78"),
                assertInstanceOf(Command.Publish.class, commands.getFirst()).topic());
    }

    /** D7: published, the sender of any of these hears nothing. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hello",
                "[]",
                "null",
                "{}",
                "{\"to\":2,\"content\":\"x\"}",
                "{\"msgType\":null,\"to\":2,\"content\":\"x\"}",
                "{\"msgType\":30,\"to\":2,\"content\":\"x\"}",
                "{\"msgType\":10,\"content\":\"x\"}",
                "{\"msgType\":10,\"to\":\"ann\",\"content\":\"x\"}",
                "{\"msgType\":10,\"to\":2}",
                "{\"msgType\":10,\"to\":{},\"content\":\"x\"}",
                "{\"msgType\":99999999999,\"to\":2,\"content\":\"x\"}",
                "{\"msgType\":10,\"to\":2,\"content\":\"x\"} x"
            })
    void d7SenderOfWhatCannotBeReadIsTold(String json) {
        var malformed = assertInstanceOf(Command.Malformed.class, decode(json));
        var told = Frames.of(endpoint.encoder(), new Event.Refused(Event.Reason.MALFORMED, "", "1", malformed.why()))
                .getFirst();
        assertTrue(told.startsWith("{\"content\":\"error: "), told);
        assertTrue(told.matches(".*,\"msgType\":0,\"time\":\\d{13}}"), told);
        assertTrue(!told.contains("Exception"), told);
    }

    @Test
    void whoIsNoMemberIsToldSo() {
        for (var reason : List.of(Event.Reason.UNKNOWN_TOPIC, Event.Reason.NOT_A_LISTENER)) {
            var told = Frames.of(endpoint.encoder(), new Event.Refused(reason, "group:77", "3", ""))
                    .getFirst();
            assertTrue(told.startsWith("{\"content\":\"error: you are not a member of group 77\","), told);
        }
    }

    @Test
    void binaryMessagesAreIgnored() {
        assertEquals(List.of(), decode(Message.Kind.BINARY, new byte[] {1, 2, 3}));
    }

    private static Event published(Topic topic, String from, Message message) {
        var publication = Publication.from(topic, message, new Sender(from, ""), Exclusion.NONE);
        return new Event.Published(new Publication(
                publication.kind(),
                topic,
                message,
                publication.sender(),
                Exclusion.NONE,
                false,
                5,
                publication.origin(),
                0,
                null,
                publication.fields()));
    }

    @Test
    void messagesAreSpelledAsPublished() {
        var encoder = endpoint.encoder();
        assertEquals(
                List.of("{\"content\":\"Hi 你好\",\"fromUserId\":1,\"msgType\":10,\"time\":5,\"toUserId\":2}"),
                Frames.of(encoder, published(Topic.user("2"), "1", Message.text("Hi 你好"))));
        assertEquals(
                List.of("{\"content\":\"\\u2028\\\"\",\"fromUserId\":\"ann\",\"msgType\":10,\"time\":5,\"toUserId\":"
                        + "2}"),
                Frames.of(encoder, published(Topic.user("2"), "ann", Message.text("\u2028\""))));
        assertEquals(
                List.of("{\"content\":\"{\\\"a\\\":1}\",\"msgType\":20,\"time\":5,\"toUserId\":\"g1\"}"),
                Frames.of(encoder, published(Topic.group("g1"), "", Message.json("{\"a\": 1}"))));
        assertEquals(List.of(), Frames.of(encoder, published(Topic.user("2"), "1", Message.binary(new byte[] {1}))));
        assertEquals(
                List.of("{\"content\":\"{\\\"order\\\":7}\",\"msgType\":20,\"time\":5}"),
                Frames.of(encoder, published(InboxProtocol.EVERYBODY, "", Message.json("{\"order\":7}"))));
    }

    @Test
    void onlyTheOneWhoWasReplacedHearsThePublishedText() {
        assertEquals(
                List.of("在别处上线了，请在新的设备上查看消息！"), Frames.of(endpoint.encoder(), new Event.Closing(CloseReason.REPLACED)));
        assertEquals(List.of(), Frames.of(endpoint.encoder(), new Event.Closing(CloseReason.DRAINING)));
    }

    @Test
    void nothingThatComesIsAnException() {
        for (byte[] bytes : Nonsense.around("{\"msgType\":10,\"to\":2,\"content\":\"Hi 你好\"}", 3)) {
            assertTrue(decode(Message.Kind.TEXT, bytes).size() == 1);
            assertTrue(decode(Message.Kind.BINARY, bytes).isEmpty());
        }
    }
}
