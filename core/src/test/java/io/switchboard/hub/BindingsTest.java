package io.switchboard.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.switchboard.directory.Claim;
import io.switchboard.directory.Directory;
import io.switchboard.directory.LoginPolicy;
import io.switchboard.message.Exclusion;
import io.switchboard.message.Message;
import io.switchboard.message.Origin;
import io.switchboard.message.Sender;
import io.switchboard.message.Topic;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** A topic with one listener at most belongs to whoever bound it last. */
class BindingsTest {
    private static final Topic IDENTITY = Topic.of("identity:T_7_3_tenant_1");

    private final TestHub board = new TestHub(2, new RecordingBackplane());

    private int push(String text) {
        var outcome = board.hub
                .publish(IDENTITY, Message.text(text), Sender.NONE, Exclusion.NONE)
                .toCompletableFuture();
        board.settle();
        return outcome.join().local();
    }

    @Test
    void theNewestTakesOverAndTheOlderStaysConnected() {
        var first = board.client(0, "");
        var second = board.client(1, "");
        first.says("bind identity:T_7_3_tenant_1 7");
        assertEquals(1, push("one"));
        second.says("bind identity:T_7_3_tenant_1 7");
        assertEquals(1, push("two"));
        assertEquals(
                List.of("admitted", "joined identity:T_7_3_tenant_1", "identity:T_7_3_tenant_1 : one"), first.take());
        assertEquals(
                List.of("admitted", "joined identity:T_7_3_tenant_1", "identity:T_7_3_tenant_1 : two"), second.take());
        assertNull(first.closed);
        first.says("bind identity:T_7_3_tenant_1 7");
        assertEquals(1, push("three"));
        assertEquals(List.of("joined identity:T_7_3_tenant_1", "identity:T_7_3_tenant_1 : three"), first.take());
        assertEquals(List.of(), second.take());
    }

    @Test
    void theLateEndOfAnOlderSessionTakesNothingFromItsSuccessor() {
        var first = board.client(0, "");
        first.says("bind identity:T_7_3_tenant_1 7");
        var second = board.client(1, "");
        second.says("bind identity:T_7_3_tenant_1 7");
        first.vanish();
        assertEquals(1, push("still there"));
        second.vanish();
        assertEquals(0, push("nobody"));
    }

    @Test
    void bindingTwiceIsBindingOnce() {
        var client = board.client(0, "");
        client.says("bind identity:T_7_3_tenant_1 7");
        client.says("bind identity:T_7_3_tenant_1 7");
        assertEquals(1, push("one"));
        client.says("leave identity:T_7_3_tenant_1");
        assertEquals(0, push("two"));
    }

    @Test
    void whoIsKnownToBeOneUserBindsNoOthers() {
        var client = board.client(0, "8");
        client.says("bind identity:T_7_3_tenant_1 7");
        assertEquals(List.of("admitted", "refused NOT_PERMITTED"), client.take());
        assertEquals(0, push("not for 8"));
        client.says("bind identity:T_8_3_tenant_1 8");
        assertEquals(List.of("joined identity:T_8_3_tenant_1"), client.take());
    }

    @Test
    void commandsWaitForTheDirectory() {
        var claimed = new CompletableFuture<Directory.Result>();
        var slow = new SlowDirectory(claimed);
        var hub = new TestHub(
                1,
                new RecordingBackplane(),
                LoginPolicy.MANY,
                Limits.DEFAULT,
                Handler.NONE,
                Authenticator.path(),
                slow);
        var client = hub.client(0, "");
        client.says("bind identity:a 7");
        client.says("echo after");
        assertEquals(List.of("admitted"), client.take());
        claimed.complete(new Directory.Result.Granted(
                new Claim("identity:a", "", client.session().id(), "test", 77, 1), List.of()));
        hub.settle();
        assertEquals(List.of("joined identity:a", "after"), client.take());
    }

    @Test
    void directoryThatDoesNotAnswerHoldsNobodyForever() {
        var slow = new SlowDirectory(new CompletableFuture<>());
        var hub = new TestHub(
                1,
                new RecordingBackplane(),
                LoginPolicy.MANY,
                Limits.DEFAULT,
                Handler.NONE,
                Authenticator.path(),
                slow);
        var client = hub.client(0, "");
        client.says("bind identity:a 7");
        client.says("echo after");
        hub.pass(6_000);
        assertEquals(List.of("admitted", "refused INTERNAL", "after"), client.take());
    }

    /** Answers claims when the test says so. */
    private record SlowDirectory(CompletableFuture<Result> answer) implements Directory {
        @Override
        public CompletionStage<Result> claim(Claim claim, LoginPolicy policy, View view) {
            return answer;
        }

        @Override
        public CompletionStage<Boolean> release(Claim claim) {
            return CompletableFuture.completedFuture(true);
        }

        @Override
        public CompletionStage<List<Claim>> find(String user) {
            return CompletableFuture.completedFuture(List.of());
        }

        @Override
        public CompletionStage<Pulse> beat(Origin self, long count, Set<Long> lapsed) {
            return CompletableFuture.completedFuture(new Pulse(true, Map.of()));
        }

        @Override
        public void close() {}
    }
}
