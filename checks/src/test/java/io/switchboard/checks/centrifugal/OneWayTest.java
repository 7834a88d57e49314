package io.switchboard.checks.centrifugal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.centrifugal.OneWay.Heard;
import io.switchboard.checks.centrifugal.OneWay.Way;
import io.switchboard.checks.client.Await;
import io.switchboard.checks.client.Frame;
import io.switchboard.checks.client.WsClient;
import io.switchboard.checks.vectors.Json;
import io.switchboard.checks.vectors.JsonReader;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients in one direction, by every way, in JSON and Protobuf, on one node and across three. */
@Tag("component")
@Tag("node")
@ParameterizedClass
@ValueSource(ints = {1, 3})
class OneWayTest {
    private static final Map<String, String> SETTINGS = Map.of(
            "protocols.centrifugal.anonymous", "false",
            "protocols.centrifugal.personal", "none",
            "protocols.centrifugal.ping_interval", "1s",
            "limits.ping_interval", "1s");

    @SuppressWarnings("NullAway.Init") // Started before each round of the class.
    private static Fleet fleet;

    @Parameter
    int nodes;

    private final List<OneWay> people = new ArrayList<>();

    @BeforeParameterizedClassInvocation
    static void start(int nodes) {
        fleet = nodes == 1 ? Fleet.one(SETTINGS) : Fleet.three(SETTINGS);
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        fleet.close();
    }

    @AfterEach
    void leave() {
        people.forEach(OneWay::close);
    }

    static List<Way> ways() {
        return Way.ALL;
    }

    private OneWay open(int node, Way way, String request) {
        OneWay one = OneWay.open(fleet.http(node), way, request);
        people.add(one);
        return one;
    }

    private static String unique(String prefix) {
        return prefix + UUID.randomUUID();
    }

    /** A connect request. */
    private static String as(String user, String channel, String more) {
        String token = Fleet.token("{\"sub\":\"" + user + "\",\"channels\":[\"" + channel + "\"]}");
        return "{\"token\":\"" + token + "\"" + more + "}";
    }

    private static void publish(int node, String channel, int from, int to) {
        for (int n = from; n <= to; n++) {
            fleet.api(node, "publish", "{\"channel\":\"" + channel + "\",\"data\":{\"n\":" + n + "}}");
        }
    }

    /** Offset and number of a publication whose number is its offset. */
    private static void assertPublication(int n, Json publication) {
        assertEquals(n, publication.whole("offset", 0), publication::toString);
        assertEquals(n, publication.field("data").orElseThrow().whole("n", 0), publication::toString);
    }

