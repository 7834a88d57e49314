package io.switchboard.bridges.rocketmq;

import io.switchboard.backplane.Attempts;
import io.switchboard.backplane.BackplaneProvider.Settings;
import io.switchboard.backplane.Judge;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.common.message.MessageQueue;
import org.jspecify.annotations.Nullable;

/** The one thread that connects and listens, again and again until closed. It alone waits for such answers. */
final class Linker implements Runnable {
    private static final long LOOK_AGAIN_MILLIS = 30_000;

    private final RocketTarget target;
    private final Settings settings;
    private final Names names;
    private final Interest interest;
    private final PublishedPlace nativePlace;
    private final Inbound inbound;
    private final Consumer<Link> linked;
    private final Consumer<Link> lost;
    private final Attempts attempts;
    private Map<MessageQueue, Long> positions = Map.of();
    private long positionsAt;
    private int lives;

    Linker(
            RocketTarget target,
            Settings settings,
            Names names,
            PublishedPlace nativePlace,
            Interest interest,
            Inbound inbound,
            Consumer<Link> linked,
            Consumer<Link> lost,
            Attempts attempts) {
        this.target = target;
        this.settings = settings;
        this.names = names;
        this.nativePlace = nativePlace;
        this.interest = interest;
        this.inbound = inbound;
        this.linked = linked;
        this.lost = lost;
        this.attempts = attempts;
    }

    @Override
    public void run() {
        attempts.repeat(this::live);
    }

    /** One life of a link; gives how long to wait before the next. */
    private long live() throws InterruptedException {
        @Nullable Link link = null;
        try {
            link = Link.open(target, settings, names, ++lives, before(), inbound, attempts::wake);
            interest.opened(nativePlace);
            serve(link);
        } catch (MQClientException | RuntimeException e) {
            if (link == null) {
                return attempts.failed(Failures.explain(e), false);
            }
            link.die(Failures.explain(e));
        } finally {
            if (link != null) {
                interest.forgetPlaces();
                positions = link.end();
                positionsAt = Math.max(positionsAt, link.heardAt());
                link.close();
            }
        }
        lost.accept(link);
        return attempts.failed(link.why(), false);
    }

    /** A short cut is bridged; after a long one nobody is told what is old. */
    private Map<MessageQueue, Long> before() {
        return Judge.now() - positionsAt <= Bounds.BRIDGED_MILLIS ? positions : Map.of();
    }

    private void serve(Link link) throws MQClientException, InterruptedException {
        boolean told = false;
        while (link.isAlive() && !attempts.isClosed()) {
            var place = interest.toOpen();
            if (place.isPresent()) {
                link.listen(place.get());
                interest.opened(place.get());
                continue;
            }
            if (!told) {
                told = true;
                attempts.succeeded();
                linked.accept(link);
            } else {
                refresh(link);
            }
            attempts.awaitWork(LOOK_AGAIN_MILLIS);
        }
    }

    private void refresh(Link link) {
        try {
            link.refresh();
        } catch (MQClientException _away) {
            // What is there goes on.
        }
    }
}
