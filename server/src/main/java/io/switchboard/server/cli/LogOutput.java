package io.switchboard.server.cli;

import io.switchboard.server.config.ServerConfig.LogLevel;
import java.io.PrintStream;
import java.time.ZoneId;
import java.util.logging.ErrorManager;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Sends every log record of the process to one stream. */
final class LogOutput extends Handler {
    /** Held here because java.util.logging forgets the levels of loggers that nobody holds. */
    private static final Logger OURS = Logger.getLogger("io.switchboard");

    /** Client libraries close connections after they have ended their loops, and Netty calls that an error. */
    private static final Logger LATE_NEWS =
            Logger.getLogger("io.netty.util.concurrent.DefaultPromise.rejectedExecution");

    private static final Logger ROOT = Logger.getLogger("");

    private final PrintStream stream;

    private LogOutput(PrintStream stream) {
        super();
        this.stream = stream;
        setFormatter(new LogFormat(ZoneId.systemDefault()));
    }

    /** From now on; {@code debug} is about switchboard only, {@code trace} about the libraries as well. */
    static void to(PrintStream stream, LogLevel level) {
        for (var handler : ROOT.getHandlers()) {
            ROOT.removeHandler(handler);
        }
        ROOT.addHandler(new LogOutput(stream));
        OURS.setLevel(levelOf(level));
        LATE_NEWS.setLevel(level == LogLevel.TRACE ? Level.ALL : Level.OFF);
        ROOT.setLevel(
                switch (level) {
                    case DEBUG -> Level.INFO;
                    case TRACE -> Level.FINE;
                    case ERROR, WARN, INFO -> levelOf(level);
                });
    }

    /** One warning in the name of a class. */
    static void warn(Class<?> from, String text) {
        System.getLogger(from.getName()).log(System.Logger.Level.WARNING, text);
    }

    private static Level levelOf(LogLevel level) {
        return switch (level) {
            case ERROR -> Level.SEVERE;
            case WARN -> Level.WARNING;
            case INFO -> Level.INFO;
            case DEBUG -> Level.FINE;
            case TRACE -> Level.ALL;
        };
    }

    @Override
    public void publish(LogRecord entry) {
        if (!isLoggable(entry)) {
            return;
        }
        try {
            // One call, one record: the stream is shared by all threads and by what else writes to it.
            stream.print(getFormatter().format(entry));
        } catch (RuntimeException e) {
            reportError("A log record could not be written", e, ErrorManager.FORMAT_FAILURE);
        }
    }

    @Override
    public void flush() {
        stream.flush();
    }

    /** The stream belongs to the process. */
    @Override
    public void close() {
        flush();
    }
}
