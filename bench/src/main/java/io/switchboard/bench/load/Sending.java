package io.switchboard.bench.load;

import io.switchboard.bench.measure.Latency;
import io.switchboard.bench.plan.Pace;
import io.switchboard.bench.target.Template;
import io.switchboard.bench.wire.Stamp;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToLongFunction;

/**
 * Who sends when. In a closed loop the cue is a delivery: a publisher sends while fewer than window × audience of its
 * deliveries are outstanding; in pairs and echo every message heard is answered by the next. In an open loop the cue is
 * the clock alone: message n is due at start + n × interval, and carries that time even if it is sent later.
 */
final class Sending {
    /** When nothing comes for so long, what is outstanding is given up, else one loss would still the loop for good. */
    private static final long STALL_NANOS = 1_000_000_000;
    /** A publisher whose server does not read gets no more until it does; the clock of its messages runs on. */
    private static final int WAITING_MAX = 1 << 20;

    private static final int BURST = 1_024;

    private final Run run;
    private final List<Member> publishers;
    private final IntToLongFunction heardOf;
    private final Template template;
    private final int size;
    private final byte[] payload;
    private final byte[] text;
    private final boolean groups;
    private Slice slice;
    private boolean running;
    private int window;
    private long start;
    private double interval;
    private long next;
    private long progress;

    /** {@code heardOf}: deliveries so far of a publisher's messages, on all workers. */
    Sending(Run run, List<Member> publishers, IntToLongFunction heardOf) {
        this.run = run;
        this.publishers = publishers;
        this.heardOf = heardOf;
        template = run.spelling().message();
        size = run.plan().size();
        payload = new byte[Math.max(size, Stamp.LENGTH)];
        Arrays.fill(payload, (byte) 'x');
        text = new byte[template.lengthMax(payload.length)];
        groups = run.plan().traffic().hasPublishers();
        slice = new Slice(run.endpoints().size());
    }

    void into(Slice next) {
        slice = next;
    }

    /** {@code share}: of all messages, this worker's; {@code rate} counts in an open loop only. */
    void begin(Pace pace, double rate, double share, long now) {
        running = !publishers.isEmpty();
        start = now;
        progress = now;
        next = 0;
        window = pace instanceof Pace.Window(int inFlight) ? inFlight : 0;
        interval = window > 0 ? 0 : 1e9 / (rate * share);
        if (window > 0) {
            if (groups) {
                forgive();
            } else {
                everybodyAgain();
            }
        }
    }

    void end() {
        running = false;
    }

    double interval() {
        return interval;
    }

    /** A listener that publishes as well has heard new messages: its cue. */
    void heard(Member member, int fresh, long now) {
        progress = now;
        if (running && window > 0 && !groups) {
            for (int i = 0; i < fresh; i++) {
                publish(member, System.nanoTime(), 0);
            }
        }
    }

    /** Sends what is due; returns when the next message is. */
    long turn(long now) {
        if (!running) {
            return Long.MAX_VALUE;
        }
        if (window == 0) {
            return byTheClock();
        }
        if (groups) {
            fillWindows();
        }
        if (now - progress > STALL_NANOS) {
            progress = now;
            slice.stalls++;
            if (groups) {
                forgive();
            } else {
                everybodyAgain();
            }
        }
        return progress + STALL_NANOS;
    }

    private long byTheClock() {
        for (int burst = 0; burst < BURST; burst++) {
            long now = System.nanoTime();
            long due = start + (long) (next * interval);
            if (due > now) {
                return due;
            }
            var publisher = publishers.get((int) (next % publishers.size()));
            var link = publisher.link;
            if (link != null && link.waiting() > WAITING_MAX) {
                return now + 1_000_000;
            }
            next++;
            if (publisher.ready()) {
                publish(publisher, due, now - due);
                Latency.record(slice.lag, now - due);
            }
        }
        return System.nanoTime();
    }

    private void fillWindows() {
        for (int i = 0; i < publishers.size(); i++) {
            var publisher = publishers.get(i);
            if (!publisher.ready() || publisher.audience == 0) {
                continue;
            }
            long heard = heardOf.applyAsLong(numberOf(publisher)) + publisher.forgiven;
            long room = (long) window * publisher.audience;
            while (publisher.sent * publisher.audience - heard < room) {
                publish(publisher, System.nanoTime(), 0);
            }
        }
    }

    private void forgive() {
        for (var publisher : publishers) {
            publisher.forgiven = publisher.sent * publisher.audience - heardOf.applyAsLong(numberOf(publisher));
        }
    }

    private void everybodyAgain() {
        for (var publisher : publishers) {
            for (int i = 0; i < window && publisher.ready(); i++) {
                publish(publisher, System.nanoTime(), 0);
            }
        }
    }

    private void publish(Member publisher, long intended, long lag) {
        var link = publisher.link;
        if (link == null || !publisher.ready()) {
            return;
        }
        Stamp.write(payload, 0, run.number(), numberOf(publisher), publisher.sent, intended - run.origin(), lag);
        int length = template.render(text, publisher.own, publisher.target, publisher.group, payload, size);
        link.send(run.spelling().binary(), text, length);
        publisher.sent++;
        slice.sent++;
        slice.expected += publisher.audience;
    }

    private int numberOf(Member publisher) {
        return publisher.id - run.crew().firstPublisher();
    }
}
