package io.switchboard.protocols.sign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.message.Exclusion;
import io.switchboard.message.Message;
import io.switchboard.message.Publication;
import io.switchboard.message.Topic;
import io.switchboard.metrics.Meters;
import io.switchboard.protocol.CloseReason;
import io.switchboard.protocol.Command;
import io.switchboard.protocol.Event;
import io.switchboard.protocol.Refusal;
import io.switchboard.protocol.Request;
import io.switchboard.protocols.Frames;
import io.switchboard.protocols.Nonsense;
import io.switchboard.protocols.sign.SignSettings.Kind;
import io.switchboard.protocols.sign.SignSettings.Member;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignProtocolTest {
    private static final SignSettings WITH_BROADCAST = new SignSettings(
            "sign",
            Map.of(),
            Map.of(Kind.USER_INFO, 1, Kind.TASK_COUNT, 2, Kind.BROADCAST, 3),
            SignSettings.DEFAULT.order(),
            true);

    private static SignEndpoint endpoint(SignSettings settings) {
        return (SignEndpoint)
                new SignProtocol(settings, new Meters()).endpoints(List.of()).getFirst();
    }

    private static List<Command> decode(SignSettings settings, Message.Kind kind, byte[] content) {
        var commands = new ArrayList<Command>();
        endpoint(settings).decode("abc", kind, ByteBuffer.wrap(content), commands::add);
        return commands;
    }

    private static List<Command> decode(String json) {
        return decode(WITH_BROADCAST, Message.Kind.TEXT, json.getBytes(StandardCharsets.UTF_8));
    }

    private static Request request(String sign) {
        return new Request("/", Map.of("sign", sign), Map.of("sign", sign), Map.of(), "127.0.0.1");
    }

    @Test
    void anyPathWithTheParameterIsServedAndTheSignNamesTheConnection() throws Exception {
        assertEquals("?sign", endpoint(SignSettings.DEFAULT).path());
        var opening = endpoint(SignSettings.DEFAULT).open(request("张 三"));
        assertEquals(List.of(Topic.of("sign:张 三"), SignProtocol.EVERYBODY), opening.topics());
        assertEquals("", opening.user());
        assertEquals(
                List.of("/hub?sign", "/x?sign"),
                new SignProtocol(SignSettings.DEFAULT, new Meters())
                        .endpoints(List.of("/hub", "/x")).stream()
                                .map(one -> one.path())
                                .toList());
        assertThrows(Refusal.Thrown.class, () -> endpoint(SignSettings.DEFAULT).open(request("x".repeat(201))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"Type\":1,\"DataInfo\":{\"userId\":7,\"tenantId\":3,\"fromeType\":1}} | T_7_3_tenant_1",
                "{\"Type\":1,\"DataInfo\":{\"userId\":7,\"bankId\":9,\"fromeType\":2}} | B_7_9_bank_2",
                "{\"Type\":1,\"DataInfo\":{\"userId\":7,\"tenantId\":3,\"bankId\":9,\"fromeType\":1}}"
                        + " | T_7_3_tenant_B_7_9_bank_1",
                "{\"type\":\"1\",\"DATAINFO\":{\"USERID\":\"7\",\"tenantid\":\"3\",\"bankId\":null,\"x\":[1]}}"
                        + " | T_7_3_tenant_0",
                "{\"Type\":\"用户信息\",\"DataInfo\":{\"userId\":7,\"tenantId\":3,\"fromeType\":1}} | T_7_3_tenant_1",
            })
    void userInfoBindsTheIdentityWithThePublishedKey(String json, String key) {
        var bind = assertInstanceOf(Command.Bind.class, decode(json).getFirst());
        assertEquals("identity:" + key, bind.topic().name());
        assertEquals("7", bind.user());
        assertEquals(decode(json), decode(WITH_BROADCAST, Message.Kind.BINARY, json.getBytes(StandardCharsets.UTF_8)));
    }

    /** M8: the published key of a user without tenant and bank is the same for all of them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"Type\":1,\"DataInfo\":{\"userId\":7,\"fromeType\":1}}",
                "{\"Type\":1,\"DataInfo\":{\"userId\":7,\"tenantId\":0,\"bankId\":null,\"fromeType\":1}}",
                "{\"Type\":1,\"DataInfo\":{\"userId\":\"7_3\",\"tenantId\":3,\"fromeType\":1}}",
                "{\"Type\":1,\"DataInfo\":{\"userId\":7,\"tenantId\":\"3_tenant_1\",\"fromeType\":1}}",
            })
    void m8IdentityThatWouldNotBeOneUsersIsRejected(String json) {
        assertEquals(List.of(), decode(json));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"Type\":1,\"DataInfo\":{\"userId\":0,\"tenantId\":3}}",
                "{\"Type\":1,\"DataInfo\":{\"tenantId\":3}}",
                "{\"Type\":99,\"DataInfo\":{}}",
                "{\"Type\":2,\"DataInfo\":{}}",
                "{\"DataInfo\":{}}",
                "{}"
            })
    void otherTypesAndUserZeroAreIgnoredAsPublished(String json) {
        assertEquals(List.of(), decode(json));
    }

    /** M7: the published answer is the text of whatever exception was thrown. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "hello",
                "",
                "null",
                "[]",
                "{\"Type\":1}",
                "{\"Type\":1,\"DataInfo\":null}",
                "{\"Type\":1,\"DataInfo\":5}",
                "{\"Type\":{},\"DataInfo\":{}}",
                "{\"Type\":1,\"DataInfo\":{\"userId\":[]}}",
                "{\"Type\":1"
            })
    void m7ErrorsAreInWordsOfOurOwn(String text) {
        var malformed = assertInstanceOf(Command.Malformed.class, decode(text).getFirst());
        var told = Frames.of(
                        endpoint(SignSettings.DEFAULT).encoder(),
                        new Event.Refused(Event.Reason.MALFORMED, "", "", malformed.why()))
                .getFirst();
        assertTrue(told.startsWith("error: "), told);
        assertFalse(told.contains("Exception") || told.contains("io.switchboard") || told.contains("java."), told);
    }

    /** M1: the sender of a published broadcast hears it, and nothing can be done about it. */
    @Test
    void m1SenderChoosesWhetherItHearsItsOwnBroadcast() {
        var without = assertInstanceOf(
                Command.Publish.class,
                decode("{\"Type\":3,\"DataInfo\":{\"a\": 1},\"toSender\":false}")
                        .getFirst());
        assertEquals(SignProtocol.EVERYBODY, without.topic());
        assertEquals(Exclusion.SESSION, without.exclusion());
        assertTrue(
                without.message()
                        .asText()
                        .matches("\\{\"MessagDateTime\":\"[^\"]+\",\"Type\":3,\"DataInfo\":\\{\"a\":1}}"),
                without.message().asText());
        var with = assertInstanceOf(
                Command.Publish.class,
                decode("{\"Type\":3,\"DataInfo\":\"你好\"}").getFirst());
        assertEquals(Exclusion.NONE, with.exclusion());
        var quiet = new SignSettings("sign", Map.of(), WITH_BROADCAST.types(), WITH_BROADCAST.order(), false);
        var byDefault = assertInstanceOf(
                Command.Publish.class,
                decode(quiet, Message.Kind.TEXT, "{\"Type\":3}".getBytes(StandardCharsets.UTF_8))
                        .getFirst());
        assertEquals(Exclusion.SESSION, byDefault.exclusion());
        assertEquals(
                List.of(),
                decode(SignSettings.DEFAULT, Message.Kind.TEXT, "{\"Type\":3}".getBytes(StandardCharsets.UTF_8)));
    }

    /** M10: published texts are cut to ASCII. */
    @Test
    void m10EveryCharacterArrives() {
        var settings = new SignSettings(
                "sign",
                Map.of(Member.TIME, "MessageDateTime", Member.DATA, "数据"),
                Map.of(Kind.TASK_COUNT, 7),
                List.of(Member.TYPE, Member.DATA, Member.TIME),
                true);
        var message = settings.message(7, Message.text("任务数量 🙂"), "now");
        assertEquals("{\"Type\":7,\"数据\":\"任务数量 🙂\",\"MessageDateTime\":\"now\"}", message.asText());
        assertEquals(
                List.of(message.asText()),
                Frames.of(
                        endpoint(settings).encoder(),
                        new Event.Published(Publication.of(Topic.of("sign:abc"), message))));
        assertEquals(
                List.of("error: 不"),
                Frames.of(endpoint(settings).encoder(), new Event.Refused(Event.Reason.MALFORMED, "", "", "不")));
    }

    @Test
    void messagesAreSpelledAsPublished() {
        assertEquals(
                "{\"MessagDateTime\":\"t\",\"Type\":2,\"DataInfo\":{\"count\":3}}",
                SignSettings.DEFAULT
                        .message(2, Message.json("{ \"count\": 3 }"), "t")
                        .asText());
        assertEquals(List.of(), Frames.of(endpoint(WITH_BROADCAST).encoder(), new Event.Closing(CloseReason.DRAINING)));
        assertEquals(
                List.of(), Frames.of(endpoint(WITH_BROADCAST).encoder(), new Event.Joined(Topic.of("identity:a"), "")));
    }

    @ParameterizedTest
    @CsvSource({
        "2022-11-08T12:17:16.123456700+08:00, 2022-11-08T12:17:16.1234567+08:00",
        "2022-11-08T12:17:16.120000000+08:00, 2022-11-08T12:17:16.12+08:00",
        "2022-11-08T12:17:16Z, 2022-11-08T12:17:16+00:00",
        "2022-11-08T12:17:16.5-03:30, 2022-11-08T12:17:16.5-03:30",
    })
    void timesAreWrittenAsThePublishedLibraryDoes(String time, String written) {
        assertEquals(written, NetTime.of(OffsetDateTime.parse(time)));
    }

    @Test
    void settingsThatWouldBeAmbiguousAreRefused() {
        var order = SignSettings.DEFAULT.order();
        assertThrows(
                IllegalArgumentException.class,
                () -> new SignSettings("sign", Map.of(Member.DATA, "Type"), Map.of(), order, true));
        assertThrows(
                IllegalArgumentException.class,
                () -> new SignSettings("sign", Map.of(Member.DATA, ""), Map.of(), order, true));
        assertThrows(
                IllegalArgumentException.class,
                () -> new SignSettings("sign", Map.of(), Map.of(Kind.USER_INFO, 1, Kind.TASK_COUNT, 1), order, true));
        assertThrows(
                IllegalArgumentException.class,
                () -> new SignSettings("sign", Map.of(), Map.of(), List.of(Member.TYPE, Member.DATA), true));
    }

    @Test
    void nothingThatComesIsAnException() {
        var good = "{\"Type\":1,\"DataInfo\":{\"userId\":7,\"tenantId\":3,\"bankId\":null,\"fromeType\":1}}";
        for (byte[] bytes : Nonsense.around(good, 2)) {
            assertTrue(decode(WITH_BROADCAST, Message.Kind.TEXT, bytes).size() <= 1);
            assertTrue(decode(WITH_BROADCAST, Message.Kind.BINARY, bytes).size() <= 1);
        }
    }
}
