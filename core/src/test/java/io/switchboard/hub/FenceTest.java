package io.switchboard.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.directory.Claim;
import io.switchboard.directory.Directory;
import io.switchboard.directory.LoginPolicy;
import io.switchboard.message.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** A loop that has slept asks before it goes on, and does not wait for ever. */
class FenceTest {
    private static final long NAP_NANOS = 200_000_000;

    /** Grants everything, but heartbeats are answered as the test wants, or never. */
    private static final class Silent implements Directory {
        final List<CompletableFuture<Pulse>> asked = new ArrayList<>();

        @Override
        public CompletionStage<Result> claim(Claim claim, LoginPolicy policy, View view) {
            return CompletableFuture.completedFuture(new Result.Granted(claim, List.of()));
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
            var answer = new CompletableFuture<Pulse>();
            asked.add(answer);
            return answer;
        }

        @Override
        public void close() {}
    }

    private final Silent directory = new Silent();
    private final TestHub board = new TestHub(
            1,
            new RecordingBackplane(),
            LoginPolicy.MANY,
            Limits.DEFAULT,
            Handler.NONE,
            Authenticator.path(),
            directory);
    private final TestClient ann = board.client(0, "ann");

    /** Lets more time go by than may without notice, as when the process is stopped. */
    private void sleep() {
        ann.take();
        board.hub.shard(0).fence.watch(NAP_NANOS);
        board.settle();
        long end = System.nanoTime() + 2 * NAP_NANOS;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        ann.sends("echo hello");
        board.settle();
        ann.sends("echo again");
        board.settle();
    }

    @Test
    void whatIsAskedMeanwhileWaitsForTheAnswer() {
        sleep();
        assertTrue(board.hub.shard(0).fence.isFenced());
        assertEquals(1, directory.asked.size());
        int heard = ann.take().size();
        board.pass(1_000);
        assertEquals(List.of(), ann.take());
        directory.asked.get(0).complete(new Directory.Pulse(true, Map.of()));
        board.settle();
        assertEquals(2, heard + ann.take().size());
    }

    @Test
    void withoutAnAnswerItGoesOnAfterAWhile() {
        sleep();
        int heard = ann.take().size();
        board.pass(2_000);
        assertEquals(List.of(), ann.take());
        for (int i = 0; i < 100 && heard < 2; i++) {
            board.pass(1_000);
            heard += ann.take().size();
        }
        assertEquals(2, heard);
    }
}
