package io.switchboard.server.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/** One line per record: time, level, who speaks, what. A line break in a message cannot fake a second record. */
final class LogFormat extends Formatter {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS");

    private final ZoneId zone;

    LogFormat(ZoneId zone) {
        super();
        this.zone = zone;
    }

    @Override
    public String format(LogRecord entry) {
        var line = new StringBuilder(120)
                .append(TIME.format(entry.getInstant().atZone(zone)))
                .append(' ')
                .append(levelOf(entry.getLevel()))
                .append(' ')
                .append(simpleName(String.valueOf(entry.getLoggerName())))
                .append(": ")
                .append(oneLine(formatMessage(entry)))
                .append('\n');
        var thrown = entry.getThrown();
        if (thrown != null) {
            var trace = new StringWriter();
            thrown.printStackTrace(new PrintWriter(trace));
            line.append(trace);
        }
        return line.toString();
    }

    private static String levelOf(Level level) {
        if (level.intValue() >= Level.SEVERE.intValue()) {
            return "ERROR";
        }
        if (level.intValue() >= Level.WARNING.intValue()) {
            return "WARN ";
        }
        if (level.intValue() >= Level.CONFIG.intValue()) {
            return "INFO ";
        }
        return level.intValue() >= Level.FINE.intValue() ? "DEBUG" : "TRACE";
    }

    private static String simpleName(String logger) {
        return logger.substring(logger.lastIndexOf('.') + 1);
    }

    private static String oneLine(String message) {
        var line = new StringBuilder(message.length());
        message.chars().forEach(c -> {
            switch (c) {
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case 0x1B -> line.append("\\e");
                default -> line.append((char) c);
            }
        });
        return line.toString();
    }
}
