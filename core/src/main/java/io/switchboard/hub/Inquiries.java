package io.switchboard.hub;

import io.switchboard.message.Origin;
import io.switchboard.message.Topic;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * What all nodes know together: each is asked, and says what it knows of its own sessions. Dear for those who ask, free
 * for everybody else: nothing is kept for it. Safe from any thread.
 */
public final class Inquiries {
    /** So many topics, or users, a node tells at most. */
    public static final int LINES_MAX = 10_000;

    private static final long ANSWER_MILLIS = 3_000;
    private static final String NODE = "node?";
    private static final String TOPICS = "topics?";
    private static final String SESSIONS = "sessions?";
    private static final String USERS = "users?";

    private final Hub hub;
    private final long startedNanos = System.nanoTime();

    Inquiries(Hub hub) {
        this.hub = hub;
        hub.control.on(NODE, words -> node());
        hub.control.on(TOPICS, words -> topicsHere(new Glob(words[1])));
        hub.control.on(SESSIONS, words -> sessionsHere(words[1]));
        hub.control.on(USERS, words -> usersHere());
    }

    /**
     * What came back.
     *
     * @param silent how many nodes did not answer in time: what they have is missing
     */
    public record Told<T>(T what, int silent) {}

    private <T> CompletionStage<Told<T>> ask(Function<Map<Origin, String>, T> sum, String... words) {
        return hub.control
                .askAll(ANSWER_MILLIS, words)
                .thenApply(answers -> new Told<>(sum.apply(answers.given()), answers.silent()));
    }

