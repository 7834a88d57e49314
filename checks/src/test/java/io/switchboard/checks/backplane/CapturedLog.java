package io.switchboard.checks.backplane;

import io.switchboard.checks.client.Await;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What is logged under a name while this is open. */
final class CapturedLog extends Handler implements AutoCloseable {
    private final Logger logger;
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private CapturedLog(Logger logger) {
        this.logger = logger;
    }

    static CapturedLog of(String name) {
        var log = new CapturedLog(Logger.getLogger(name));
        log.logger.addHandler(log);
        return log;
    }

    @Override
    public void publish(LogRecord line) {
        lines.add(line.getMessage());
    }

    String text() {
        return String.join("\n", lines);
    }

    long count(String part) {
        return lines.stream().filter(line -> line.contains(part)).count();
    }

    void await(String part) {
        Await.until("a log line with: " + part, this::text, text -> text.contains(part));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
    }
}
