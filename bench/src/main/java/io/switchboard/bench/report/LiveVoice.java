package io.switchboard.bench.report;

import io.switchboard.bench.report.Report.Moment;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Progress: on a terminal one line that is rewritten in place, otherwise a plain line every few seconds. */
public final class LiveVoice implements Voice {
    private static final long PLAIN_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final PrintWriter err;
    private final boolean terminal;
    private final boolean everyMoment;
    private final boolean knowsServer;
    private String phase = "";
    private long lastPlain;
    private boolean standing;

    /** {@code everyMoment}: each interval is worth a line that stays. */
    public LiveVoice(PrintWriter err, boolean terminal, boolean everyMoment, boolean knowsServer) {
        this.err = err;
        this.terminal = terminal;
        this.everyMoment = everyMoment;
        this.knowsServer = knowsServer;
    }

    @Override
    public void phase(String words) {
        clear();
        phase = words;
        err.println(words);
        err.flush();
        lastPlain = System.nanoTime();
    }

    @Override
    public void now(String words) {
        if (terminal) {
            err.print("\r\u001B[K" + words);
            err.flush();
            standing = true;
        } else if (System.nanoTime() - lastPlain > PLAIN_NANOS) {
            lastPlain = System.nanoTime();
            err.println(words);
            err.flush();
        }
    }

    @Override
    public void moment(Moment moment) {
        if (everyMoment) {
            clear();
            err.println(words(moment));
            err.flush();
        } else {
            now(phase + ": " + words(moment));
        }
    }

    /** Takes the rewritten line away; what follows begins on a clean one. */
    public void clear() {
        if (standing) {
            err.print("\r\u001B[K");
            err.flush();
            standing = false;
        }
    }

    private String words(Moment moment) {
        var text = new StringBuilder(String.format(Locale.ROOT, "%6.0f s", moment.at()));
        if (moment.handshakes() > 0) {
            text.append(", ")
                    .append(Words.count(moment.handshakes() / moment.seconds()))
                    .append(" handshakes/s");
        }
        if (moment.delivered() > 0) {
            text.append(", ")
                    .append(Words.count(moment.delivered() / moment.seconds()))
                    .append(" delivered/s, p50 ")
                    .append(Words.micros(moment.p50()))
                    .append(", p99 ")
                    .append(Words.micros(moment.p99()))
                    .append(", max ")
                    .append(Words.micros(moment.max()));
        }
        if (knowsServer) {
            text.append(String.format(
                            Locale.ROOT, ", server %.0f %% CPU, ", moment.serverCpu() * 100 / moment.seconds()))
                    .append(Words.bytes(moment.serverResident()));
        }
        return text.toString();
    }
}
