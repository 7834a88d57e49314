package io.switchboard.bridges.redis;

import io.netty.channel.EventLoop;
import io.switchboard.directory.Groups;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Member lists in Redis, in one slot, under {@code <cluster>:{groups}}; whatever is changed is changed by one script. A
 * node knows which groups have a list, and asks for the rest. It looks every second what the others have changed.
 */
final class RedisGroups implements Groups {
    private static final Script CHANGE = Script.of("group.lua");
    private static final Script LOOK = Script.of("groups.lua");
    private static final int LOOK_MILLIS = 1_000;
    private static final int FIRST_LOOK_MILLIS = 50;

    private record Listener(Consumer<String> changed, Runnable unsure) {}

    private final Commander commander;
    private final String key;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final Map<String, Set<String>> begun = new ConcurrentHashMap<>();
    private final EventLoop loop;
    private volatile boolean closed;

    /** Null until Redis has said which. */
    private volatile @Nullable Set<String> listed;

    // Guarded by this.
    private String epoch = "";
    private long version;
    private boolean failing;

    RedisGroups(String cluster, Commander commander, EventLoop loop) {
        this.commander = commander;
        this.key = cluster + ":{groups}";
        this.loop = loop;
        loop.execute(this::lookAgain);
    }

    /** Often until there is something to go by: nobody's groups are known before. */
    private void lookAgain() {
        var ignored = look().whenComplete((done, failure) -> {
            if (!closed) {
                int millis = listed == null ? FIRST_LOOK_MILLIS : LOOK_MILLIS;
                loop.schedule(this::lookAgain, millis, TimeUnit.MILLISECONDS);
            }
        });
    }

    void close() {
        closed = true;
    }

    @Override
    public boolean isListed(String group) {
        Set<String> known = listed;
        return known == null || known.contains(group);
    }

    @Override
    public CompletionStage<Set<String>> of(String user) {
        return commander.ask(key + ":u:" + user, "SMEMBERS").thenApply(reply -> texts(reply.asItems()));
    }

    private static Set<String> texts(List<RespValue> items) {
        return items.stream().map(RespValue::asText).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public CompletionStage<Optional<Set<String>>> members(String group) {
        CompletableFuture<RespValue> is = commander.ask(key + ":lists", "SISMEMBER", group);
        return commander
                .ask(key + ":g:" + group, "SMEMBERS")
                .thenCombine(
                        is,
                        (members, flag) ->
                                flag.asText().equals("1") ? Optional.of(texts(members.asItems())) : Optional.empty());
    }

    @Override
    public CompletionStage<Void> change(Change change) {
        List<String> words = new ArrayList<>(List.of(
                change.kind().name().toLowerCase(Locale.ROOT),
                change.group(),
                Long.toHexString(ThreadLocalRandom.current().nextLong()),
                Integer.toString(LISTS_MAX),
                Integer.toString(MEMBERS_MAX),
                Integer.toString(change.added().size())));
        words.addAll(change.added());
        words.addAll(change.removed());
        return commander.run(CHANGE, key, words.toArray(String[]::new)).thenCompose(reply -> switch (reply.asText()) {
            case "lists" -> CompletableFuture.failedFuture(new IllegalArgumentException(TOO_MANY_LISTS));
            case "members" -> CompletableFuture.failedFuture(new IllegalArgumentException(TOO_MANY_MEMBERS));
            default -> look();
        });
    }

    @Override
    public void begin(Map<String, Set<String>> lists) {
        begun.putAll(lists);
        begin();
    }

    /** What cannot be sent now is sent when Redis answers the next look. */
    private void begin() {
        begun.forEach((group, members) -> {
            var ignored = change(new Change(Change.Kind.BEGIN, group, members, Set.of()));
        });
    }

    @Override
    public CompletionStage<Void> look() {
        String[] known = known();
        return commander.run(LOOK, key, known).handle((reply, failure) -> {
            if (failure != null || reply == null) {
                failed();
                throw new CompletionException(failure);
            }
            List<RespValue> items = reply.asItems();
            learn(known[0], items.get(0).asText(), Long.parseLong(items.get(1).asText()), items);
            return null;
        });
    }

    private synchronized String[] known() {
        return new String[] {epoch, Long.toString(version)};
    }

    private synchronized void failed() {
        failing = true;
    }

    /** @param asked the epoch that was known when this was asked */
    private void learn(String asked, String nowEpoch, long nowVersion, List<RespValue> items) {
        var users = new HashSet<String>();
        boolean unsure;
        boolean fresh;
        synchronized (this) {
            // A lost session's question, or one asked while Redis was away, may have had no answer.
            unsure = failing;
            failing = false;
            fresh = listed == null || !epoch.equals(nowEpoch);
            boolean all = items.get(2).asText().equals("all");
            if ((all ? epoch.equals(nowEpoch) : !epoch.equals(asked)) && nowVersion < version) {
                // Another look was quicker.
                return;
            }
            List<RespValue> rest = items.subList(3, items.size());
            if (all) {
                Set<String> groups = ConcurrentHashMap.newKeySet();
                groups.addAll(texts(rest));
                listed = groups;
                unsure = true;
            } else {
                unsure |= follow(rest, users);
            }
            epoch = nowEpoch;
            version = nowVersion;
        }
        if (unsure) {
            listeners.forEach(listener -> listener.unsure().run());
        } else {
            users.forEach(
                    user -> listeners.forEach(listener -> listener.changed().accept(user)));
        }
        if (fresh) {
            begin();
        }
    }

    /** Whether there is an entry that does not say whom it concerns. */
    private synchronized boolean follow(List<RespValue> entries, Set<String> users) {
        Set<String> known = listed;
        if (known == null) {
            known = ConcurrentHashMap.newKeySet();
            listed = known;
        }
        var latest = new HashMap<String, Boolean>();
        for (RespValue entry : entries) {
            String[] words = entry.asText().split("\n");
            if (Long.parseLong(words[0]) > version) {
                latest.put(words[1], words[2].equals("1"));
                users.addAll(List.of(words).subList(3, words.length));
            }
        }
        for (var one : latest.entrySet()) {
            if (one.getValue()) {
                known.add(one.getKey());
            } else {
                known.remove(one.getKey());
            }
        }
        return users.contains("*");
    }

    @Override
    public void listen(Consumer<String> changed, Runnable unsure) {
        listeners.add(new Listener(changed, unsure));
    }
}
