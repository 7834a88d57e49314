package io.switchboard.protocols.centrifugal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.message.MalformedException;
import io.switchboard.message.Message;
import io.switchboard.protocols.Nonsense;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Commands as they come, to the byte. */
class CallFramesTest {
    private static final String SUBSCRIBE_JSON = "{\"id\":2,\"subscribe\":{\"channel\":\"c\",\"token\":\"t\","
            + "\"recover\":true,\"epoch\":\"e\",\"offset\":300,\"data\":{\"x\":1},\"positioned\":true,"
            + "\"recoverable\":true,\"join_leave\":true,\"delta\":\"fossil\",\"tf\":{\"op\":\"and\",\"nodes\":["
            + "{\"key\":\"k\",\"cmp\":\"in\",\"vals\":[\"a\",\"b\"]},{\"key\":\"n\",\"cmp\":\"gt\",\"val\":\"5\"}]},"
            + "\"flag\":2}}";
    private static final String SUBSCRIBE_HEX =
            "08022a430a0163120174180132016538ac024201784801500158016206666f7373696c6a200a03616e64320d12016b1a02696e"
                    + "2a01612a0162320a12016e1a0267742201357002";

    private static List<Call> read(boolean json, Message.Kind kind, ByteBuffer frame) throws MalformedException {
        List<Call> calls = new ArrayList<>();
        CallFrames.read(json, kind, frame, (call, bytes) -> calls.add(call));
        return calls;
    }

    private static Ask json(String text) throws MalformedException {
        return one(read(true, Message.Kind.TEXT, Spelled.json(text)));
    }

    private static Ask protobuf(String hex) throws MalformedException {
        return one(read(false, Message.Kind.BINARY, Spelled.protobuf(hex)));
    }

    private static Ask one(List<Call> calls) {
        assertEquals(1, calls.size());
        Ask ask = calls.get(0).ask();
        if (ask == null) {
            throw new AssertionError("nothing is asked for");
        }
        return ask;
    }

    @Test
    void connectIsReadInBothForms() throws MalformedException {
        String text = "{\"id\":1,\"connect\":{\"token\":\"t\",\"data\":{\"a\":1},\"subs\":{\"ch\":{\"recover\":true,"
                + "\"offset\":7,\"epoch\":\"e\"}},\"name\":\"js\",\"version\":\"5\",\"headers\":{\"h\":\"v\"}}}";
        String hex = "0801222a0a017412077b2261223a317d1a0d0a02636812071801320165380722026a732a013532060a0168120176";
        for (Ask ask : List.of(json(text), protobuf(hex))) {
            var connect = (Ask.Connect) ask;
            assertEquals("t", connect.token());
            assertEquals(
                    "{\"a\":1}", connect.data() == null ? "" : connect.data().asText());
            assertEquals(Map.of("ch", new Ask.Resume(true, 7, "e")), connect.subs());
            assertEquals("js", connect.name());
            assertEquals("5", connect.version());
            assertEquals(Map.of("h", "v"), connect.headers());
        }
    }

    @Test
    void subscribeIsReadInBothForms() throws MalformedException {
        for (Ask ask : List.of(json(SUBSCRIBE_JSON), protobuf(SUBSCRIBE_HEX))) {
            var subscribe = (Ask.Subscribe) ask;
            assertEquals("c", subscribe.channel());
            assertEquals("t", subscribe.token());
            assertEquals(new Ask.Resume(true, 300, "e"), subscribe.resume());
            assertTrue(subscribe.positioned() && subscribe.recoverable() && subscribe.joinLeave());
            assertEquals("fossil", subscribe.delta());
            assertEquals(2, subscribe.flag());
            assertEquals(
                    new Ask.Filter(
                            "and",
                            "",
                            "",
                            "",
                            List.of(),
                            List.of(
                                    new Ask.Filter("", "k", "in", "", List.of("a", "b"), List.of()),
                                    new Ask.Filter("", "n", "gt", "5", List.of(), List.of()))),
                    subscribe.filter());
        }
    }

    @Test
    void otherCommandsAreReadInBothForms() throws MalformedException {
        same(new Ask.Unsubscribe("c"), "{\"id\":3,\"unsubscribe\":{\"channel\":\"c\"}}", "080332030a0163");
        same(new Ask.Presence("c"), "{\"id\":5,\"presence\":{\"channel\":\"c\"}}", "080542030a0163");
        same(new Ask.PresenceStats("c"), "{\"id\":6,\"presence_stats\":{\"channel\":\"c\"}}", "08064a030a0163");
        same(
                new Ask.History("c", -1, new Ask.Resume(true, 3, "e"), true),
                "{\"id\":7,\"history\":{\"channel\":\"c\",\"limit\":-1,\"since\":{\"offset\":3,\"epoch\":\"e\"},"
                        + "\"reverse\":true}}",
                "080752170a016338ffffffffffffffffff01420508031201654801");
        same(new Ask.Ping(), "{\"id\":8,\"ping\":{}}", "08085a00");
        same(new Ask.Refresh("t"), "{\"id\":10,\"refresh\":{\"token\":\"t\"}}", "080a72030a0174");
        same(
                new Ask.SubRefresh("c", "t", 0),
                "{\"id\":11,\"sub_refresh\":{\"channel\":\"c\",\"token\":\"t\"}}",
                "080b7a060a0163120174");
    }

