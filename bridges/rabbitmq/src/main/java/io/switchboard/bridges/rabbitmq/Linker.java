package io.switchboard.bridges.rabbitmq;

import io.switchboard.backplane.Attempts;
import io.switchboard.backplane.Judge;
import io.switchboard.backplane.RareLog;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** The one thread that connects, declares and binds, again and again until closed. It alone waits for such answers. */
final class Linker implements Runnable {
    private static final long LOOK_AGAIN_MILLIS = 1_000;
    private static final long HELD_MILLIS = 200;

    private final Dialer dialer;
    private final Names names;
    private final Interest interest;
    private final Link.Owner owner;
    private final Consumer<Link> linked;
    private final ExecutorService deliveries;
    private final Attempts attempts;
    private final RareLog log;
    private final int expiresMillis;

    Linker(
            Dialer dialer,
            Names names,
            Interest interest,
            Link.Owner owner,
            Consumer<Link> linked,
            ExecutorService deliveries,
            Attempts attempts,
            RareLog log,
            int expiresMillis) {
        this.dialer = dialer;
        this.names = names;
        this.interest = interest;
        this.owner = owner;
        this.linked = linked;
        this.deliveries = deliveries;
        this.attempts = attempts;
        this.log = log;
        this.expiresMillis = expiresMillis;
    }

    @Override
    public void run() {
        try {
            attempts.repeat(this::live);
        } finally {
            deliveries.shutdown();
        }
    }

    /** One life of a link; gives how long to wait before the next. */
    private long live() throws InterruptedException {
        Link link;
        try {
            link = Link.open(dialer, names, owner, deliveries, expiresMillis);
        } catch (Link.StillHeldException e) {
            log.warn("held", dialer + ": " + e.getMessage() + ", trying again", Judge.now());
            return HELD_MILLIS;
        } catch (IOException | TimeoutException | RuntimeException e) {
            return attempts.failed(Failures.explain(e), Failures.isHopeless(e));
        }
        try {
            serve(link);
        } catch (IOException | TimeoutException | RuntimeException e) {
            link.die(e);
        }
        if (attempts.isClosed()) {
            link.leave();
            return 0;
        }
        link.cut();
        interest.doubtAll();
        return attempts.failed(link.why(), link.isHopeless());
    }

    private void serve(Link link) throws IOException, TimeoutException, InterruptedException {
        boolean told = false;
        while (link.isAlive() && !attempts.isClosed()) {
            Interest.Round round = interest.next();
            if (!round.isEmpty()) {
                perform(link, round);
            }
            if (!told && interest.isInForce()) {
                told = true;
                attempts.succeeded();
                linked.accept(link);
            }
            if (round.isEmpty()) {
                attempts.awaitWork(LOOK_AGAIN_MILLIS);
            }
        }
    }

    private void perform(Link link, Interest.Round round) throws IOException, TimeoutException {
        boolean done = false;
        try {
            link.perform(round);
            interest.done(round);
            done = true;
        } finally {
            if (!done) {
                interest.notRemoved(round);
            }
        }
    }
}
