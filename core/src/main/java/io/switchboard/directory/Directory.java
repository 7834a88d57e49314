package io.switchboard.directory;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/** Who is connected where. No method blocks; safe from any thread. */
public interface Directory extends AutoCloseable {
    /** What came of a claim. */
    sealed interface Result {
        /** The claim holds, with its epoch; those it took the place of must be told and closed. */
        record Granted(Claim claim, List<Claim> evicted) implements Result {}

        /** An older session holds the place and stays. */
        record Denied(Claim incumbent) implements Result {}
    }

    /**
     * Claims a place for a session. Racing claims of one user are decided one after another.
     *
     * @param isLive the caller's judgement of the node of a claim; claims of nodes that are not live do not count
     */
    CompletionStage<Result> claim(Claim claim, LoginPolicy policy, Predicate<Claim> isLive);

    /** Gives the place back; false if it was already another's (nothing is changed then). */
    CompletionStage<Boolean> release(Claim claim);

    /** The claims of a user. */
    CompletionStage<List<Claim>> find(String user);

    @Override
    void close();

    /** A directory in this process's memory. */
    static Directory local() {
        return new LocalDirectory();
    }
}
