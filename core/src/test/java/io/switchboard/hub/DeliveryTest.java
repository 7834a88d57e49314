package io.switchboard.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.switchboard.backplane.Remote;
import io.switchboard.message.Exclusion;
import io.switchboard.message.Message;
import io.switchboard.message.Sender;
import io.switchboard.message.Topic;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which way a publication goes: here, to other nodes, or both, and never twice. */
class DeliveryTest {
    private static final Topic G1 = Topic.group("g1");

    private final RecordingBackplane backplane = new RecordingBackplane();
    private final TestHub board = new TestHub(2, backplane);

    @AfterEach
    void everyBatchWasReleased() {
        assertEquals(0, board.framing.held.get());
    }

    @Test
    void theNativeFormatDeliversHereFirstAndSendsToOthers() {
        var ann = board.client(0, "ann", G1);
        var ben = board.client(1, "ben", G1);
        ann.says("pub group:g1 hi");
        assertEquals(List.of("SUBSCRIBE group:g1", "PUBLISH group:g1 hi"), backplane.traffic);
        assertEquals("group:g1 ann: hi", ben.heard.getLast());
    }

    @Test
    void anEchoingFormatDeliversOnceWhenThePublicationComesBack() {
        backplane.echoing = true;
        var ann = board.client(0, "ann", G1);
        var ben = board.client(1, "ben", G1);
        ann.says("pub group:g1 hi");
        assertEquals(List.of("admitted", "group:g1 ann: hi"), ben.take());
    }

    @Test
    void anEchoingFormatTakesTheShortCutToAUserWhoIsHere() {
        backplane.echoing = true;
        var ann = board.client(0, "ann");
        var ben = board.client(1, "ben", Topic.user("ben"));
        ann.says("pub user:ben hi");
        assertEquals("user:ben ann: hi", ben.heard.getLast());
        ben.vanish();
        ann.says("pub user:ben gone?");
        assertEquals(List.of("SUBSCRIBE user:ben", "PUBLISH user:ben gone?"), backplane.traffic);
    }

    @Test
    void withTheLinkDownAnEchoingFormatDeliversHereOnceAndTheSenderIsTold() {
        backplane.echoing = true;
        var ann = board.client(0, "ann", G1);
        var ben = board.client(1, "ben", G1);
        backplane.up = false;
        ann.says("pub group:g1 hi");
        assertEquals(List.of("admitted", "refused NOT_SENT"), ann.take());
        assertEquals(List.of("admitted", "group:g1 ann: hi"), ben.take());
    }

    @Test
    void aPublicationToAUserWhoIsStillConnectingIsSent() {
        backplane.echoing = true;
        var ann = board.client(0, "ann");
        backplane.confirming = false;
        board.client(0, "ben", Topic.user("ben"));
        board.client(1, "ben", Topic.user("ben"));
        ann.says("pub user:ben hi");
        assertEquals(List.of("SUBSCRIBE user:ben", "PUBLISH user:ben hi"), backplane.traffic);
    }

    @Test
    void whatTheBrokerRefusesAnEchoingFormatDeliversHere() {
        backplane.echoing = true;
        backplane.refusing = true;
        var ann = board.client(0, "ann", G1);
        var ben = board.client(1, "ben", G1);
        ann.says("pub group:g1 hi");
        assertEquals(List.of("admitted", "refused NOT_SENT"), ann.take());
        assertEquals(List.of("admitted", "group:g1 ann: hi"), ben.take());
        var outcome = board.hub.publish(G1, Message.text("x"), Sender.NONE, Exclusion.NONE);
        board.settle();
        assertEquals(
                new Outcome(2, Remote.REFUSED), outcome.toCompletableFuture().join());
    }

    @Test
    void whatOneSenderPublishesToALeavingUserStaysInOrder() {
        backplane.echoing = true;
        var ann = board.client(0, "ann");
        var ben = board.client(1, "ben", Topic.user("ben"));
        ann.sends("pub user:ben P1");
        ben.gone = true;
        board.loops.get(0).step();
        board.loops.get(1).execute(() -> board.hub.disconnected(ben.session()));
        ann.sends("pub user:ben P2");
        board.settle();
        var sent = backplane.traffic.stream()
                .filter(line -> line.startsWith("PUBLISH"))
                .toList();
        assertEquals(sent.stream().sorted().toList(), sent);
    }

    @Test
    void theLoopsOfANodeNumberTheirPublicationsApart() {
        var heard = new RecordingBackplane();
        var one = new TestHub(2, heard);
        one.client(0, "ann").says("pub all a1");
        one.client(1, "ben").says("pub all b1");
        assertEquals(
                2,
                heard.sequences.stream()
                        .map(sequence -> sequence >>> 56)
                        .distinct()
                        .count());
        assertEquals(
                List.of(1L, 1L),
                heard.sequences.stream().map(sequence -> sequence << 8 >>> 8).toList());
    }

    @Test
    void aTopicOfTheNodeNeverReachesTheBroker() {
        var ann = board.client(0, "ann");
        ann.says("join local:x");
        board.client(1, "ben", Topic.of("local:x")).says("pub local:x hi");
        assertEquals("local:x ben: hi", ann.heard.getLast());
        assertEquals(List.of(), backplane.traffic);
    }

    @Test
    void theApplicationLearnsHowManySessionsHereWereReached() {
        board.client(0, "ann", G1);
        board.client(1, "ben", G1);
        var outcome = board.hub.publish(G1, Message.text("x"), Sender.NONE, Exclusion.NONE);
        board.settle();
        assertEquals(
                new Outcome(2, Remote.ACCEPTED), outcome.toCompletableFuture().join());
    }

    @Test
    void aPublicationToASessionReachesItAlone() {
        var ann = board.client(0, "ann");
        var ben = board.client(1, "ben");
        var outcome =
                board.hub.publish(Topic.session(ben.session().id()), Message.text("you"), Sender.NONE, Exclusion.NONE);
        board.settle();
        assertEquals(
                new Outcome(1, Remote.ACCEPTED), outcome.toCompletableFuture().join());
        assertEquals(1, ann.heard.size());
        assertEquals(2, ben.heard.size());
    }

    @Test
    void whatIsNoSessionIdReachesNobodyAndHurtsNobody() {
        var ann = board.client(0, "ann");
        String id = ann.session().id();
        for (String other : List.of(
                "x",
                "...",
                id + "x",
                id.replaceFirst("\\.0\\.", ".9."),
                id.replaceFirst("\\.0\\.", ".-1."),
                id.replaceFirst("\\.0\\.", ".x."),
                id.replaceFirst("\\.0\\.0\\.", ".0.zzzzzzzzzzz."))) {
            var outcome = board.hub.publish(Topic.session(other), Message.text("you"), Sender.NONE, Exclusion.NONE);
            board.settle();
            assertEquals(
                    new Outcome(0, Remote.REFUSED),
                    outcome.toCompletableFuture().join());
        }
        assertEquals(List.of("admitted"), ann.take());
    }

    @Test
    void whatIsRefusedWhileTheLinkGoesDownIsHeardHereInItsOrder() {
        backplane.echoing = true;
        backplane.silent = true;
        var ann = board.client(0, "ann", G1);
        var ben = board.client(0, "ben", G1);
        ann.says("pub group:g1 sent before");
        backplane.up = false;
        ann.says("pub group:g1 sent after");
        backplane.refuseUnsettled();
        board.settle();
        assertEquals(List.of("admitted", "group:g1 ann: sent before", "group:g1 ann: sent after"), ben.take());
        assertEquals(List.of("admitted", "refused NOT_SENT", "refused NOT_SENT"), ann.take());
    }
}
