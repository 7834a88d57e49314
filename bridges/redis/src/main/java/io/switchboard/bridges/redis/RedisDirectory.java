package io.switchboard.bridges.redis;

import io.switchboard.directory.Claim;
import io.switchboard.directory.Directory;
import io.switchboard.directory.Groups;
import io.switchboard.directory.LoginPolicy;
import io.switchboard.directory.Presence;
import io.switchboard.message.Origin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Claims in Redis. All claims of a user are one hash, {@code <cluster>:{u:<user>}}, and whatever is decided about
 * them is decided by one script on it; the heartbeats of all nodes are another, {@code <cluster>:nodes}; what is
 * revoked is a sorted set, {@code <cluster>:revoked}. Keys of users who do not come back expire; the nodes renew
 * those of their own sessions long before.
 */
final class RedisDirectory implements Directory {
    private static final Script CLAIM = Script.of("claim.lua");
    private static final Script RELEASE = Script.of("release.lua");
    private static final Script BEAT = Script.of("beat.lua");
    private static final Script REVOKE = Script.of("revoke.lua");
    private static final Script REVOKED = Script.of("revoked.lua");
    private static final String REVOKED_MAX = "200000";
    private static final int AT_ONCE = 5_000;

    /** Nodes claim again what they hold within a third of this. */
    private static final String KEPT_MILLIS = Long.toString(3 * RENEWAL.toMillis());

    private static final String REMEMBERED_MILLIS = "60000";

    private final String cluster;
    private final Commander commander;
    private final RedisLoop loop;
    private @Nullable RedisGroups groups;

    RedisDirectory(String cluster, Commander commander, RedisLoop loop) {
        this.cluster = cluster;
        this.commander = commander;
        this.loop = loop;
    }

    private String key(String user) {
        return cluster + ":{u:" + user + "}";
    }

    @Override
    public CompletionStage<Result> claim(Claim claim, LoginPolicy policy, View view) {
        List<String> words = new ArrayList<>(List.of(
                claim.session(),
                claim.device(),
                claim.node(),
                Long.toHexString(claim.incarnation()),
                policy.scope().name().toLowerCase(Locale.ROOT),
                policy.strategy().name().toLowerCase(Locale.ROOT),
                Long.toString(claim.epoch()),
                Long.toString(view.epoch()),
                KEPT_MILLIS));
        view.lapsed().forEach(incarnation -> words.add(Long.toHexString(incarnation)));
        return commander
                .run(CLAIM, key(claim.user()), words.toArray(String[]::new))
                .thenApply(reply -> result(claim, reply.asItems()));
    }

    private static Result result(Claim claim, List<RespValue> reply) {
        if (reply.getFirst().asText().equals("denied")) {
            return new Result.Denied(held(claim.user(), reply.get(1), reply.get(2)));
        }
        var evicted = new ArrayList<Claim>();
        for (int i = 2; i + 1 < reply.size(); i += 2) {
            evicted.add(held(claim.user(), reply.get(i), reply.get(i + 1)));
        }
        return new Result.Granted(claim.granted(Long.parseLong(reply.get(1).asText())), evicted);
    }

    /** @param value {@code <epoch> <incarnation> <node> <device>} */
    private static Claim held(String user, RespValue session, RespValue value) {
        String[] words = value.asText().split(" ", 4);
        return new Claim(
                user,
                words[3],
                session.asText(),
                words[2],
                Long.parseUnsignedLong(words[1], 16),
                Long.parseLong(words[0]));
    }

    @Override
    public CompletionStage<Boolean> release(Claim claim) {
        return commander
                .run(RELEASE, key(claim.user()), claim.session(), Long.toString(claim.epoch()), REMEMBERED_MILLIS)
                .thenApply(reply -> reply.asText().equals("1"));
    }

    @Override
    public CompletionStage<List<Claim>> find(String user) {
        return commander.ask(key(user), "HGETALL").thenApply(reply -> {
            List<RespValue> fields = reply.asItems();
            var claims = new ArrayList<Claim>();
            for (int i = 0; i + 1 < fields.size(); i += 2) {
                if (!fields.get(i).asText().equals("@")) {
                    claims.add(held(user, fields.get(i), fields.get(i + 1)));
                }
            }
            return claims;
        });
    }

    @Override
    public CompletionStage<Pulse> beat(Origin self, long count, Set<Long> lapsed) {
        List<String> words = new ArrayList<>(List.of(Long.toHexString(self.incarnation()), Long.toString(count)));
        lapsed.forEach(incarnation -> words.add(Long.toHexString(incarnation)));
        return commander
                .run(BEAT, cluster + ":nodes", words.toArray(String[]::new))
                .thenApply(reply -> pulse(reply.asItems()));
    }

    private static Pulse pulse(List<RespValue> reply) {
        Map<Long, Long> counts = new HashMap<>();
        for (int i = 1; i + 1 < reply.size(); i += 2) {
            counts.put(
                    Long.parseUnsignedLong(reply.get(i).asText(), 16),
                    Long.parseLong(reply.get(i + 1).asText()));
        }
        return new Pulse(!reply.getFirst().asText().isEmpty(), counts);
    }

    @Override
    public Presence presence(Origin self) {
        return new RedisPresence(cluster, commander, self.incarnation());
    }

    @Override
    public synchronized Groups groups() {
        RedisGroups known = groups;
        if (known == null) {
            known = new RedisGroups(cluster, commander, loop.eventLoop());
            groups = known;
        }
        return known;
    }

    private synchronized void closeGroups() {
        if (groups != null) {
            groups.close();
        }
    }

    @Override
    public CompletionStage<Void> revoke(String what, Duration kept) {
        return commander
                .run(REVOKE, cluster + ":revoked", what, Long.toString(kept.toMillis()), REVOKED_MAX)
                .thenAccept(reply -> {});
    }

    @Override
    public CompletionStage<List<String>> revoked() {
        return revoked(List.of());
    }

    /** In portions, so that nobody waits long for Redis. */
    private CompletionStage<List<String>> revoked(List<String> before) {
        return commander
                .run(REVOKED, cluster + ":revoked", Integer.toString(before.size()), Integer.toString(AT_ONCE))
                .thenCompose(reply -> {
                    var all = new ArrayList<>(before);
                    reply.asItems().forEach(item -> all.add(item.asText()));
                    return reply.asItems().size() < AT_ONCE ? CompletableFuture.completedFuture(all) : revoked(all);
                });
    }

    @Override
    public void close() {
        closeGroups();
        commander.close();
        loop.release().run();
    }

    @Override
    public String toString() {
        return "RedisDirectory(" + cluster + ")";
    }
}
