package io.switchboard.checks.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.client.Crowd;
import io.switchboard.checks.client.Ledger;
import io.switchboard.checks.client.Line;
import io.switchboard.checks.client.Stamp;
import io.switchboard.checks.cluster.Cluster;
import io.switchboard.checks.components.NodeProcess;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * Some hundred clients on two nodes, half of them talking to one on the other node, half in groups that are spread over
 * both, and the books about it: what each has said, who of those it was meant for has heard it, and how often a sender
 * was told that a message may not have come through.
 */
final class Talk implements AutoCloseable {
    static final int GROUPS = 5;
    private static final int PER_SECOND = 800;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Crowd crowd;
    private final Speech speech;
    private final int[] said;
    private final long[] toldBefore;

    private Talk(Crowd crowd, Speech speech, int size) {
        this.crowd = crowd;
        this.speech = speech;
        this.said = new int[size];
        this.toldBefore = new long[size];
    }

    /** Everybody has been heard once. The size must be a multiple of 4. */
    static Talk start(Cluster cluster, String name, int size) {
        return start(cluster.nodes(), Speech.CHAT, name, size);
    }

    static Talk start(List<NodeProcess> nodes, Speech speech, String name, int size) {
        var addresses = new ArrayList<URI>();
        for (int i = 0; i < size; i++) {
            addresses.add(nodes.get(i % nodes.size()).uri(speech.path(speech.user(i))));
        }
        var talk = new Talk(Crowd.connect(addresses), speech, size);
        var joins = new ArrayList<Line>();
        for (int i = 0; i < size; i++) {
            int member = i;
            if (isInGroup(i)) {
                speech.join(talk.group(i)).ifPresent(words -> joins.add(new Line(member, words)));
            }
        }
        talk.crowd.say(joins, PER_SECOND);
        for (var join : joins) {
            Await.until(
                    name + " " + join.member() + " to be in its group",
                    PATIENCE,
                    () -> talk.crowd.ledger(join.member()).unstamped() > 0);
        }
        talk.say(1);
        talk.awaitHeardAll();
        talk.forgetTold();
        return talk;
    }

    static boolean isInGroup(int member) {
        return member % 4 >= 2;
    }

    static int groupOf(int member) {
        return member / 4 % GROUPS;
    }

    private String user(int member) {
        return speech.user(member);
    }

    private String group(int member) {
        return speech.group(groupOf(member));
    }

    private String topic(int member) {
        return isInGroup(member) ? "group:" + group(member) : "user:" + user(member ^ 1);
    }

    private String stream(int member) {
        return Stamp.stream(topic(member), user(member));
    }

    private List<Integer> listeners(int member) {
        if (!isInGroup(member)) {
            return List.of(member ^ 1);
        }
        return IntStream.range(0, said.length)
                .filter(other -> isInGroup(other) && groupOf(other) == groupOf(member))
                .filter(other -> other != member || speech == Speech.INBOX)
                .boxed()
                .toList();
    }

    // Talking

    /** Everybody speaks so many times. */
    void say(int rounds) {
        crowd.say(lines(rounds), PER_SECOND);
    }

    CompletableFuture<Integer> begin(int rounds) {
        return crowd.begin(lines(rounds), PER_SECOND);
    }

    private List<Line> lines(int rounds) {
        var lines = new ArrayList<Line>();
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < said.length; i++) {
                var text = Stamp.of(topic(i), user(i), said[i]++).text();
                var words = isInGroup(i) ? speech.toGroup(group(i), text) : speech.toUser(user(i ^ 1), text);
                lines.add(new Line(i, words));
            }
        }
        return lines;
    }

    void awaitMoreMessages(int count) {
        crowd.awaitMessages(crowd.messages() + count, PATIENCE);
    }

    // The books

    /** Until the last message of everybody has come to everybody it was meant for. */
    void awaitHeardAll() {
        Await.until(
                "the last message of everybody",
                PATIENCE,
                () -> differing((heard, _told, now) -> {
                    int count = heard.count(stream(now));
                    return count == said[now] ? "" : "has come to " + count;
                }),
                List::isEmpty);
    }

    /** Until every message was heard, or its sender was told; all but so few. Gives what was neither. */
    List<String> awaitAnswered(int silentlyLostMax) {
        return Await.until(
                "every message to be heard or its sender told",
                PATIENCE,
                () -> differing(this::silentlyLost),
                lost -> lost.size() <= silentlyLostMax);
    }

    private String silentlyLost(Ledger heard, long told, int member) {
        long answered = heard.heard(stream(member)) + told;
        return answered >= said[member] ? "" : "has heard or was told of " + answered;
    }

    /** How often each was told that a message may not have come through, since {@link #forgetTold()}. */
    List<Long> told() {
        return IntStream.range(0, said.length)
                .mapToObj(i -> crowd.ledger(i).unstamped() - toldBefore[i])
                .toList();
    }

    void forgetTold() {
        for (int i = 0; i < said.length; i++) {
            toldBefore[i] = crowd.ledger(i).unstamped();
        }
    }

    /** Everybody speaks so many times, and all is heard by everybody it is meant for, once and in order. */
    void sayAndVerify(int rounds) {
        forgetTold();
        var before = heard();
        say(rounds);
        awaitHeardAll();
        assertEquals(before.stream().map(count -> count + rounds).toList(), heard());
        assertEquals(Collections.nCopies(said.length, 0L), told());
        verifyNobodyLeftAndNothingCameTwice();
    }

    /** What each pair of sender and listener has had until now; two of these differ by what came between. */
    private List<Integer> heard() {
        var heard = new ArrayList<Integer>();
        var ledgers = ledgers();
        for (int i = 0; i < said.length; i++) {
            for (int listener : listeners(i)) {
                heard.add(ledgers.get(listener).heard(stream(i)));
            }
        }
        return heard;
    }

    void verifyNobodyLeftAndNothingCameTwice() {
        assertEquals(Map.of(), crowd.endings(), "sessions that ended");
        var ledgers = ledgers();
        for (int i = 0; i < said.length; i++) {
            var ledger = ledgers.get(i);
            assertEquals(0, ledger.repeats(), () -> "repeated or out of order: " + ledger);
        }
    }

    private interface Opinion {
        /** What is wrong with a listener's ledger on a sender who was told so often; empty if nothing. */
        String about(Ledger heard, long told, int sender);
    }

    private List<String> differing(Opinion opinion) {
        var differing = new ArrayList<String>();
        var ledgers = ledgers();
        for (int sender = 0; sender < said.length; sender++) {
            for (int listener : listeners(sender)) {
                long told = ledgers.get(sender).unstamped() - toldBefore[sender];
                var wrong = opinion.about(ledgers.get(listener), told, sender);
                if (!wrong.isEmpty()) {
                    differing.add(stream(sender) + " at " + listener + ": " + wrong + " of " + said[sender]);
                }
            }
        }
        return differing;
    }

    private List<Ledger> ledgers() {
        return IntStream.range(0, said.length).mapToObj(crowd::ledger).toList();
    }

    @Override
    public void close() {
        crowd.close();
    }
}