    private static void same(Ask expected, String text, String hex) throws MalformedException {
        assertEquals(expected, json(text));
        assertEquals(expected, protobuf(hex));
    }

    @Test
    void dataIsTakenAsItStandsButForLineEnds() throws MalformedException {
        var publish =
                (Ask.Publish) json("{\"id\":4,\"publish\":{\"data\": {\"a\" :\r [1, \"\\n\"]} ,\"channel\":\"c\"}}");
        assertEquals("{\"a\" : [1, \"\\n\"]}", text(publish.data()));
        assertEquals("{}", text(((Ask.Publish) protobuf("08043a070a016312027b7d")).data()));
        assertEquals("1", text(((Ask.Send) protobuf("62030a0131")).data()));
        assertEquals("m", ((Ask.Rpc) protobuf("08096a060a013112016d")).method());
    }

    private static String text(@org.jspecify.annotations.Nullable Message message) {
        return message == null ? "" : message.asText();
    }

    @Test
    void bytesThatAreJsonAreJsonAndOthersAreNot() throws MalformedException {
        assertEquals(Message.Kind.JSON, kind("08043a070a016312027b7d"));
        assertEquals(Message.Kind.BINARY, kind("08043a070a016312027b7b"));
        assertEquals(Message.Kind.BINARY, kind("08043a070a01631202ff00"));
    }

    private static Message.Kind kind(String hex) throws MalformedException {
        Message data = ((Ask.Publish) protobuf(hex)).data();
        if (data == null) {
            throw new AssertionError("no data");
        }
        return data.kind();
    }

    @Test
    void severalCommandsStandInOneFrame() throws MalformedException {
        String two = "{\"id\":1,\"connect\":{}}\n{\"id\":2,\"subscribe\":{\"channel\":\"c\"}}";
        assertEquals(2, read(true, Message.Kind.TEXT, Spelled.json(two)).size());
        assertEquals(2, read(true, Message.Kind.TEXT, Spelled.json(two + "\n")).size());
        assertEquals(
                2,
                read(false, Message.Kind.BINARY, Spelled.protobuf("08012200", "08022a030a0163"))
                        .size());
    }

    @Test
    void emptyCommandAnswersPing() throws MalformedException {
        assertEquals(List.of(Call.PONG), read(true, Message.Kind.TEXT, Spelled.json("{}")));
        assertEquals(List.of(Call.PONG), read(false, Message.Kind.BINARY, Spelled.protobuf("")));
    }

    @Test
    void ofSeveralRequestsTheFirstInTheDocumentedOrderCounts() throws MalformedException {
        assertEquals(
                new Ask.Refresh("t"),
                json("{\"sub_refresh\":{\"channel\":\"c\"},\"refresh\":{\"token\":\"t\"},\"ping\":{}}"));
        assertTrue(json("{\"send\":{\"data\":1},\"rpc\":{\"method\":\"m\"}}") instanceof Ask.Rpc);
    }

    @Test
    void whatIsBeforeAMistakeIsTaken() {
        List<Call> calls = new ArrayList<>();
        assertThrows(
                MalformedException.class,
                () -> CallFrames.read(
                        true,
                        Message.Kind.TEXT,
                        Spelled.json("{\"id\":1,\"connect\":{}}\n\n{}"),
                        (call, bytes) -> calls.add(call)));
        assertEquals(1, calls.size());
    }

    @Test
    void garbageIsRefusedAndNothingElse() {
        for (byte[] bytes : Nonsense.around(SUBSCRIBE_JSON, 1)) {
            tried(true, Message.Kind.TEXT, bytes);
            tried(true, Message.Kind.BINARY, bytes);
            tried(false, Message.Kind.BINARY, bytes);
        }
        for (byte[] bytes : Nonsense.around(SUBSCRIBE_JSON, 2)) {
            byte[] mixed = HexFormat.of().parseHex("45" + SUBSCRIBE_HEX);
            System.arraycopy(bytes, 0, mixed, 0, Math.min(bytes.length % 40, Math.min(bytes.length, mixed.length)));
            tried(false, Message.Kind.BINARY, mixed);
        }
    }

    private static void tried(boolean json, Message.Kind kind, byte[] bytes) {
        try {
            assertTrue(read(json, kind, ByteBuffer.wrap(bytes)).size() > 0);
        } catch (MalformedException e) {
            assertTrue(e.getMessage() != null);
        }
    }
}
