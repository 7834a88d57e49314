package io.switchboard.checks.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.client.Frame;
import io.switchboard.checks.components.Traffic;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** That the vectors are read as they are meant, before any node is asked. */
class VectorFileTest {
    @Test
    void everyVectorIsUnderstood() {
        var vectors = VectorFile.of("softlgl");
        assertTrue(vectors.size() >= 40, () -> "only " + vectors.size() + " vectors");
        for (var vector : vectors) {
            for (var step : vector.inputs()) {
                switch (step) {
                    case Step.Send send -> assertFalse(send.frame(0).toString().isEmpty());
                    case Step.Http(var words) -> HttpStep.parse(words, vector.endpoint());
                    case Step.Publish publish -> assertFalse(publish.channel().isEmpty());
                    case Step.Event event -> assertEquals(Step.Event.STOP_REDIS, event);
                }
            }
        }
    }

    @Test
    void placeholdersBecomeText() {
        assertEquals("a:zzz 7 b", Placeholders.expand("a:<3 x z> <i> b", 7));
        assertEquals(102_400, Placeholders.expand("<100 KB>", 0).length());
    }

    @Test
    void seriesAndCountsBecomeManyExpectations() {
        var series = Expectation.all(JsonReader.read("[\"user 1 send:<i> for i = 0..2 in order\"]"));
        assertEquals(
                List.of(
                        new Expectation.Text("user 1 send:0"),
                        new Expectation.Text("user 1 send:1"),
                        new Expectation.Text("user 1 send:2")),
                series);
        assertEquals(
                3,
                Expectation.all(JsonReader.read("[\"3 messages without waiting\"]"))
                        .size());
    }

    @Test
    void closeFitsByCodeAndReason() {
        var expected = Expectation.all(JsonReader.read("[{\"opcode\":\"close\",\"code\":1000,\"text\":\"bye\"}]"))
                .getFirst();
        assertTrue(expected.fits(Frame.close(1000, "bye"), false));
        assertFalse(expected.fits(Frame.close(1001, "bye"), false));
        assertFalse(expected.fits(Frame.close(1000, ""), false));
    }

    @Test
    void textMustBeOneWholeTextFrame() {
        var expected = new Expectation.Text("x");
        assertTrue(expected.fits(Frame.text("x"), false));
        assertFalse(expected.fits(Frame.text("x").unfinished(), false));
        assertFalse(expected.fits(Frame.binary(new byte[] {'x'}), false));
        assertTrue(expected.fits(Frame.binary(new byte[] {'x'}), true));
    }

    @Test
    void brokerTrafficIsComparedExactly() {
        var join = new Traffic("SUBSCRIBE", "group:g", "");
        var notice = new Traffic("PUBLISH", "group:g", "{\"FromId\":\"1\",\"ToId\":\"g\",\"Msg\":\"x\"}");
        var ledger = new BrokerLedger(List.of(join, notice), List.of(), Set.of());
        assertEquals("", ledger.difference(List.of(join, notice)));
        assertFalse(ledger.difference(List.of(join)).isEmpty());
        assertFalse(ledger.difference(List.of(join, notice, notice)).isEmpty());
        assertFalse(ledger.difference(List.of(join, join, notice)).isEmpty());
        assertFalse(ledger.difference(List.of(join, notice, new Traffic("UNSUBSCRIBE", "group:g", "")))
                .isEmpty());
    }

    @Test
    void fieldsMayFollowThePublishedThreeOnly() {
        var expected = new Traffic("PUBLISH", "all", "{\"FromId\":\"1\",\"ToId\":null,\"Msg\":\"x\"}");
        var ledger = new BrokerLedger(List.of(expected), List.of(), Set.of());
        var extended = "{\"FromId\":\"1\",\"ToId\":null,\"Msg\":\"x\",\"Id\":\"7\"}";
        assertEquals("", ledger.difference(List.of(new Traffic("PUBLISH", "all", extended))));
        var reordered = "{\"Id\":\"7\",\"FromId\":\"1\",\"ToId\":null,\"Msg\":\"x\"}";
        assertFalse(ledger.difference(List.of(new Traffic("PUBLISH", "all", reordered)))
                .isEmpty());
        assertFalse(ledger.difference(List.of(new Traffic("PUBLISH", "group:g", extended)))
                .isEmpty());
    }

    @Test
    void subscriptionsOfTheSetUpMayBeListedOrNot() {
        var user = new Traffic("SUBSCRIBE", "user:1", "");
        assertEquals("", new BrokerLedger(List.of(user), List.of(user), Set.of()).difference(List.of()));
        assertEquals("", new BrokerLedger(List.of(), List.of(user), Set.of()).difference(List.of()));
        assertFalse(new BrokerLedger(List.of(), List.of(user), Set.of())
                .difference(List.of(user))
                .isEmpty());
    }

    @Test
    void requestsAreReadFromWords() {
        assertEquals(new HttpStep("GET", "/chat/channel/1", false, ""), HttpStep.parse("GET /chat/channel/1", "/x"));
        assertEquals(
                new HttpStep("upgrade", "/chat/channel/1", true, ""),
                HttpStep.parse("upgrade without Origin", "/chat/channel/{id}"));
        assertEquals(
                new HttpStep("upgrade", "/?sign=abc", true, "null"),
                HttpStep.parse("upgrade /?sign=abc with Origin null", ""));
    }
}