    private static Json sub(Json connect, String channel) {
        return connect.field("subs").orElseThrow().field(channel).orElseThrow(() -> new AssertionError(connect));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void whatTheTokenNamesIsHeardInOrder(Way way) {
        String channel = unique("recovery:");
        OneWay ann = open(0, way, as("ann", channel, ""));
        Json connect = ann.next("connect");
        assertFalse(connect.text("client").isEmpty());
        assertFalse(connect.text("session").isEmpty());
        assertEquals(1, connect.whole("ping", 0));
        assertFalse(connect.flag("pong", false), "nothing is expected of it");
        Json sub = sub(connect, channel);
        assertTrue(sub.flag("recoverable", false) && sub.flag("positioned", false), sub::toString);
        assertFalse(sub.text("epoch").isEmpty());
        publish(1, channel, 1, 20);
        for (int n = 1; n <= 20; n++) {
            Json push = ann.next();
            assertEquals(channel, push.text("channel"));
            Json publication = push.field("pub").orElseThrow();
            assertPublication(n, publication);
            assertEquals(n == 1 ? sub.text("epoch") : "", publication.text("epoch"));
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void whatWasMissedIsMadeUpForInTheConnectPush(Way way) {
        String channel = unique("recovery:");
        OneWay ann = open(0, way, as("ann", channel, ""));
        String epoch = sub(ann.next("connect"), channel).text("epoch");
        publish(1, channel, 1, 2);
        assertPublication(1, ann.next("pub"));
        assertPublication(2, ann.next("pub"));
        ann.close();
        publish(2, channel, 3, 7);
        String resume = ",\"subs\":{\"" + channel + "\":{\"recover\":true,\"offset\":2,\"epoch\":\"%s\"}}";
        OneWay back = open(1, way, as("ann", channel, resume.formatted(epoch)));
        Json sub = sub(back.next("connect"), channel);
        assertTrue(sub.flag("recovered", false) && sub.flag("was_recovering", false), sub::toString);
        assertEquals(2, sub.whole("offset", 0), "the position that was asked for");
        List<Json> missed = sub.list("publications");
        assertEquals(5, missed.size());
        for (int i = 0; i < 5; i++) {
            assertPublication(i + 3, missed.get(i));
        }
        publish(0, channel, 8, 8);
        assertPublication(8, back.next("pub"));

        OneWay foreign = open(1, way, as("ann", channel, resume.formatted("foreign")));
        Json lost = sub(foreign.next("connect"), channel);
        assertTrue(lost.flag("was_recovering", false) && !lost.flag("recovered", false), lost::toString);
        assertEquals(8, lost.whole("offset", 0), "where the channel stands");
        assertEquals(List.of(), lost.list("publications"));
        assertEquals(epoch, lost.text("epoch"));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void theApplicationDecidesWhatIsHeard(Way way) {
        String user = unique("u");
        String channel = unique("recovery:");
        OneWay ann = open(0, way, as(user, unique("recovery:"), ""));
        ann.next("connect");
        String whom = "{\"user\":\"" + user + "\",\"channel\":\"" + channel + "\"";
        fleet.api(1, "subscribe", whom + ",\"data\":{\"hello\":1}}");
        Json subscribed = ann.next();
        assertEquals(channel, subscribed.text("channel"));
        Json subscribe = subscribed.field("subscribe").orElseThrow();
        assertEquals("{\"hello\":1}", compact(subscribe.field("data").orElseThrow()));
        assertTrue(subscribe.flag("recoverable", false));
        publish(2, channel, 1, 1);
        assertPublication(1, ann.next("pub"));
        fleet.api(2, "unsubscribe", whom + "}");
        Json unsubscribed = ann.next();
        assertEquals(channel, unsubscribed.text("channel"));
        assertEquals(2000, unsubscribed.field("unsubscribe").orElseThrow().whole("code", 0));
    }

    private static String compact(Json struct) {
        var out = new StringBuilder("{");
        ((Json.Struct) struct).fields().forEach((name, value) -> out.append('"' + name + "\":" + value.text()));
        return out.append('}').toString();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void whoComesAndGoesIsHeard(Way way) {
        String channel = unique("seen");
        OneWay ann = open(0, way, as("ann", channel, ""));
        ann.next("connect");
        assertEquals("ann", who(ann.next("join")));
        OneWay ben = open(1, way, as("ben", channel, ""));
        ben.next("connect");
        assertEquals("ben", who(ann.next("join")));
        ben.close();
        assertEquals("ben", who(ann.next("leave")));
    }

    private static String who(Json attendance) {
        return attendance.field("info").orElseThrow().text("user");
    }

    @Test
    void pingsComeAndNothingIsExpectedBack() {
        var all = Way.ALL.stream()
                .map(way -> open(0, way, as("ann", unique("recovery:"), "")))
                .toList();
        for (OneWay ann : all) {
            ann.next("connect");
            ann.awaitPings(3);
        }
    }

    @Test
    void webSocketsAreAskedByTheirOwnPingsToo() {
        try (var client = WsClient.connect(URI.create(fleet.webSocket(0).replace("/websocket", "/uni_websocket")))
                .showPings()) {
            client.sendText(as("ann", unique("recovery:"), ""));
            Frame frame = client.receive();
            boolean asked = false;
            while (frame.opcode() != Frame.CLOSE) {
                asked |= frame.opcode() == Frame.PING;
                frame = client.receive(Await.PATIENCE.multipliedBy(2)).orElseThrow();
            }
            assertTrue(asked);
            assertEquals(3012, frame.closeCode(), "it did not answer");
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void theEndIsToldWithItsCode(Way way) {
        for (String how : List.of("3503 force disconnect", "4242 mine", "3000 ")) {
            String user = unique("u");
            OneWay ann = open(0, way, as(user, unique("recovery:"), ""));
            ann.next("connect");
            int code = Integer.parseInt(how.substring(0, 4));
            String reason = how.substring(5);
            fleet.api(
                    1,
                    "disconnect",
                    "{\"user\":\"" + user + "\",\"disconnect\":{\"code\":" + code + ",\"reason\":\"" + reason + "\"}}");
            // After 3000 nothing is said, the connection breaks.
            assertEquals(new Heard.End(code == 3000 ? 0 : code, reason), ann.end());
        }
    }

    static List<String[]> refusals() {
        String foreign = Fleet.token("{\"sub\":\"ann\"}");
        return List.of(
                new String[] {"{}", "3501"},
                new String[] {"{\"token\":\"" + foreign.substring(0, foreign.length() - 8) + "AAAAAAAA\"}", "3500"},
                new String[] {"{\"token\":\"nonsense\"}", "3500"},
                new String[] {"{\"token\":\"" + Fleet.token("{\"sub\":\"ann\",\"exp\":1}") + "\"}", "3005"},
                new String[] {
                    "{\"token\":\"" + Fleet.token("{\"sub\":\"ann\",\"channels\":[\"nowhere:x\"]}") + "\"}", "3004"
                });
    }

    @ParameterizedTest
    @MethodSource("ways")
    void whoIsNotWelcomeIsToldWhy(Way way) {
        for (String[] refusal : refusals()) {
            assertEquals(
                    Integer.parseInt(refusal[1]), open(0, way, refusal[0]).end().code(), refusal[0]);
        }
    }

    @ParameterizedTest
    @CsvSource({"uni_websocket", "uni_http_stream", "uni_sse"})
    void whatCannotBeReadIsRefused(String path) {
        for (boolean addressed : new boolean[] {true, false}) {
            var way = new Way(path, false, addressed);
            assertEquals(3501, open(0, way, "nonsense").end().code());
            assertEquals(3501, open(0, way, "[]").end().code());
        }
    }

    /** There is no grace, for there is nothing that it could renew. */
    @Test
    void nothingIsDeliveredOnceTheTokenHasExpired() {
        String channel = unique("group:");
        long end = System.currentTimeMillis() / 1000 + 5;
        String token = Fleet.token("{\"sub\":\"ann\",\"channels\":[\"" + channel + "\"],\"exp\":" + end + "}");
        var all = Way.ALL.stream()
                .map(way -> open(0, way, "{\"token\":\"" + token + "\"}"))
                .toList();
        for (OneWay ann : all) {
            Json connect = ann.next("connect");
            assertTrue(connect.flag("expires", false) && connect.whole("ttl", 0) > 0, connect::toString);
        }
        assertEquals(all.size(), listeners(channel));
        all.forEach(ann -> assertEquals(3005, ann.end().code()));
        assertEquals(0, listeners(channel));
    }

    /** How many the node gave a publication to. */
    private static int listeners(String channel) {
        String answer = fleet.api(0, "publish", "{\"channel\":\"" + channel + "\",\"data\":1}");
        return JsonReader.read(answer).field("result").orElseThrow().whole("local", -1);
    }
}
