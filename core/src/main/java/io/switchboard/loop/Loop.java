package io.switchboard.loop;

import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * One event loop: runs tasks one after another on one thread, in the order they came from any one thread. Tasks never
 * block. A task given by the loop's own thread runs after what the loop has already read in this turn.
 */
public interface Loop extends Executor {
    boolean isCurrent();

    /** Runs the task after the loop has looked for input once more, without waiting for any. From the loop itself. */
    void afterInput(Runnable task);

    /** Runs the task on the loop after about that time; monotonic, coarse. */
    void schedule(Runnable task, long delayMillis);

    /** The loop of an I/O library behind this one, for bridges that put their connections on it. */
    <T> Optional<T> unwrap(Class<T> type);
}