    private static List<String> lines(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split("\n", -1));
    }

    // Nodes

    /**
     * A node of the cluster.
     *
     * @param subscriptions how often its sessions listen to topics, together
     * @param topics with listeners there
     * @param version of the program, empty if it does not know
     */
    public record NodeState(
            Origin origin,
            String version,
            long sessions,
            long users,
            long topics,
            long subscriptions,
            long uptimeSeconds) {}

    public CompletionStage<Told<List<NodeState>>> nodes() {
        return ask(
                given -> given.entrySet().stream()
                        .map(answer -> state(answer.getKey(), answer.getValue().split(" ", -1)))
                        .toList(),
                NODE);
    }

    private static NodeState state(Origin origin, String[] words) {
        return new NodeState(
                origin,
                words[5],
                Long.parseLong(words[0]),
                Long.parseLong(words[1]),
                Long.parseLong(words[2]),
                Long.parseLong(words[3]),
                Long.parseLong(words[4]));
    }

    private CompletionStage<String> node() {
        var users = new HashSet<String>();
        var topics = new HashSet<Topic>();
        var subscriptions = new long[1];
        return hub.overShards(subscriptions, shard -> {
                    users.addAll(shard.sessions.users());
                    shard.forEachTopic(members -> {
                        topics.add(members.topic);
                        subscriptions[0] += members.count;
                    });
                })
                .thenApply(sum -> hub.sessionCount() + " " + users.size() + " " + topics.size() + " " + sum[0] + " "
                        + (System.nanoTime() - startedNanos) / 1_000_000_000 + " " + version());
    }

    private static String version() {
        String version = Inquiries.class.getPackage().getImplementationVersion();
        return version == null ? "" : version;
    }

    // Topics

    /**
     * Topics and how many listen to each.
     *
     * @param complete false if there are more than were told
     */
    public record Topics(Map<String, Long> listeners, boolean complete) {}

    /** @param pattern {@code *} stands for any characters, {@code ?} for one; empty for all topics */
    public CompletionStage<Told<Topics>> topics(String pattern) {
        String glob = pattern.isEmpty() ? Glob.ALL.pattern() : pattern.replace('\n', ' ');
        return ask(given -> topics(given.values()), TOPICS, glob);
    }

    private static Topics topics(Collection<String> answers) {
        var listeners = new TreeMap<String, Long>();
        boolean complete = true;
        for (String answer : answers) {
            List<String> lines = lines(answer);
            complete &= lines.getFirst().equals("all");
            for (String line : lines.subList(1, lines.size())) {
                int space = line.indexOf(' ');
                listeners.merge(line.substring(space + 1), Long.parseLong(line.substring(0, space)), Long::sum);
            }
        }
        return new Topics(listeners, complete);
    }

    private CompletionStage<String> topicsHere(Glob glob) {
        var counts = new HashMap<Topic, Integer>();
        return hub.overShards(
                        counts,
                        shard -> shard.forEachTopic(members -> {
                            if (members.count > 0 && glob.matches(members.topic.name())) {
                                counts.merge(members.topic, members.count, Integer::sum);
                            }
                        }))
                .thenApply(all -> {
                    var lines = new ArrayList<String>();
                    lines.add(all.size() > LINES_MAX ? "some" : "all");
                    all.forEach((topic, count) -> {
                        if (lines.size() <= LINES_MAX) {
                            lines.add(count + " " + topic);
                        }
                    });
                    return String.join("\n", lines);
                });
    }

    // Where somebody is

    /** A session of somebody. */
    public record Place(String session, String node, String protocol, String device, int topics) {}

    /** The sessions of a user, on all nodes. */
    public CompletionStage<Told<List<Place>>> sessionsOf(String user) {
        if (user.isEmpty() || user.indexOf('\n') >= 0) {
            return CompletableFuture.failedFuture(new IllegalArgumentException("say which user"));
        }
        return ask(
                given -> given.entrySet().stream()
                        .flatMap(answer -> lines(answer.getValue()).stream()
                                .map(line -> place(answer.getKey().node(), line.split("\t", -1))))
                        .toList(),
                SESSIONS,
                user);
    }

    private static Place place(String node, String[] words) {
        return new Place(words[0], node, words[1], words[3], Integer.parseInt(words[2]));
    }

    private CompletionStage<String> sessionsHere(String user) {
        var lines = new ArrayList<String>();
        return hub.overShards(
                        lines,
                        shard -> shard.ofUser(user).stream()
                                .filter(session -> session.admitted && session.lives())
                                .forEach(session -> lines.add(String.join(
                                        "\t",
                                        session.id(),
                                        session.endpoint().protocol(),
                                        Integer.toString(session.joinedCount),
                                        session.device().replaceAll("[\t\n]", " ")))))
                .thenApply(all -> String.join("\n", all));
    }

    // Who is there

    /**
     * Users that have a session.
     *
     * @param count of them; if it is not exact, one who is on several nodes may be counted several times
     * @param names some of them, in order
     * @param next the last one of these if there are more, else empty
     */
    public record Online(long count, boolean exact, List<String> names, String next) {}

    /**
     * Who is connected, without those who have not signed in. Exact, and listed as a whole, while no node has more than
     * {@link #LINES_MAX} users.
     *
     * @param after names that come after this one, empty for the first ones
     * @param limit so many at most
     */
    public CompletionStage<Told<Online>> usersOnline(String after, int limit) {
        return ask(given -> online(given.values(), after, limit), USERS);
    }

    private static Online online(Collection<String> answers, String after, int limit) {
        var names = new TreeSet<String>();
        long sum = 0;
        boolean exact = true;
        for (String answer : answers) {
            List<String> lines = lines(answer);
            long there = Long.parseLong(lines.getFirst());
            sum += there;
            exact &= there == lines.size() - 1;
            names.addAll(lines.subList(1, lines.size()));
        }
        SortedSet<String> from = names.tailSet(after + "\0");
        List<String> some = from.stream().limit(limit).toList();
        return new Online(
                exact ? names.size() : sum,
                exact || answers.size() == 1,
                some,
                some.size() < from.size() && !some.isEmpty() ? some.getLast() : "");
    }

    private CompletionStage<String> usersHere() {
        Set<String> users = new HashSet<>();
        return hub.overShards(users, shard -> users.addAll(shard.sessions.users()))
                .thenApply(all -> {
                    var lines = new ArrayList<String>();
                    lines.add(Integer.toString(all.size()));
                    all.stream().limit(LINES_MAX).forEach(lines::add);
                    return String.join("\n", lines);
                });
    }
}
