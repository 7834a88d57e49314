package io.switchboard.protocols.centrifugal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.message.Position;
import io.switchboard.message.Topic;
import io.switchboard.protocol.Backend;
import io.switchboard.protocol.CloseReason;
import io.switchboard.protocol.Instruction;
import io.switchboard.protocol.Listening;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the server does with a client: replies, pushes and ends, in the order of the published description. */
class ConductTest {
    private static final CentrifugalSettings USUAL = CentrifugalSettings.USUAL;
    private static final String CONNECT = "{\"id\":1,\"connect\":{}}";

    private static String subscribe(String channel) {
        return "{\"id\":2,\"subscribe\":{\"channel\":\"" + channel + "\"}}";
    }

    private static String error(int id, int code) {
        return "{\"id\":" + id + ",\"error\":{\"code\":" + code;
    }

    private static void failed(int code, List<String> heard) {
        assertEquals(1, heard.size(), () -> "heard " + heard);
        assertTrue(heard.get(0).startsWith(error(2, code)), () -> "heard " + heard);
    }

    // Connect

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"id\":1,\"subscribe\":{\"channel\":\"open:a\"}} | 3501",
                "{} | 3501",
                "{\"id\":1} | 3501",
                "{\"id\":1,\"ping\":{}} | 3501",
                "{\"connect\":{}} | 3501",
                "nonsense | 3501",
                "{\"id\":1,\"connect\":{}} | 3501",
                "{\"id\":1,\"connect\":{\"token\":\"bad\"}} | 3500"
            })
    void whoIsNobodyHasToGo(String frame, int code) {
        Heard heard = Stage.with(USUAL);
        assertEquals(List.of(), heard.says(frame));
        assertEquals(code, heard.closed);
    }

    @Test
    void whoHasATokenIsIn() {
        Heard heard = Stage.with(USUAL);
        assertEquals(
                List.of("{\"id\":1,\"connect\":{\"client\":\"me\",\"expires\":true,\"ttl\":60,"
                        + "\"ping\":25,\"pong\":true}}"),
                heard.says("{\"id\":1,\"connect\":{\"token\":\"ann 1060000\"}}"));
        assertEquals("ann", heard.identity().user());
        assertEquals(List.of(), heard.says("{\"id\":2,\"connect\":{\"token\":\"ann\"}}"));
        assertEquals(3501, heard.closed);
    }

    @Test
    void anOldTokenIsAnErrorAfterWhichNothingIsHeard() {
        Heard heard = Stage.with(USUAL);
        assertEquals(
                List.of("{\"id\":1,\"error\":{\"code\":109,\"message\":\"token expired\"}}"),
                heard.says("{\"id\":1,\"connect\":{\"token\":\"old\"}}"));
        assertEquals(0, heard.closed);
        heard.says(subscribe("open:a"));
        assertEquals(3501, heard.closed);
    }

    @Test
    void tokensOfNobodyMayBeUnwelcome() {
        Heard heard = Stage.with(new CentrifugalSettings(
                List.of(), "/e", "", false, false, false, USUAL.personal(), Map.of(), USUAL.limits()));
        heard.says("{\"id\":1,\"connect\":{\"token\":\" 0\"}}");
        assertEquals(3507, heard.closed);
    }

    @Test
    void whoSaysNothingIsStale() {
        Heard heard = Stage.with(USUAL);
        heard.after(9_999);
        assertEquals(0, heard.closed);
        heard.after(1);
        assertEquals(3502, heard.closed);
    }

    @Test
    void oneFrameConnectsAndSubscribesInThisOrder() {
        Heard heard = Stage.with(USUAL.withAnonymous(true));
        assertEquals(
                List.of(
                        "{\"id\":1,\"connect\":{\"client\":\"me\",\"ping\":25,\"pong\":true}}",
                        "{\"id\":2,\"subscribe\":{}}"),
                heard.says(CONNECT + "\n" + subscribe("open:a")));
    }

    @Test
    void whatATokenGrantsIsHeardWithoutAsking() {
        Heard heard = Stage.with(USUAL.withPersonal("user"));
        assertEquals(
                List.of("{\"id\":1,\"connect\":{\"client\":\"me\",\"subs\":{\"open:a\":{},\"user:ann\":{}},"
                        + "\"ping\":25,\"pong\":true}}"),
                heard.says("{\"id\":1,\"connect\":{\"token\":\"ann 0 open:a\"}}"));
        assertTrue(heard.listensTo(Topic.of("open:a")));
    }

    @Test
    void withoutTheBrokerNobodyIsLetInForGood() {
        Heard heard = Stage.with(USUAL);
        heard.confirms = false;
        assertTrue(heard.says("{\"id\":1,\"connect\":{\"token\":\"ann 0 open:a\"}}")
                .get(0)
                .startsWith(error(1, 100)));
        assertFalse(heard.listensTo(Topic.of("open:a")));
    }

    // Pings

    @Test
    void pingsAreAnsweredOnceAndInTime() {
        Heard heard = Stage.connected(USUAL, "ann");
        List<String> first = List.of();
        for (int i = 0; i < 250 && first.isEmpty(); i++) {
            first = heard.after(100);
        }
        assertEquals(List.of("{}"), first);
        heard.says("{}");
        assertEquals(0, heard.closed);
        heard.says("{}");
        assertEquals(3501, heard.closed);

        Heard silent = Stage.connected(USUAL, "ann");
        silent.after(33_000);
        assertEquals(3012, silent.closed);
    }

    @Test
    void firstPingIsInTheSecondHalfOfTheInterval() {
        for (int i = 0; i < 100; i++) {
            assertEquals(List.of(), Stage.connected(USUAL, "ann").after(12_499));
        }
    }

    // Subscribe

    @Test
    void mistakesOfSubscribingAreFoundInOrder() {
        Heard heard = Stage.connected(USUAL, "ann");
        failed(107, heard.says(subscribe("open:" + "x".repeat(251))));
        failed(102, heard.says(subscribe("unheard:a")));
        failed(107, heard.says(subscribe("open:ü")));
        assertEquals(List.of("{\"id\":2,\"subscribe\":{}}"), heard.says(subscribe("open:a")));
        failed(105, heard.says(subscribe("open:a")));
        failed(108, heard.says("{\"id\":2,\"subscribe\":{\"channel\":\"open:m\",\"type\":1}}"));
        failed(
                107,
                heard.says("{\"id\":2,\"subscribe\":{\"channel\":\"open:f\",\"tf\":{\"key\":\"k\",\"cmp\":\"ex\"}}}"));
        for (int i = 1; i < 128; i++) {
            heard.says(subscribe("open:" + i));
        }
        failed(106, heard.says(subscribe("open:b")));
        heard.says("{\"id\":2,\"subscribe\":{\"channel\":\"open:z\",\"delta\":\"bsdiff\"}}");
        assertEquals(3501, heard.closed);
    }

    @Test
    void withoutAChannelNothingCanBeDone() {
        for (String ask : List.of("subscribe", "unsubscribe", "publish", "presence", "presence_stats", "history")) {
            Heard heard = Stage.connected(USUAL, "ann");
            heard.says("{\"id\":2,\"" + ask + "\":{}}");
            assertEquals(3501, heard.closed, ask);
        }
    }

    @Test
    void aTokenAloneDecides() {
        Heard heard = Stage.connected(USUAL, "ann");
        failed(103, heard.says(subscribe("$open:a")));
        failed(103, heard.says(token("$open:a", "bad")));
        failed(109, heard.says(token("$open:a", "old")));
        failed(100, heard.says(token("$open:a", "later")));
        failed(110, heard.says(token("$open:a", "ann 999999 $open:a")));
        assertEquals(
                List.of("{\"id\":2,\"subscribe\":{\"expires\":true,\"ttl\":60}}"),
                heard.says(token("shut:a", "ann 1060000 shut:a me")));
        heard.says(token("shut:b", "ann 0 shut:other"));
        assertEquals(3500, heard.closed);
    }

    private static String token(String channel, String token) {
        return "{\"id\":2,\"subscribe\":{\"channel\":\"" + channel + "\",\"token\":\"" + token + "\"}}";
    }

    @Test
    void addressesAreNobodysToHearNotEvenWithAToken() {
        Heard heard = Stage.connected(USUAL.withInsecure(true), "ann");
        failed(103, heard.says(token("session:x", "ann 0 session:x")));
        failed(103, heard.says(subscribe("session:x")));
        failed(103, heard.says("{\"id\":2,\"publish\":{\"channel\":\"session:x\",\"data\":1}}"));
    }

    @Test
    void someChannelsNameTheirUsers() {
        var rules = new ChannelRules(java.util.Optional.empty(), true, false, false, false, true);
        CentrifugalSettings settings = USUAL.withNamespaces(Map.of("shut", rules, "open", rules));
        Heard heard = Stage.connected(settings, "ann");
        assertEquals(List.of("{\"id\":2,\"subscribe\":{}}"), heard.says(subscribe("shut:x#ben,ann")));
        failed(103, heard.says(subscribe("open:x#ben")));
    }

    @Test
    void namesAreAsTheNamespaceWants() {
        var rules =
                new ChannelRules(java.util.Optional.of(Pattern.compile("[a-z]+")), false, false, false, false, true);
        Heard heard = Stage.connected(USUAL.withNamespaces(Map.of("open", rules)), "ann");
        failed(107, heard.says(subscribe("open:A1")));
        assertEquals(List.of("{\"id\":2,\"subscribe\":{}}"), heard.says(subscribe("open:ab")));
    }

    @Test
    void recoveryEchoesTheOffset() {
        Heard heard = Stage.connected(USUAL, "ann");
        heard.start = new Listening.Start(new Position(9, "ep"), true, List.of(), true);
        String ask = "{\"id\":2,\"subscribe\":{\"channel\":\"open:%s\",\"recoverable\":true,\"recover\":true,"
                + "\"offset\":7,\"epoch\":\"ep\"%s}}";
        assertEquals(
                List.of("{\"id\":2,\"subscribe\":{\"recoverable\":true,\"epoch\":\"ep\",\"recovered\":true,"
                        + "\"offset\":7,\"positioned\":true,\"was_recovering\":true}}"),
                heard.says(ask.formatted("a", "")));
        heard.start = new Listening.Start(new Position(9, "ep"), false, List.of(), true);
        assertEquals(
                List.of("{\"id\":2,\"subscribe\":{\"recoverable\":true,\"epoch\":\"ep\",\"offset\":9,"
                        + "\"positioned\":true,\"was_recovering\":true}}"),
                heard.says(ask.formatted("b", "")));
        failed(112, heard.says(ask.formatted("c", ",\"flag\":2")));
        assertFalse(heard.listensTo(Topic.of("open:c")));
    }

    @Test
    void unsubscribingIsAlwaysFine() {
        Heard heard = Stage.connected(USUAL, "ann");
        heard.says(subscribe("open:a"));
        String ask = "{\"id\":3,\"unsubscribe\":{\"channel\":\"open:a\"}}";
        assertEquals(List.of("{\"id\":3,\"unsubscribe\":{}}"), heard.says(ask));
        assertEquals(List.of("{\"id\":3,\"unsubscribe\":{}}"), heard.says(ask));
        assertFalse(heard.listensTo(Topic.of("open:a")));
    }

    // Who may do what

    @ParameterizedTest
    @CsvSource({
        // namespace, user, insecure, subscribe, publish while not listening, publish while listening
        "open, ann, false, 0, 0, 0",
        "open, '', false, 0, 0, 0",
        "signed, ann, false, 0, 0, 0",
        "signed, '', false, 103, 103, 103",
        "signed, '', true, 0, 0, 0",
        "members, ann, false, 103, 103, 0",
        "members, ann, true, 0, 0, 0",
        "owned, ann, false, 103, 103, 103",
        "shut, ann, false, 103, 103, 103",
        "shut, ann, true, 0, 0, 0",
        "unheard, ann, true, 102, 102, 102",
    })
    void permissions(String namespace, String user, boolean insecure, int subscribe, int before, int after) {
        Heard heard = Stage.connected(USUAL.withInsecure(insecure), user);
        String channel = namespace + ":x";
        String publish = "{\"id\":2,\"publish\":{\"channel\":\"" + channel + "\",\"data\":1}}";
        assertEquals(before, code(heard.says(publish)));
        assertEquals(subscribe, code(heard.says(subscribe(channel))));
        if (subscribe == 103) {
            assertEquals(0, code(heard.says(token(channel, user + " 0 " + channel))));
        }
        assertEquals(after, code(heard.says(publish)));
        assertEquals(after, code(heard.says("{\"id\":2,\"presence\":{\"channel\":\"" + channel + "\"}}")));
        assertEquals(after, code(heard.says("{\"id\":2,\"presence_stats\":{\"channel\":\"" + channel + "\"}}")));
        assertEquals(after, code(heard.says("{\"id\":2,\"history\":{\"channel\":\"" + channel + "\"}}")));
    }

    @Test
    void onesOwnTopicIsOnesOwn() {
        Heard heard = Stage.connected(USUAL, "ann");
        assertEquals(0, code(heard.says(subscribe("user:ann"))));
        assertEquals(103, code(heard.says(subscribe("user:ben"))));
    }

    private static int code(List<String> heard) {
        String reply = heard.get(0);
        int at = reply.indexOf("\"code\":");
        return at < 0 ? 0 : Integer.parseInt(reply.substring(at + 7, at + 10));
    }

    // The others

    @Test
    void whatTheNamespaceHasNotIsNotAvailable() {
        Heard heard = Stage.connected(USUAL, "ann");
        failed(108, heard.says("{\"id\":2,\"presence\":{\"channel\":\"bare:a\"}}"));
        failed(108, heard.says("{\"id\":2,\"presence_stats\":{\"channel\":\"bare:a\"}}"));
        failed(108, heard.says("{\"id\":2,\"history\":{\"channel\":\"bare:a\"}}"));
        failed(108, heard.says("{\"id\":2,\"rpc\":{\"method\":\"m\"}}"));
        failed(108, heard.says("{\"id\":2,\"publish\":{\"channel\":\"open:a\",\"data\":1,\"type\":1}}"));
        failed(107, heard.says("{\"id\":2,\"publish\":{\"channel\":\"open:a\"}}"));
        assertEquals(List.of(), heard.says("{\"send\":{\"data\":1}}"));
        assertEquals(3508, heard.closed);
    }

    @Test
    void historyIsReadInPieces() {
        Heard heard = Stage.connected(USUAL, "ann");
        String ask = "{\"id\":2,\"history\":{\"channel\":\"open:a\",\"limit\":%s}}";
        assertEquals(
                "{\"id\":2,\"history\":{\"publications\":[],\"epoch\":\"ep\",\"offset\":300}}",
                heard.says(ask.formatted("-1")).get(0));
        assertEquals(
                "{\"id\":2,\"history\":{\"publications\":[],\"epoch\":\"ep\",\"offset\":7}}",
                heard.says(ask.formatted("7")).get(0));
        failed(107, heard.says(ask.formatted("1,\"reverse\":true,\"since\":{}")));
        failed(112, heard.says(ask.formatted("1,\"since\":{\"offset\":1,\"epoch\":\"gone\"}")));
    }

    @Test
    void publishingIsAnswered() {
        Heard heard = Stage.connected(USUAL, "ann");
        assertEquals(
                List.of("{\"id\":2,\"publish\":{}}"),
                heard.says("{\"id\":2,\"publish\":{\"channel\":\"open:a\",\"data\":{\"a\":1}}}"));
        assertEquals(List.of("open:a {\"a\":1}"), heard.published);
    }

    // What expires

    @Test
    void aConnectionIsRenewedInPlace() {
        Heard heard = Stage.connected(USUAL, "ann 1060000");
        assertEquals(
                List.of("{\"id\":3,\"refresh\":{\"client\":\"me\",\"expires\":true,\"ttl\":120}}"),
                heard.says("{\"id\":3,\"refresh\":{\"token\":\"ann 1120000\"}}"));
        quiet(heard, 144_999);
        assertEquals(0, heard.closed);
        heard.after(1);
        assertEquals(3005, heard.closed);
    }

    /** Answers pings. */
    private static void quiet(Heard heard, long millis) {
        for (long left = millis; left > 0 && heard.closed == 0; left -= 1_000) {
            heard.after(Math.min(left, 1_000)).forEach(ping -> heard.says("{}"));
        }
    }

    @ParameterizedTest
    @CsvSource({"bad, 3500", "old, 3005", "ben, 3500", "'', 3501", "ann 0 open:a, 3010"})
    void tokensThatRenewNothingEnd(String token, int code) {
        Heard heard = Stage.connected(USUAL, "ann 1060000");
        heard.says("{\"id\":3,\"refresh\":{\"token\":\"" + token + "\"}}");
        assertEquals(code, heard.closed);
    }

    @Test
    void aChannelIsRenewedInPlaceOrEnds() {
        Heard heard = Stage.connected(USUAL, "ann");
        heard.says(token("shut:a", "ann 1060000 shut:a"));
        String ask = "{\"id\":2,\"sub_refresh\":{\"channel\":\"shut:a\",\"token\":\"%s\"}}";
        failed(107, heard.says(ask.formatted("")));
        assertEquals(
                List.of("{\"id\":2,\"error\":{\"code\":109,\"message\":\"token expired\",\"temporary\":true}}"),
                heard.says(ask.formatted("old")));
        failed(103, heard.says("{\"id\":2,\"sub_refresh\":{\"channel\":\"shut:b\",\"token\":\"x\"}}"));
        assertEquals(
                List.of("{\"id\":2,\"sub_refresh\":{\"expires\":true,\"ttl\":61}}"),
                heard.says(ask.formatted("ann 1061000 shut:a")));
        quiet(heard, 85_999);
        assertTrue(heard.listensTo(Topic.of("shut:a")));
        assertEquals(
                List.of("{\"push\":{\"channel\":\"shut:a\",\"unsubscribe\":{\"code\":2501,"
                        + "\"reason\":\"subscription expired\"}}}"),
                heard.after(1));
        assertFalse(heard.listensTo(Topic.of("shut:a")));
    }

    // What is not asked for

    @Test
    void theServerSubscribesAndUnsubscribes() {
        Heard heard = Stage.connected(USUAL, "ann");
        var conduct = new Conduct(new Parts(USUAL, new Stage.PlainTokens(), Backend.NONE));
        Topic topic = Topic.of("open:a");
        conduct.instructed(
                heard.client,
                heard,
                new Instruction.Subscribe(topic, Listening.PLAIN, Spelled.message("1"), OptionalLong.empty()));
        conduct.instructed(heard.client, heard, new Instruction.Unsubscribe(topic, 2000, "server unsubscribe"));
        conduct.instructed(
                heard.client, heard, new Instruction.Refresh(false, OptionalLong.of(heard.millis() + 1_000), null));
        assertEquals(
                List.of(
                        "{\"push\":{\"channel\":\"open:a\",\"subscribe\":{\"data\":1}}}",
                        "{\"push\":{\"channel\":\"open:a\",\"unsubscribe\":{\"code\":2000,"
                                + "\"reason\":\"server unsubscribe\"}}}",
                        "{\"push\":{\"refresh\":{\"expires\":true,\"ttl\":1}}}"),
                heard.heard());
        conduct.instructed(heard.client, heard, new Instruction.Disconnect(new CloseReason(4242, "mine")));
        assertEquals(4242, heard.closed);
    }

    @Test
    void aGapEndsTheChannelOrTheConnection() {
        Heard heard = Stage.connected(USUAL, "ann 0 open:server");
        var conduct = new Conduct(new Parts(USUAL, new Stage.PlainTokens(), Backend.NONE));
        heard.says(subscribe("open:a"));
        conduct.lost(heard.client, heard, Topic.of("open:a"));
        assertEquals(
                List.of("{\"push\":{\"channel\":\"open:a\",\"unsubscribe\":{\"code\":2500,"
                        + "\"reason\":\"insufficient state\"}}}"),
                heard.heard());
        conduct.lost(heard.client, heard, Topic.of("open:server"));
        assertEquals(3010, heard.closed);
    }

    // What the application is told and asked

    /** Permits everything, in its own way, and keeps what it is told. */
    private static final class Application implements Backend {
        private final List<String> told = new ArrayList<>();

        @Override
        public boolean decides(Question question, String namespace) {
            return question == Question.PUBLISH || question == Question.UNSUBSCRIBE;
        }

        @Override
        public CompletionStage<Reply<ToPublish>> publish(Publish question) {
            boolean secret = question.data().asText().contains("secret");
            var instead = secret ? Spelled.message("\"***\"") : null;
            return CompletableFuture.completedFuture(new Reply.Granted<>(new ToPublish(instead, secret)));
        }

        @Override
        public void unsubscribed(Caller caller, Topic topic, int code, String reason) {
            told.add(caller.session() + " " + topic + " " + code + " " + reason);
        }
    }

    @Test
    void theApplicationSaysWhatIsPublishedAndWhetherItIsKept() {
        Heard heard = Stage.with(USUAL.withAnonymous(true), new Application(), false);
        heard.says(CONNECT);
        String ask = "{\"id\":2,\"publish\":{\"channel\":\"open:a\",\"data\":\"%s\"}}";
        heard.says(ask.formatted("known"));
        heard.says(ask.formatted("secret"));
        assertEquals(List.of("open:a \"known\"", "open:a \"***\" (not kept)"), heard.published);
    }

    @Test
    void theApplicationIsToldOfEveryEndOfAChannel() {
        var application = new Application();
        Heard heard = Stage.with(USUAL, application, false);
        heard.says("{\"id\":1,\"connect\":{\"token\":\"ann\"}}");
        heard.says(subscribe("open:left"));
        heard.says("{\"id\":3,\"unsubscribe\":{\"channel\":\"open:left\"}}");
        heard.says(token("shut:old", "ann 1001000 shut:old"));
        heard.says(subscribe("open:ended"));
        quiet(heard, 26_000);
        new Conduct(new Parts(USUAL, new Stage.PlainTokens(), application)).ended(heard.client, null);
        assertEquals(
                List.of(
                        "me open:left 0 client unsubscribed",
                        "me shut:old 2501 subscription expired",
                        "me open:ended 1 disconnect"),
                application.told);
    }
}
