package io.switchboard.bridges.redis;

import io.switchboard.directory.Claim;
import io.switchboard.directory.Directory;
import io.switchboard.directory.Groups;
import io.switchboard.directory.LoginPolicy;
import io.switchboard.directory.PublishedKeys;
import io.switchboard.directory.PublishedKeys.Entry;
import io.switchboard.message.Origin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A directory that also writes the keys in which programs of a published design look. Beside each key
 * {@code <cluster>:note:{<key>}} holds the epoch of the claim that wrote it, so that nothing late overwrites or removes
 * what is newer; {@code <cluster>:published:<incarnation>} lists what a node has written, so that others remove it when
 * the node is dead. The key stands before the claim is granted to its caller.
 */
final class PublishingDirectory implements Directory {
    private static final Script PUBLISH = Script.of("publish.lua");
    private static final Script RETRACT = Script.of("retract.lua");
    private static final String KEPT_MILLIS = Long.toString(3 * RENEWAL.toMillis());
    private static final int AT_ONCE = 1_000;

    private final Directory claims;
    private final String cluster;
    private final Commander commander;
    private final PublishedKeys keys;
    private final Set<Long> cleared = ConcurrentHashMap.newKeySet();

    PublishingDirectory(Directory claims, String cluster, Commander commander, PublishedKeys keys) {
        this.claims = claims;
        this.cluster = cluster;
        this.commander = commander;
        this.keys = keys;
    }

    private String note(String key) {
        return cluster + ":note:{" + key + "}";
    }

    private String list(long incarnation) {
        return cluster + ":published:" + Long.toHexString(incarnation);
    }

    @Override
    public CompletionStage<Result> claim(Claim claim, LoginPolicy policy, View view) {
        return claims.claim(claim, policy, view).thenCompose(result -> {
            if (result instanceof Result.Granted(Claim granted, List<Claim> evicted)) {
                evicted.forEach(this::strike);
                Optional<Entry> entry = keys.of(granted);
                if (entry.isPresent()) {
                    // The claim holds whether this succeeds or not: what is missing is written with the next renewal.
                    return publish(granted, entry.get()).handle((done, failure) -> result);
                }
            }
            return CompletableFuture.completedFuture(result);
        });
    }

    private CompletionStage<RespValue> publish(Claim claim, Entry entry) {
        String value = claim.epoch() + " " + entry.value();
        var listed = commander.ask(list(claim.incarnation()), "HSET", field(claim, entry), value);
        var written = commander.run(
                PUBLISH,
                entry.key(),
                note(entry.key()),
                entry.value(),
                Long.toString(claim.epoch()),
                Long.toString(entry.kept().map(kept -> kept.toSeconds()).orElse(0L)),
                KEPT_MILLIS);
        return listed.thenCombine(written, (ignored, reply) -> reply);
    }

    /** Of a node's list: with the session, for a later one of the same node may have the same key. */
    private static String field(Claim claim, Entry entry) {
        return claim.session() + " " + entry.key();
    }

    /** The key is not this claim's any more: its node has nothing to take back. */
    private void strike(Claim claim) {
        keys.of(claim).ifPresent(entry -> {
            var ignored = commander.ask(list(claim.incarnation()), "HDEL", field(claim, entry));
        });
    }

    @Override
    public CompletionStage<Boolean> release(Claim claim) {
        CompletionStage<Boolean> released = claims.release(claim);
        Optional<Entry> entry = keys.of(claim);
        if (entry.isEmpty()) {
            return released;
        }
        return released.thenCombine(
                retract(entry.get().key(), entry.get().value(), Long.toString(claim.epoch())), (was, ignored) -> {
                    strike(claim);
                    return was;
                });
    }

    private CompletableFuture<RespValue> retract(String key, String value, String epoch) {
        return commander.run(RETRACT, key, note(key), value, epoch);
    }

    @Override
    public CompletionStage<List<Claim>> find(String user) {
        return claims.find(user);
    }

    @Override
    public CompletionStage<Pulse> beat(Origin self, long count, Set<Long> lapsed) {
        cleared.retainAll(lapsed);
        lapsed.forEach(this::clear);
        return claims.beat(self, count, lapsed);
    }

    /** Removes what a dead node has published, once. */
    private void clear(long incarnation) {
        if (cleared.add(incarnation)) {
            var ignored = commander
                    .ask(list(incarnation), "HGETALL")
                    .thenCompose(reply -> retract(reply.asItems(), 0))
                    .thenCompose(all -> commander.ask(list(incarnation), "DEL"))
                    .whenComplete((done, failure) -> {
                        if (failure != null) {
                            cleared.remove(incarnation);
                        }
                    });
        }
    }

    private CompletableFuture<Void> retract(List<RespValue> list, int from) {
        if (from >= list.size()) {
            return CompletableFuture.completedFuture(null);
        }
        int end = Math.min(from + 2 * AT_ONCE, list.size());
        var asked = new ArrayList<CompletableFuture<RespValue>>();
        for (int i = from; i + 1 < end; i += 2) {
            String key = list.get(i).asText().split(" ", 2)[1];
            String[] written = list.get(i + 1).asText().split(" ", 2);
            asked.add(retract(key, written[1], written[0]));
        }
        return CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new))
                .thenCompose(ignored -> retract(list, end));
    }

    @Override
    public CompletionStage<Optional<String>> published(String key) {
        return commander
                .ask(key, "GET")
                .thenApply(reply -> Optional.of(reply.asText()).filter(text -> !text.isEmpty()));
    }

    @Override
    public Groups groups() {
        return claims.groups();
    }

    @Override
    public CompletionStage<Void> revoke(String what, Duration kept) {
        return claims.revoke(what, kept);
    }

    @Override
    public CompletionStage<List<String>> revoked() {
        return claims.revoked();
    }

    @Override
    public void close() {
        claims.close();
    }

    @Override
    public String toString() {
        return claims + ", published";
    }
}
