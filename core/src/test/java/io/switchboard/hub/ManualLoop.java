package io.switchboard.hub;

import io.switchboard.loop.Loop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/** A loop that the test turns: tasks run when it says so, time passes when it says so. */
final class ManualLoop implements Loop {
    private record Timer(long at, Runnable task) {}

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final List<Timer> timers = new ArrayList<>();
    private long now;

    /** What comes in, one at each look. */
    final Queue<Runnable> input = new ArrayDeque<>();

    int looks;
    private boolean running;

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public void afterInput(Runnable task) {
        looks++;
        Runnable next = input.poll();
        if (next != null) {
            execute(next);
        }
        execute(task);
    }

    @Override
    public boolean isCurrent() {
        return running;
    }

    @Override
    public void schedule(Runnable task, long delayMillis) {
        timers.add(new Timer(now + delayMillis, task));
    }

    @Override
    public <T> Optional<T> unwrap(Class<T> type) {
        return Optional.empty();
    }

    /** Runs one task if there is one. */
    boolean step() {
        Runnable task = tasks.poll();
        if (task == null) {
            return false;
        }
        running = true;
        try {
            task.run();
        } finally {
            running = false;
        }
        return true;
    }

    /** Lets time pass and hands over what has become due. */
    void pass(long millis) {
        now += millis;
        var due = timers.stream()
                .filter(timer -> timer.at() <= now)
                .sorted(Comparator.comparingLong(Timer::at))
                .toList();
        timers.removeAll(due);
        due.forEach(timer -> tasks.add(timer.task()));
    }
}
