package io.switchboard.checks.components;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** The last lines that a process printed, read by a thread of its own so that a full pipe never stops the process. */
final class Output {
    private static final int LINES_MAX = 2_000;

    private final Lock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<String> lines = new ArrayDeque<>();
    private boolean ended;

    private Output() {}

    static Output of(InputStream stream) {
        var output = new Output();
        Thread.ofVirtual().start(() -> output.readAll(stream));
        return output;
    }

    /** Empty if the output ended, or the time was over, without such a line. */
    Optional<String> awaitLine(Predicate<String> fits, Duration patience) {
        lock.lock();
        try {
            long nanos = patience.toNanos();
            while (true) {
                var line = lines.stream().filter(fits).findFirst();
                if (line.isPresent() || ended || nanos <= 0) {
                    return line;
                }
                nanos = changed.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for a line", e);
        } finally {
            lock.unlock();
        }
    }

    /** Everything, once the process has closed its side. */
    String awaitEnd() {
        awaitLine(_line -> false, Duration.ofSeconds(10));
        return text();
    }

    String text() {
        lock.lock();
        try {
            return String.join("\n", lines);
        } finally {
            lock.unlock();
        }
    }

    private void readAll(InputStream stream) {
        try (var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (var line = reader.readLine(); line != null; line = reader.readLine()) {
                add(line);
            }
        } catch (IOException _closed) {
            // The process was killed while it printed: what was read until then is all there is.
        } finally {
            end();
        }
    }

    private void add(String line) {
        lock.lock();
        try {
            lines.addLast(line);
            if (lines.size() > LINES_MAX) {
                lines.removeFirst();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
