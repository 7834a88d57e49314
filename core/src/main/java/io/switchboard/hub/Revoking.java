package io.switchboard.hub;

import io.switchboard.directory.Directory;
import io.switchboard.protocol.CloseReason;
import io.switchboard.protocol.Instruction;
import io.switchboard.protocol.RevokedTokens;
import io.switchboard.protocol.RevokedTokens.Revocation;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Has tokens count no more on any node: each is told, remembers it, and closes the sessions that came with them. A node
 * that has started since asks the others what they remember, and before that the directory, if it keeps such things.
 */
final class Revoking {
    private static final System.Logger LOG = System.getLogger(Revoking.class.getName());
    private static final String REVOKE = "revoke";
    private static final String REMEMBERED = "revoked?";
    private static final long ANSWER_MILLIS = 2_000;
    private static final long[] ASK_AFTER_MILLIS = {1_000, 10_000, 60_000};
    private static final int NEWEST = 1_000;
    private static final long KEPT_AGAIN_MILLIS = 50;
    private static final long KEPT_AGAIN_MILLIS_MAX = 1_000;

    private final Hub hub;
    private final Directory directory;
    private volatile @Nullable RevokedTokens list;

    Revoking(Hub hub, Directory directory) {
        this.hub = hub;
        this.directory = directory;
        hub.control.on(REVOKE, words -> {
            add(words[1], words[2], Long.parseLong(words[3]));
            return CompletableFuture.completedFuture("");
        });
        hub.control.on(REMEMBERED, words -> CompletableFuture.completedFuture(remembered()));
    }

    /** From here on revocations of all nodes come to that list; completes when those of the directory are there. */
    CompletionStage<Void> tell(RevokedTokens tokens) {
        list = tokens;
        // Not at once: it takes a moment until nodes have heard of each other.
        for (long millis : ASK_AFTER_MILLIS) {
            hub.shard(0).loop.schedule(this::learn, millis);
        }
        var known = new CompletableFuture<Void>();
        askDirectory(known, KEPT_AGAIN_MILLIS);
        return known;
    }

    private void askDirectory(CompletableFuture<Void> known, long againMillis) {
        var ignored = directory.revoked().whenComplete((lines, failure) -> {
            if (failure == null) {
                lines.reversed().forEach(this::learn);
                known.complete(null);
            } else if (!hub.isDraining()) {
                long next = Math.min(2 * againMillis, KEPT_AGAIN_MILLIS_MAX);
                hub.shard(0).loop.schedule(() -> askDirectory(known, next), againMillis);
            }
        });
    }

    CompletionStage<Reached> revoke(Whom whom, CloseReason reason) {
        if (!whom.session().isEmpty()) {
            return hub.instruct(whom, new Instruction.Disconnect(reason));
        }
        String now = Long.toString(System.currentTimeMillis());
        String user = whom.token().isEmpty() ? whom.user() : "";
        CompletionStage<Void> kept = keep(new Revocation(whom.token(), user, Long.parseLong(now)));
        return hub.control
                .askAll(ANSWER_MILLIS, REVOKE, whom.token(), user, now)
                .thenCombine(kept, (answers, done) -> answers)
                .thenCompose(answers -> hub.instruct(whom, new Instruction.Disconnect(reason))
                        .thenApply(reached -> new Reached(
                                reached.sessions(), reached.nodes(), Math.max(reached.silent(), answers.silent()))));
    }

    /** A directory that is down loses it, which is said; the nodes remember it all the same. */
    private CompletionStage<Void> keep(Revocation revocation) {
        RevokedTokens known = list;
        if (known == null) {
            return CompletableFuture.completedFuture(null);
        }
        return directory.revoke(line(revocation), known.kept()).exceptionally(failure -> {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "a revocation is not kept in the directory, nodes forget it if all stop at once; revoke again: {0}",
                    failure.getMessage());
            return null;
        });
    }

    private static String line(Revocation one) {
        return one.token() + "\t" + one.user() + "\t" + one.beforeMillis();
    }

    private void learn() {
        var ignored = hub.control
                .askAll(ANSWER_MILLIS, REMEMBERED)
                .thenAccept(answers -> answers.given().forEach((node, text) -> {
                    if (!node.equals(hub.origin)) {
                        text.lines().forEach(this::learn);
                    }
                }));
    }

    private void learn(String line) {
        String[] words = line.split("\t", -1);
        if (words.length == 3 && words[2].matches("\\d{1,18}")) {
            add(words[0], words[1], Long.parseLong(words[2]));
        }
    }

    private void add(String token, String user, long beforeMillis) {
        RevokedTokens known = list;
        if (known != null) {
            known.add(new Revocation(token, user, beforeMillis));
        }
    }

    private String remembered() {
        RevokedTokens known = list;
        return known == null
                ? ""
                : known.newest(NEWEST).stream().map(Revoking::line).collect(Collectors.joining("\n"));
    }
}
