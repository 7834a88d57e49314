package io.switchboard.hub;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Waits for what others find out, without holding up the loop that wants to know. */
final class Awaited {
    /**
     * What follows, on the loop: one of the first two, once.
     *
     * @param failed a {@link TimeoutException} if it was not there in time
     * @param tooLate it came after that
     */
    record Then<T>(Consumer<T> done, Consumer<Throwable> failed, Consumer<T> tooLate) {}

    private Awaited() {}

    /** Goes on at once if there is a result already. From the shard's loop. */
    static <T> void on(Shard shard, CompletionStage<T> stage, long millis, Then<T> then) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        if (future.isDone() && !future.isCompletedExceptionally()) {
            then.done.accept(future.join());
            return;
        }
        var answered = new boolean[1];
        var ignored = future.whenComplete((value, failure) -> shard.run(() -> settled(answered, value, failure, then)));
        if (answered[0]) {
            return;
        }
        shard.loop.schedule(
                () -> {
                    if (!answered[0]) {
                        answered[0] = true;
                        then.failed.accept(new TimeoutException("no answer within " + millis + " ms"));
                    }
                },
                millis);
    }

    private static <T> void settled(boolean[] answered, T value, @Nullable Throwable failure, Then<T> then) {
        boolean late = answered[0];
        answered[0] = true;
        if (failure == null) {
            (late ? then.tooLate : then.done).accept(value);
        } else if (!late) {
            then.failed.accept(failure);
        }
    }
}
