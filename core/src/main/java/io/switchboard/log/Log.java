package io.switchboard.log;

import io.switchboard.backplane.Backplane;
import io.switchboard.message.Position;
import io.switchboard.message.Publication;
import io.switchboard.message.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Keeps the last publications of topics with history, and tells all nodes what it appends: for such topics it is the
 * backplane as well. A topic's positions count from 1 within an epoch; when what was kept is lost, or may have been,
 * the epoch is new. The meta data (epoch and top offset) outlives the publications.
 *
 * <p>No method blocks; safe from any thread. Every stage completes within a few seconds: one that fails says that the
 * log is down, or that nobody knows whether it has done what was asked.
 */
public interface Log extends AutoCloseable {
    /** How long positions are remembered after the last publication. */
    Duration META_TTL = Duration.ofDays(30);

    /** How long it is remembered what came of a publication with a key. */
    Duration KEY_TTL = Duration.ofMinutes(5);

    /**
     * How much of a topic is kept.
     *
     * @param sizeMax 0 if this publication is to be told only, and has no position
     * @param ttl after the last publication, of all
     */
    record Retention(int sizeMax, Duration ttl) {}

    /**
     * On which terms something is appended.
     *
     * @param key what was appended with the same key within {@link #KEY_TTL} is not appended again; empty for none
     * @param version it is not appended unless this is higher than the version before; 0 for none
     * @param versionEpoch versions of different epochs are not compared: the newcomer is appended
     */
    record Terms(Retention retention, String key, long version, String versionEpoch) {
        public static Terms of(Retention retention) {
            return new Terms(retention, "", 0, "");
        }
    }

    /**
     * What came of an append.
     *
     * @param position of the publication; empty if it was told only
     * @param news false if it was not appended, being a repeat (the position is the first one's) or of an older version
     *     (the position is the topic's)
     */
    record Appended(Optional<Position> position, boolean news) {}

    /**
     * Publications in order.
     *
     * @param top the topic's position when it was read
     * @param complete false if something after {@code since} is no longer kept, or the epoch is another
     */
    record Page(List<Publication> publications, Position top, boolean complete) {}

    /** It was certainly not appended. */
    final class RefusedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public RefusedException(String message) {
            super(message, null, false, false);
        }
    }

    /**
     * Begins. The listener hears what is appended to topics that are subscribed to, by this node as well; of one topic
     * in the order of the positions, as long as the link is up.
     */
    void start(Backplane.Listener listener);

    /** Completes when nothing that is appended from now on is missed while the link is up. */
    CompletionStage<Void> subscribe(Topic topic);

    void unsubscribe(Topic topic);

    /** Whether nothing that is appended now is missed. */
    boolean isUp();

    /**
     * Appends and tells in one step. Appends of one topic are decided one after another; those of one thread in its
     * order. Fails with {@link RefusedException} if it was certainly not done.
     */
    CompletionStage<Appended> append(Publication publication, Terms terms);

    /** Reads what follows {@code since} (of an empty epoch: of any), or from the oldest kept one; at most that many. */
    CompletionStage<Page> read(Topic topic, Optional<Position> since, int limit);

    /** Reads backwards what precedes {@code before}, or from the newest one. Complete unless the epoch is another. */
    CompletionStage<Page> readBack(Topic topic, Optional<Position> before, int limit);

    CompletionStage<Position> top(Topic topic);

    /** Forgets the publications; the position goes on. */
    CompletionStage<Void> remove(Topic topic);

    /** Idempotent. */
    @Override
    void close();
}
