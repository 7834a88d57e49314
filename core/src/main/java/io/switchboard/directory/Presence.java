package io.switchboard.directory;

import io.switchboard.message.Message;
import io.switchboard.message.Topic;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions listen to which topics, on all nodes, as each node says of its own. No method blocks; safe from any
 * thread; what one thread writes about a topic happens in that order. A stage that fails says that the store is down,
 * or that nobody knows whether it has done what was asked; each comes within a few seconds.
 *
 * <ol>
 *   <li>What a node entered counts as long as the node lives: who asks says which incarnations do not.
 *   <li>Sessions are counted exactly. Users are, up to {@link #EXACT_USERS} of a topic; beyond it may be an estimate,
 *       and says so. Counting does not list.
 *   <li>Something is written when somebody comes or goes, and never otherwise; {@link #keep} renews what a node has
 *       entered for a topic in one step, however much it is, and finds out whether the store has lost it.
 * </ol>
 */
public interface Presence {
    /** So many users of a topic are counted one by one. */
    int EXACT_USERS = 10_000;

    /**
     * One who listens.
     *
     * @param info what others are told of it
     * @param topicInfo what they are told of it in this topic alone
     */
    record Entry(
            String session,
            String user,
            @Nullable Message info,
            @Nullable Message topicInfo) {}

    /**
     * Some of those who listen.
     *
     * @param next where the next page begins, empty after the last one
     * @param nodes incarnations that something was found of
     */
    record Page(List<Entry> entries, String next, Set<Long> nodes) {}

    /**
     * How many listen.
     *
     * @param exact whether {@code users} is exact
     * @param nodes incarnations that something was found of
     */
    record Count(long sessions, long users, boolean exact, Set<Long> nodes) {}

    /** A session of this node listens; once more, and what is known of it is replaced. */
    CompletionStage<Void> enter(Topic topic, Entry entry);

    /** It listens no more. */
    CompletionStage<Void> leave(Topic topic, String session);

    /**
     * Those who listen, in no order. Who comes or goes meanwhile may be on a page or not; everybody else is, perhaps on
     * two.
     *
     * @param page empty for the first one, else what the one before said
     * @param limit about so many; it may be more or fewer
     * @param lapsed incarnations that do not live
     * @throws IllegalArgumentException if no page has said that
     */
    CompletionStage<Page> list(Topic topic, String page, int limit, Set<Long> lapsed);

    CompletionStage<Count> count(Topic topic, Set<Long> lapsed);

    /**
     * Renews what this node has entered for the topic; due at least every {@link Directory#RENEWAL}.
     *
     * @param sessions how many those are
     * @return false if the store has another number of them: then it must be told anew
     */
    CompletionStage<Boolean> keep(Topic topic, int sessions);

    /** Forgets what this node has entered for the topic, which will be entered again. */
    CompletionStage<Void> forget(Topic topic);

    /** Of this node's sessions alone, in memory. */
    static Presence local() {
        return new MemoryPresence(new MemoryPresence.Store(), 0);
    }
}
