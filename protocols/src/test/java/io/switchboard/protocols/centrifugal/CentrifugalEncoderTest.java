package io.switchboard.protocols.centrifugal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.switchboard.message.Exclusion;
import io.switchboard.message.Fields;
import io.switchboard.message.Message;
import io.switchboard.message.Origin;
import io.switchboard.message.Position;
import io.switchboard.message.Publication;
import io.switchboard.message.Sender;
import io.switchboard.message.Tags;
import io.switchboard.message.Topic;
import io.switchboard.protocol.CloseReason;
import io.switchboard.protocol.Conversation;
import io.switchboard.protocol.Event;
import io.switchboard.protocols.centrifugal.Reply.Push;
import io.switchboard.protocols.centrifugal.Reply.Result;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What clients hear, to the byte; the Protobuf here was made by another program from the published schema. */
class CentrifugalEncoderTest {
    private static final Message DATA = Spelled.message("{\"a\":1}");
    private static final OptionalLong MINUTE = OptionalLong.of(60);

    private static void said(Reply reply, String json, String hex) {
        same(new Event.Said(reply), json, hex);
    }

    private static void same(Event event, String json, String hex) {
        assertEquals(json, Spelled.by(new Dialect(true, false, true)).one(event));
        assertEquals(hex, Spelled.by(new Dialect(false, false, true)).one(event));
    }

    private static void answered(long id, Result result, String json, String hex) {
        said(new Reply.Answer(id, result), json, hex);
    }

    private static Publication publication(Message message, Sender sender, long offset, Fields fields) {
        return new Publication(
                Publication.Kind.MESSAGE,
                Topic.of("c"),
                message,
                sender,
                Exclusion.NONE,
                false,
                1700,
                Origin.UNKNOWN,
                0,
                offset == 0 ? null : new Position(offset, "ep"),
                fields);
    }

    @Test
    void emptyResultsAreThere() {
        answered(3, new Result.Unsubscribed(), "{\"id\":3,\"unsubscribe\":{}}", "08033a00");
        answered(4, new Result.Published(), "{\"id\":4,\"publish\":{}}", "08044200");
        var plain =
                new Result.Subscribed(OptionalLong.empty(), false, false, null, false, false, List.of(), null, false);
        answered(2, plain, "{\"id\":2,\"subscribe\":{}}", "08023200");
    }

    @Test
    void connectedIsTold() {
        var sub = new Result.Subscribed(
                OptionalLong.empty(),
                true,
                true,
                new Position(5, "ep"),
                true,
                true,
                List.of(publication(Spelled.message("{\"x\":1}"), Sender.NONE, 5, Fields.NONE)),
                null,
                false);
        var connected = new Result.Connected(
                "c1", "v", MINUTE, Spelled.message("{\"d\":1}"), Map.of("ch", sub), 25, true, "s", "n");
        answered(
                1,
                connected,
                "{\"id\":1,\"connect\":{\"client\":\"c1\",\"version\":\"v\",\"expires\":true,\"ttl\":60,"
                        + "\"data\":{\"d\":1},\"subs\":{\"ch\":{\"recoverable\":true,\"epoch\":\"ep\",\"publications\":"
                        + "[{\"data\":{\"x\":1},\"offset\":5,\"time\":1700}],\"recovered\":true,\"offset\":5,"
                        + "\"positioned\":true,\"was_recovering\":true}},\"ping\":25,\"pong\":true,\"session\":\"s\","
                        + "\"node\":\"n\"}}",
                "08012a440a0263311201761801203c2a077b2264223a317d32240a026368121e1801320265703a0e22077b2278223a31"
                        + "7d300548a40d4001480550016001381940014a017352016e");
    }

