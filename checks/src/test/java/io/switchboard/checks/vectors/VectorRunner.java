package io.switchboard.checks.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.client.Frame;
import io.switchboard.checks.client.HttpAnswer;
import io.switchboard.checks.components.Traffic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Plays one vector on a stage: set-up, what comes before, input; then compares what clients and broker saw. */
final class VectorRunner {
    private static final Duration PATIENCE = Duration.ofSeconds(8);
    private static final Duration PATIENCE_WITH_REPETITION = Duration.ofSeconds(60);

    private final Stage stage;
    private final Vector vector;

    VectorRunner(Stage stage, Vector vector) {
        this.stage = stage;
        this.vector = vector;
    }

    void run() {
        if (vector.needsFreshNodes()) {
            stage.replaceNodes();
        }
        stage.awaitSilence();
        try (var cast = new Cast(stage)) {
            play(cast);
        } catch (AssertionError e) {
            // Reports on the console number dynamic tests; people look for the name.
            throw new AssertionError("vector " + vector.name() + ": " + e.getMessage(), e);
        } finally {
            if (!stage.redisRuns()) {
                stage.startRedis();
            }
        }
        stage.verifyNodesLive();
    }

    private void play(Cast cast) {
        vector.connections().forEach(cast::join);
        cast.settle();
        var setup = traffic();
        for (var step : vector.before()) {
            play(cast, step);
            cast.settle();
        }
        if (stage.redisRuns()) {
            stage.forgetTraffic();
        }
        cast.forget();

        for (var step : vector.inputs()) {
            play(cast, step);
        }
        verifyFrames(cast);
        verifyBroker(cast, setup);
        verifyConnections(cast);
        if (!stage.redisRuns()) {
            verifyRecovery(cast);
        }
    }

    private List<Traffic> traffic() {
        return stage.redisRuns() ? stage.traffic() : List.of();
    }

    private void play(Cast cast, Step step) {
        switch (step) {
            case Step.Send send -> cast.send(send);
            case Step.Publish(var channel, var payload) -> stage.publish(channel, payload);
            case Step.Http(var words) -> verifyHttp(words);
            case Step.Event.STOP_REDIS -> stage.stopRedis();
        }
    }

    private void verifyFrames(Cast cast) {
        var patience = vector.hasRepetition() ? PATIENCE_WITH_REPETITION : PATIENCE;
        Await.until("what the clients must hear", patience, () -> difference(cast), String::isEmpty);
        cast.settle();
        assertEquals("", difference(cast), "after everything had arrived");
        if (vector.wantsErrorToSender()) {
            verifySendersHeard(cast);
        }
    }

    private void verifySendersHeard(Cast cast) {
        for (var step : vector.inputs()) {
            if (step instanceof Step.Send send) {
                var heard = cast.player(send.client()).heard();
                assertFalse(heard.isEmpty(), () -> send.client() + " was not told of its error");
            }
        }
    }

    private String difference(Cast cast) {
        var text = new StringBuilder();
        vector.expected().forEach((client, expected) -> {
            var heard = cast.player(client).heard();
            if (!fits(expected, heard)) {
                text.append("\n  ").append(client).append(" must hear ").append(shortened(expected));
                text.append("\n  ").append(client).append(" has heard ").append(shortened(heard));
            }
        });
        return text.toString();
    }

    private boolean fits(List<Expectation> expected, List<Frame> heard) {
        if (expected.size() != heard.size()) {
            return false;
        }
        for (int i = 0; i < heard.size(); i++) {
            if (!expected.get(i).fits(heard.get(i), vector.hasBinaryInput())) {
                return false;
            }
        }
        return true;
    }

    private static String shortened(List<?> things) {
        var text = things.toString();
        return text.length() <= 1_000 ? text : things.size() + " frames: " + text.substring(0, 1_000) + "…";
    }

    private void verifyBroker(Cast cast, List<Traffic> setup) {
        if (vector.leavesBrokerOpen() || !stage.redisRuns()) {
            return;
        }
        var left = setup.stream().map(Traffic::channel).collect(Collectors.toSet());
        cast.players().forEach(player -> player.channel().ifPresent(left::remove));
        var ledger = new BrokerLedger(vector.broker().orElseThrow(), setup, Set.copyOf(left));
        Await.until(
                "the right traffic on the broker", PATIENCE, () -> ledger.difference(stage.traffic()), String::isEmpty);
    }

    /** Nobody loses its connection over what others, or it itself, put in; except by its own close or its successor. */
    private void verifyConnections(Cast cast) {
        var closing = new ArrayList<String>();
        for (var step : vector.inputs()) {
            if (step instanceof Step.Send send && send.opcode().equals("close")) {
                closing.add(send.client());
            }
        }
        vector.expected().forEach((client, frames) -> {
            if (frames.stream()
                    .anyMatch(one -> one instanceof Expectation.Other other && other.opcode() == Frame.CLOSE)) {
                closing.add(client);
            }
        });
        for (var player : cast.players()) {
            if (closing.contains(player.name())) {
                Await.until(player.name() + " to be disconnected", player::ended);
            } else {
                assertTrue(
                        !player.ended() || cast.isReplaced(player),
                        () -> player.name() + " lost its connection after " + player.heard());
            }
        }
    }

    /** With the broker back everything works again by itself: the fences of a cast that has settled prove it. */
    private void verifyRecovery(Cast cast) {
        stage.startRedis();
        Await.until("the nodes to subscribe again", Duration.ofSeconds(30), cast::isHeardByBroker);
        cast.settle();
        verifyConnections(cast);
    }

    private void verifyHttp(String words) {
        var request = HttpStep.parse(words, vector.endpoint());
        if (request.mentionsOrigin()) {
            try (var node = stage.nodeThatWantsOrigin()) {
                verifyHttp(request.ask(node.port()));
            }
        } else {
            verifyHttp(request.ask(stage.node("A").port()));
        }
    }

    private void verifyHttp(HttpAnswer answer) {
        var expected = vector.http().orElseThrow(() -> new AssertionError("a request, and no answer is expected"));
        assertEquals(expected.whole("status", 0), answer.status(), answer::toString);
        expected.field("body").ifPresent(body -> assertEquals(body.text(), answer.body()));
    }
}
