package io.switchboard.directory;

import io.switchboard.message.Origin;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Who is connected where, and the heartbeats of nodes. No method blocks; safe from any thread. A stage that fails says
 * that the store is down, or that nobody knows whether it has done what was asked; each comes within a few seconds.
 */
public interface Directory extends AutoCloseable {
    /** A node claims again what it holds at least this often: stores may forget what is three times as old. */
    Duration RENEWAL = Duration.ofMinutes(5);

    /** What came of a claim. */
    sealed interface Result {
        /** The claim holds, with its epoch; those it took the place of must be told and closed. */
        record Granted(Claim claim, List<Claim> evicted) implements Result {}

        /** Another session holds the place and stays. */
        record Denied(Claim incumbent) implements Result {}
    }

    /**
     * What the caller knows.
     *
     * @param epoch the highest it has seen: a new one is higher, even if the store lost its data and its clock is wrong
     * @param lapsed incarnations of nodes whose lease has lapsed: their claims do not count
     */
    record View(long epoch, Set<Long> lapsed) {
        public static final View EMPTY = new View(0, Set.of());
    }

    /**
     * The heartbeats that the store has.
     *
     * @param remembered whether it still had this node's last one: if not it lost its data, or others took this node
     *     for dead
     * @param counts by incarnation
     */
    record Pulse(boolean remembered, Map<Long, Long> counts) {}

    /**
     * Claims a place for a session. Racing claims of one user are decided one after another.
     *
     * @param claim with epoch 0 it is new; else it is claimed again with the epoch it had, and denied if another has
     *     taken the place since. An earlier claim of the same session is replaced.
     */
    CompletionStage<Result> claim(Claim claim, LoginPolicy policy, View view);

    /** Gives the place back; false if it was already another's (nothing is changed then). */
    CompletionStage<Boolean> release(Claim claim);

    /** The claims of a user, whether their nodes are live or not. */
    CompletionStage<List<Claim>> find(String user);

    /**
     * Shows that this node lives, and looks who else does.
     *
     * @param count moves with every beat
     * @param lapsed incarnations to be forgotten; one that beats again is told all the same
     */
    CompletionStage<Pulse> beat(Origin self, long count, Set<Long> lapsed);

    /**
     * Who listens to what, in the same store; closed with this directory. By default only what this node enters is
     * known.
     *
     * @param self the node that enters its sessions
     */
    default Presence presence(Origin self) {
        return Presence.local();
    }

    /** Member lists in the same store; closed with this directory. By default they are this node's own. */
    default Groups groups() {
        return Groups.local();
    }

    /** What stands in a key of {@link PublishedKeys}, whoever wrote it; empty if nothing does. */
    default CompletionStage<Optional<String>> published(String key) {
        return CompletableFuture.completedFuture(Optional.empty());
    }

    /**
     * Keeps what is revoked for nodes that start when no other is left that could tell them. By default nothing is
     * kept.
     *
     * @param what in one line
     */
    default CompletionStage<Void> revoke(String what, Duration kept) {
        return CompletableFuture.completedFuture(null);
    }

    /** What is kept as revoked, the newest first. */
    default CompletionStage<List<String>> revoked() {
        return CompletableFuture.completedFuture(List.of());
    }

    @Override
    void close();

    /** A directory in this process's memory. */
    static Directory local() {
        return new MemoryDirectory(new MemoryDirectory.Store());
    }
}
