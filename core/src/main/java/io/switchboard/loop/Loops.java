package io.switchboard.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Plain event loops without I/O, for a node that is not open to the world: one daemon thread each. */
public final class Loops implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Loops.class.getName());

    private final List<ThreadLoop> loops = new ArrayList<>();

    public Loops(int count) {
        for (int i = 0; i < count; i++) {
            loops.add(new ThreadLoop("switchboard-loop-" + i));
        }
    }

    public List<Loop> all() {
        return List.copyOf(loops);
    }

    @Override
    public void close() {
        loops.forEach(loop -> loop.executor.shutdown());
    }

    private static final class ThreadLoop implements Loop {
        private final ScheduledExecutorService executor;
        private final Thread thread;

        ThreadLoop(String name) {
            var started = new ArrayList<Thread>();
            executor = Executors.newSingleThreadScheduledExecutor(task -> {
                var created = new Thread(task, name);
                created.setDaemon(true);
                started.add(created);
                return created;
            });
            executor.execute(() -> {});
            thread = started.getFirst();
        }

        @Override
        public void execute(Runnable task) {
            executor.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException e) {
                    LOG.log(System.Logger.Level.ERROR, "a task of an event loop failed", e);
                }
            });
        }

        @Override
        public void afterInput(Runnable task) {
            execute(task);
        }

        @Override
        public boolean isCurrent() {
            return thread.equals(Thread.currentThread());
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // A task that fails is the task's own affair.
        public void schedule(Runnable task, long delayMillis) {
            executor.schedule(task, delayMillis, TimeUnit.MILLISECONDS);
        }

        @Override
        public <T> Optional<T> unwrap(Class<T> type) {
            return Optional.empty();
        }
    }
}
