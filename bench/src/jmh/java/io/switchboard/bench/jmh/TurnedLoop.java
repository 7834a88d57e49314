package io.switchboard.bench.jmh;

import io.switchboard.loop.Loop;
import java.util.ArrayDeque;
import java.util.Optional;

/** A loop that the benchmark turns on its own thread; timers never fire. */
final class TurnedLoop implements Loop {
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private boolean running;

    void turn() {
        running = true;
        for (var task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
        running = false;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    /** All input of a turn is in the queue before it begins, so the end of the queue is after it. */
    @Override
    public void afterInput(Runnable task) {
        tasks.add(task);
    }

    @Override
    public boolean isCurrent() {
        return running;
    }

    @Override
    public void schedule(Runnable task, long delayMillis) {}

    @Override
    public <T> Optional<T> unwrap(Class<T> type) {
        return Optional.empty();
    }
}
