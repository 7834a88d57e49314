package io.switchboard.backplane;

import io.switchboard.message.Publication;
import io.switchboard.message.Topic;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Carries publications between nodes.
 *
 * <ol>
 *   <li>{@link #subscribe} completes when the broker has confirmed; nothing published afterwards is missed while the
 *       link is up. The link is <em>up</em> when the node's own ping has come back through the subscription within 2 s.
 *   <li>Per sending node and topic, order is kept. Repeats (same origin incarnation and sequence) are dropped.
 *   <li>Every publication is settled as ACCEPTED, REFUSED (certainly not sent) or UNKNOWN within a bounded time. Only
 *       what was certainly not written is sent again, or what receivers can tell apart by its sequence. Never silent.
 *   <li>No method blocks; nothing that may block runs on an event loop.
 *   <li>A lost link is reported, reconnected with jittered backoff, every subscription renewed, and reported again. A
 *       bounded spool bridges short cuts for formats whose receivers drop repeats; published formats are never spooled.
 *   <li>Objects on a queue broker are O(nodes).
 *   <li>One-to-one costs the same whatever the number of nodes wherever the broker knows the place.
 *   <li>Garbage on the broker is counted, logged at most once per interval, and harmless.
 * </ol>
 *
 * All methods may be called from any thread. {@link #subscribe} and {@link #unsubscribe} of one topic are called from
 * one thread, in order; {@link #publish} keeps the order of each calling thread.
 */
public interface Backplane extends AutoCloseable {
    /** Connects and tells the listener what arrives. Called once, first; returns at once. */
    void start(Listener listener);

    /** Completes when nothing published from now on is missed; fails only when the backplane is closed. */
    CompletionStage<Void> subscribe(Topic topic);

    void unsubscribe(Topic topic);

    /** Sends a batch in order, and settles each. */
    void publish(List<? extends Outgoing> batch);

    /**
     * Whether a node hears its own publications to this topic, as with published formats, which name no origin. Such a
     * publication must not be delivered locally as well.
     */
    boolean echoes(Topic topic);

    /** Whether all of it is linked. */
    boolean isUp();

    /**
     * Whether nothing that is published to this topic now is missed; where topics are spread over several servers of
     * the broker, that may be so while {@link #isUp} is not.
     */
    default boolean isUp(Topic topic) {
        return isUp();
    }

    /** One of several servers of the broker. */
    record LinkState(String server, boolean up) {}

    /** Each server that is known of, with its own state. */
    default List<LinkState> links() {
        return List.of();
    }

    /** Idempotent; settles what is under way. */
    @Override
    void close();

    /** Who hears what arrives. Called from any thread, never concurrently for one topic; must not block. */
    interface Listener {
        void received(List<Publication> batch);

        void linkUp();

        void linkDown(String why);
    }

    /** No other nodes. */
    static Backplane none() {
        return new NoBackplane();
    }
}
