package io.switchboard.hub;

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
 * that has started since asks the others what they remember.
 */
final class Revoking {
    private static final String REVOKE = "revoke";
    private static final String REMEMBERED = "revoked?";
    private static final long ANSWER_MILLIS = 2_000;
    private static final long[] ASK_AFTER_MILLIS = {1_000, 10_000, 60_000};
    private static final int NEWEST = 1_000;

    private final Hub hub;
    private volatile @Nullable RevokedTokens list;

    Revoking(Hub hub) {
        this.hub = hub;
        hub.control.on(REVOKE, words -> {
            add(words[1], words[2], Long.parseLong(words[3]));
            return CompletableFuture.completedFuture("");
        });
        hub.control.on(REMEMBERED, words -> CompletableFuture.completedFuture(remembered()));
    }

    /** From here on revocations of all nodes come to that list. */
    void tell(RevokedTokens tokens) {
        list = tokens;
        // Not at once: it takes a moment until nodes have heard of each other.
        for (long millis : ASK_AFTER_MILLIS) {
            hub.shard(0).loop.schedule(this::learn, millis);
        }
    }

    CompletionStage<Reached> revoke(Whom whom, CloseReason reason) {
        if (!whom.session().isEmpty()) {
            return hub.instruct(whom, new Instruction.Disconnect(reason));
        }
        String now = Long.toString(System.currentTimeMillis());
        String user = whom.token().isEmpty() ? whom.user() : "";
        return hub.control
                .askAll(ANSWER_MILLIS, REVOKE, whom.token(), user, now)
                .thenCompose(answers -> hub.instruct(whom, new Instruction.Disconnect(reason))
                        .thenApply(reached -> new Reached(
                                reached.sessions(), reached.nodes(), Math.max(reached.silent(), answers.silent()))));
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
                : known.newest(NEWEST).stream()
                        .map(one -> one.token() + "\t" + one.user() + "\t" + one.beforeMillis())
                        .collect(Collectors.joining("\n"));
    }
}