    @Test
    void othersAreTold() {
        answered(
                5,
                new Result.Present(Map.of(
                        "c1",
                        new Conversation.Attendee(
                                new Sender("u", "c1"), Spelled.message("{\"n\":1}"), Spelled.message("2")))),
                "{\"id\":5,\"presence\":{\"presence\":{\"c1\":{\"user\":\"u\",\"client\":\"c1\",\"conn_info\":"
                        + "{\"n\":1},\"chan_info\":2}}}}",
                "08054a1b0a190a02633112130a0175120263311a077b226e223a317d220132");
        answered(
                6,
                new Result.Counted(2, 1),
                "{\"id\":6,\"presence_stats\":{\"num_clients\":2,\"num_users\":1}}",
                "0806520408021001");
        answered(9, new Result.Returned(Spelled.message("1")), "{\"id\":9,\"rpc\":{\"data\":1}}", "08096a030a0131");
        answered(
                10,
                new Result.Refreshed("c1", "v", MINUTE),
                "{\"id\":10,\"refresh\":{\"client\":\"c1\",\"version\":\"v\",\"expires\":true,\"ttl\":60}}",
                "080a720b0a0263311201761801203c");
        answered(
                11,
                new Result.SubRefreshed(MINUTE),
                "{\"id\":11,\"sub_refresh\":{\"expires\":true,\"ttl\":60}}",
                "080b7a040801103c");
    }

    @Test
    void whatMustNotBeLeftOutIsThere() {
        answered(5, new Result.Present(Map.of()), "{\"id\":5,\"presence\":{\"presence\":{}}}", "08054a00");
        answered(
                6,
                new Result.Counted(0, 0),
                "{\"id\":6,\"presence_stats\":{\"num_clients\":0,\"num_users\":0}}",
                "08065200");
        answered(
                7,
                new Result.Past(List.of(), new Position(0, "")),
                "{\"id\":7,\"history\":{\"publications\":[],\"epoch\":\"\",\"offset\":0}}",
                "08075a00");
    }

    @Test
    void historyIsTold() {
        Fields tags = Tags.with(Fields.NONE, Map.of("k", "v"));
        var first = publication(Spelled.message("1"), new Sender("u", "c1"), 1, tags);
        answered(
                7,
                new Result.Past(List.of(first), new Position(1, "ep")),
                "{\"id\":7,\"history\":{\"publications\":[{\"data\":1,\"info\":{\"user\":\"u\",\"client\":\"c1\"},"
                        + "\"offset\":1,\"tags\":{\"k\":\"v\"},\"time\":1700,\"epoch\":\"ep\"}],\"epoch\":\"ep\","
                        + "\"offset\":1}}",
                "08075a250a1d2201312a070a01751202633130013a060a016b12017648a40d72026570120265701801");
    }

    @Test
    void errorsAreTold() {
        said(
                new Reply.Failed(4, ErrorCode.INTERNAL.failure()),
                "{\"id\":4,\"error\":{\"code\":100,\"message\":\"internal server error\",\"temporary\":true}}",
                "0804121b08641215696e7465726e616c20736572766572206572726f721801");
    }

    @Test
    void publicationsArePushed() {
        same(
                new Event.Published(publication(DATA, Sender.NONE, 0, Fields.NONE)),
                "{\"push\":{\"channel\":\"c\",\"pub\":{\"data\":{\"a\":1}}}}",
                "220e120163220922077b2261223a317d");
        same(
                new Event.Published(
                        publication(DATA, new Sender("u", "s"), 2, Tags.with(Fields.NONE, Map.of("k", "v")))),
                "{\"push\":{\"channel\":\"c\",\"pub\":{\"data\":{\"a\":1},\"info\":{\"user\":\"u\",\"client\":\"s\"},"
                        + "\"offset\":2,\"tags\":{\"k\":\"v\"},\"time\":1700}}}",
                "2223120163221e22077b2261223a317d2a060a017512017330023a060a016b12017648a40d");
    }

    @Test
    void messagesOfOtherProtocolsHaveAForm() {
        var json = Spelled.by(new Dialect(true, false, false));
        assertEquals(
                "{\"push\":{\"channel\":\"c\",\"pub\":{\"data\":\"He said \\\"no\\\"\"}}}",
                json.one(
                        new Event.Published(publication(Message.text("He said \"no\""), Sender.NONE, 0, Fields.NONE))));
        assertEquals(
                "{\"push\":{\"channel\":\"c\",\"pub\":{\"data\":{\"b64\":\"AQI=\"}}}}",
                json.one(new Event.Published(
                        publication(Message.binary(new byte[] {1, 2}), Sender.NONE, 0, Fields.NONE))));
        assertEquals(
                "{\"push\":{\"channel\":\"c\",\"pub\":{\"data\":[1, 2]}}}",
                json.one(new Event.Published(publication(Spelled.message("[1,\r\n 2]"), Sender.NONE, 0, Fields.NONE))));
    }

