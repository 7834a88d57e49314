package io.switchboard.hub;

import io.switchboard.backplane.Backplane;
import io.switchboard.log.Log;
import io.switchboard.log.MemoryLog;
import io.switchboard.message.Position;
import io.switchboard.message.Publication;
import io.switchboard.message.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A log that answers late, tells late or never, or is away, as the test says. */
final class TestLog implements Log, Backplane.Listener {
    private final MemoryLog.Store store = new MemoryLog.Store();
    private final MemoryLog log = new MemoryLog(store);
    private Backplane.@Nullable Listener listener;

    /** Tells nothing of itself; {@link #untold} has it. */
    boolean silent;

    /** Answers no reading by itself; {@link #unanswered} has them. */
    boolean slow;

    boolean down;

    final List<Publication> untold = new ArrayList<>();
    final List<Runnable> unanswered = new ArrayList<>();
    int reads;

    @Override
    public void start(Backplane.Listener hub) {
        listener = hub;
        log.start(this);
    }

    @Override
    public void received(List<Publication> batch) {
        if (silent) {
            untold.addAll(batch);
        } else {
            tell(batch);
        }
    }

    void tell(List<Publication> batch) {
        Backplane.Listener hub = listener;
        if (hub != null) {
            hub.received(List.copyOf(batch));
        }
    }

    void tellAll() {
        List<Publication> all = List.copyOf(untold);
        untold.clear();
        tell(all);
    }

    void answerAll() {
        while (!unanswered.isEmpty()) {
            unanswered.removeFirst().run();
        }
    }

    /** Where the topic really stands. */
    Position standing(Topic topic) {
        return log.top(topic).toCompletableFuture().join();
    }

    /** As after a restart without data. */
    void forget() {
        store.clear();
    }

    @Override
    public void linkUp() {
        Backplane.Listener hub = listener;
        if (hub != null) {
            hub.linkUp();
        }
    }

    @Override
    public void linkDown(String why) {}

    @Override
    public CompletionStage<Void> subscribe(Topic topic) {
        return log.subscribe(topic);
    }

    @Override
    public void unsubscribe(Topic topic) {
        log.unsubscribe(topic);
    }

    @Override
    public boolean isUp() {
        return !down && log.isUp();
    }

    @Override
    public CompletionStage<Appended> append(Publication publication, Terms terms) {
        return down
                ? CompletableFuture.failedFuture(new RefusedException("down for the test"))
                : log.append(publication, terms);
    }

    @Override
    public CompletionStage<Page> read(Topic topic, Optional<Position> since, int limit) {
        return late(() -> log.read(topic, since, limit));
    }

    @Override
    public CompletionStage<Page> readBack(Topic topic, Optional<Position> before, int limit) {
        return late(() -> log.readBack(topic, before, limit));
    }

    @Override
    public CompletionStage<Position> top(Topic topic) {
        return late(() -> log.top(topic));
    }

    private <T> CompletionStage<T> late(Supplier<CompletionStage<T>> question) {
        reads++;
        if (down) {
            return CompletableFuture.failedFuture(new IllegalStateException("down for the test"));
        }
        if (!slow) {
            return question.get();
        }
        var answer = new CompletableFuture<T>();
        unanswered.add(() -> {
            // Read now, told later: what is appended in between is not in it.
            T found = question.get().toCompletableFuture().join();
            unanswered.add(() -> answer.complete(found));
        });
        return answer;
    }

    @Override
    public CompletionStage<Void> remove(Topic topic) {
        return log.remove(topic);
    }

    @Override
    public void close() {
        log.close();
    }
}
