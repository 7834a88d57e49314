package io.switchboard.bridges.redis;

import io.switchboard.directory.Directory;
import io.switchboard.directory.Presence;
import io.switchboard.message.MalformedException;
import io.switchboard.message.Message;
import io.switchboard.message.Topic;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Presence in Redis. A topic has one hash of sessions, and one of users, for each node that has listeners, {@code
 * <cluster>:{p:<topic>}:<incarnation>} and the same with {@code :u}; {@code <cluster>:{p:<topic>}} tells which nodes
 * those are. All are in one slot. Whatever is done about a topic is done by one script.
 */
final class RedisPresence implements Presence {
    private static final Script ENTER = Script.of("enter.lua");
    private static final Script LEAVE = Script.of("leave.lua");
    private static final Script KEEP = Script.of("keep.lua");
    private static final Script FORGET = Script.of("forget.lua");
    private static final Script COUNT = Script.of("count.lua");
    private static final Script LIST = Script.of("list.lua");

    /** Nodes renew what they have entered within a third of this. */
    private static final String KEPT_MILLIS = Long.toString(3 * Directory.RENEWAL.toMillis());

    private final String cluster;
    private final Commander commander;
    private final String self;

    RedisPresence(String cluster, Commander commander, long self) {
        this.cluster = cluster;
        this.commander = commander;
        this.self = Long.toHexString(self);
    }

    private String key(Topic topic) {
        return cluster + ":{p:" + topic.name() + "}";
    }

    private CompletionStage<RespValue> run(Script script, Topic topic, String... words) {
        return commander.run(script, key(topic), words);
    }

    @Override
    public CompletionStage<Void> enter(Topic topic, Entry entry) {
        String value = entry.user() + "\n" + text(entry.info()) + "\n" + text(entry.topicInfo());
        return run(ENTER, topic, self, entry.session(), entry.user(), value, KEPT_MILLIS)
                .thenAccept(reply -> {});
    }

    @Override
    public CompletionStage<Void> leave(Topic topic, String session) {
        return run(LEAVE, topic, self, session).thenAccept(reply -> {});
    }

    @Override
    public CompletionStage<Boolean> keep(Topic topic, int sessions) {
        return run(KEEP, topic, self, Integer.toString(sessions), KEPT_MILLIS)
                .thenApply(reply -> reply.asText().equals("1"));
    }

    @Override
    public CompletionStage<Void> forget(Topic topic) {
        return run(FORGET, topic, self).thenAccept(reply -> {});
    }

    @Override
    public CompletionStage<Count> count(Topic topic, Set<Long> lapsed) {
        return run(COUNT, topic, words(lapsed, Integer.toString(EXACT_USERS)))
                .thenApply(reply -> count(reply.asItems()));
    }

    private static Count count(List<RespValue> reply) {
        var nodes = new HashSet<Long>();
        for (RespValue node : reply.subList(3, reply.size())) {
            nodes.add(Long.parseUnsignedLong(node.asText(), 16));
        }
        return new Count(
                Long.parseLong(reply.get(0).asText()),
                Long.parseLong(reply.get(1).asText()),
                reply.get(2).asText().equals("1"),
                nodes);
    }

    @Override
    public CompletionStage<Page> list(Topic topic, String page, int limit, Set<Long> lapsed) {
        int space = page.indexOf(' ');
        if (!page.isEmpty() && !page.matches("[0-9a-f]{1,16} \\d{1,20}")) {
            throw new IllegalArgumentException("there is no such page");
        }
        String node = page.isEmpty() ? "" : page.substring(0, space);
        String place = page.isEmpty() ? "0" : page.substring(space + 1);
        return run(LIST, topic, words(lapsed, node, place, Integer.toString(limit)))
                .thenApply(reply -> page(reply.asItems()));
    }

    private static Page page(List<RespValue> reply) {
        String next = reply.get(0).asText();
        String read = reply.get(2).asText();
        var entries = new ArrayList<Entry>();
        for (int i = 3; i + 1 < reply.size(); i += 2) {
            entries.add(entry(reply.get(i).asText(), reply.get(i + 1).asText()));
        }
        return new Page(
                entries,
                next.isEmpty()
                        ? ""
                        : next + " " + (next.equals(read) ? reply.get(1).asText() : "0"),
                read.isEmpty() ? Set.of() : Set.of(Long.parseUnsignedLong(read, 16)));
    }

    private static Entry entry(String session, String value) {
        String[] words = value.split("\n", -1);
        try {
            return new Entry(session, words[0], message(words[1]), message(words[2]));
        } catch (MalformedException | IndexOutOfBoundsException e) {
            throw new CompletionException("an entry of a topic's listeners makes no sense", e);
        }
    }

    private static String[] words(Set<Long> lapsed, String... first) {
        var words = new ArrayList<>(List.of(first));
        lapsed.forEach(incarnation -> words.add(Long.toHexString(incarnation)));
        return words.toArray(String[]::new);
    }

    private static String text(@Nullable Message message) {
        return message == null ? "" : message.asLine();
    }

    private static @Nullable Message message(String line) throws MalformedException {
        return line.isEmpty() ? null : Message.ofLine(line);
    }
}