    @Test
    void otherPushesAreTold() {
        var who = publication(DATA, new Sender("u", "s"), 0, Fields.NONE);
        same(
                new Event.Attended(who, true),
                "{\"push\":{\"channel\":\"c\",\"join\":{\"info\":{\"user\":\"u\",\"client\":\"s\"}}}}",
                "220d1201632a080a060a0175120173");
        same(
                new Event.Attended(who, false),
                "{\"push\":{\"channel\":\"c\",\"leave\":{\"info\":{\"user\":\"u\",\"client\":\"s\"}}}}",
                "220d12016332080a060a0175120173");
        said(
                new Reply.Pushed("c", Ending.UNSUBSCRIBED_INSUFFICIENT_STATE),
                "{\"push\":{\"channel\":\"c\",\"unsubscribe\":{\"code\":2500,\"reason\":\"insufficient state\"}}}",
                "221c1201633a1710c4131a12696e73756666696369656e74207374617465");
        said(
                new Reply.Pushed("c", new Push.Subscribe(true, true, new Position(5, "ep"), Spelled.message("1"))),
                "{\"push\":{\"channel\":\"c\",\"subscribe\":{\"recoverable\":true,\"epoch\":\"ep\",\"offset\":5,"
                        + "\"positioned\":true,\"data\":1}}}",
                "22121201634a0d080122026570280530013a0131");
        said(
                new Reply.Pushed("", new Push.Refresh(MINUTE)),
                "{\"push\":{\"refresh\":{\"expires\":true,\"ttl\":60}}}",
                "220662040801103c");
        same(
                new Event.Closing(CloseReason.DRAINING),
                "{\"push\":{\"disconnect\":{\"code\":3001,\"reason\":\"shutdown\",\"reconnect\":true}}}",
                "22115a0f08b917120873687574646f776e1801");
    }

    @Test
    void pingIsTheEmptyReply() {
        said(new Reply.Ping(), "{}", "");
    }

    @Test
    void byWebSocketTheCloseFrameSaysIt() {
        assertEquals("", Spelled.by(new Dialect(true, false, false)).one(new Event.Closing(CloseReason.DRAINING)));
    }

    @Test
    void oneWayClientsHearPushesAlone() {
        var json = Spelled.by(new Dialect(true, true, false));
        var hex = Spelled.by(new Dialect(false, true, false));
        var published = new Event.Published(publication(DATA, Sender.NONE, 0, Fields.NONE));
        assertEquals("{\"channel\":\"c\",\"pub\":{\"data\":{\"a\":1}}}", json.one(published));
        assertEquals("120163220922077b2261223a317d", hex.one(published));
        var connected = new Event.Said(new Reply.Pushed(
                "",
                new Result.Connected(
                        "c1", "v", OptionalLong.empty(), Spelled.message("1"), Map.of(), 25, false, "", "")));
        assertEquals("{\"connect\":{\"client\":\"c1\",\"version\":\"v\",\"data\":1,\"ping\":25}}", json.one(connected));
        assertEquals("520c0a0263311201761a01313819", hex.one(connected));
    }

    @Test
    void differencesAreTextsInJson() {
        String long1 = "{\"text\":\"something that is long enough to be worth a difference\",\"n\":1}";
        String long2 = "{\"text\":\"something that is long enough to be worth a difference\",\"n\":2}";
        var json = Spelled.by(new Dialect(true, false, false));
        var first = publication(Spelled.message(long1), Sender.NONE, 3, Fields.NONE);
        var second = publication(Spelled.message(long2), Sender.NONE, 4, Fields.NONE);
        json.encoder().encodeDelta(first, null, json);
        assertEquals(
                "{\"push\":{\"channel\":\"c\",\"pub\":{\"data\":\"" + long1.replace("\"", "\\\"")
                        + "\",\"offset\":3,\"time\":1700}}}",
                json.last());
        var again = Spelled.by(new Dialect(true, false, false));
        again.encoder().encodeDelta(second, first, again);
        assertEquals(
                "{\"push\":{\"channel\":\"c\",\"pub\":{\"data\":\"17\\n15@0,2:2}1NWJZ5;\",\"offset\":4,\"delta\":true,"
                        + "\"time\":1700}}}",
                again.last());
    }
}
