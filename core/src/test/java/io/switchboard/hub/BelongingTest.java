package io.switchboard.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.switchboard.message.Exclusion;
import io.switchboard.message.Message;
import io.switchboard.message.Sender;
import io.switchboard.message.Topic;
import io.switchboard.protocol.Memberships;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Who stands on a group's member list hears it, from the moment it stands there until it does no longer. */
class BelongingTest {
    private static final Topic GROUP = Topic.group("77");

    private final RecordingBackplane backplane = new RecordingBackplane();
    private final TestHub board = new TestHub(2, backplane);
    private volatile List<Topic> lists = List.of();
    private final Memberships memberships = user -> CompletableFuture.completedFuture(lists);

    private int push(String text) {
        var outcome = board.hub
                .publish(GROUP, Message.text(text), Sender.NONE, Exclusion.NONE)
                .toCompletableFuture();
        board.settle();
        return outcome.join().local();
    }

    private void listsAre(Topic... topics) {
        lists = List.of(topics);
        board.hub.membershipsChanged("1");
        board.settle();
    }

    @Test
    void memberHearsItsGroupsFromTheBeginning() {
        lists = List.of(GROUP);
        var member = board.member(0, "1", memberships);
        var other = board.client(1, "2");
        assertEquals(1, push("hello"));
        assertEquals(List.of("admitted", "group:77 : hello"), member.take());
        assertEquals(List.of("admitted"), other.take());
        member.vanish();
        assertEquals(0, push("nobody"));
    }

    @Test
    void changesReachEverySessionOfTheUser() {
        var one = board.member(0, "1", memberships);
        var two = board.member(1, "1", memberships);
        assertEquals(0, push("too early"));
        listsAre(GROUP, Topic.group("78"));
        assertEquals(2, push("both"));
        listsAre(Topic.group("78"));
        assertEquals(0, push("too late"));
        assertEquals(List.of("admitted", "group:77 : both"), one.take());
        assertEquals(List.of("admitted", "group:77 : both"), two.take());
        assertEquals(List.of(Topic.user("1"), Topic.group("78")), one.session().topics());
    }

    @Test
    void changeOnTheWayInIsNotLost() {
        var answers = new ArrayList<CompletableFuture<List<Topic>>>();
        Memberships slow = user -> {
            var answer = new CompletableFuture<List<Topic>>();
            answers.add(answer);
            return answer;
        };
        var client = board.member(0, "1", slow);
        assertEquals(List.of(), client.take());
        answers.get(0).complete(List.of(GROUP));
        board.settle();
        assertEquals(List.of("admitted"), client.take());
        answers.get(1).complete(List.of(GROUP, Topic.group("78")));
        board.settle();
        assertEquals(
                List.of(Topic.user("1"), GROUP, Topic.group("78")),
                client.session().topics());
    }

    @Test
    void lateAnswerToAnOldQuestionCountsForNothing() {
        var answers = new ArrayList<CompletableFuture<List<Topic>>>();
        var asks = new boolean[1];
        Memberships slow = user -> {
            if (!asks[0]) {
                return CompletableFuture.completedFuture(List.of());
            }
            var answer = new CompletableFuture<List<Topic>>();
            answers.add(answer);
            return answer;
        };
        var client = board.member(0, "1", slow);
        asks[0] = true;
        listsAre();
        listsAre();
        answers.get(1).complete(List.of(GROUP));
        answers.get(0).complete(List.of());
        board.settle();
        assertEquals(List.of(Topic.user("1"), GROUP), client.session().topics());
    }

    /** A store that is away keeps nobody out: they belong to nothing until they can be asked for again. */
    @Test
    void whoComesWhileListsCannotBeReadIsLetInAndBelongsWhenTheyCan() {
        var isThere = new boolean[1];
        Memberships lists = user -> isThere[0] ? CompletableFuture.completedFuture(List.of(GROUP)) : failed();
        var client = board.member(0, "1", lists);
        assertEquals(true, client.isAdmitted());
        assertEquals(List.of(Topic.user("1")), client.session().topics());
        isThere[0] = true;
        board.hub.membershipsChanged();
        board.settle();
        assertEquals(List.of(Topic.user("1"), GROUP), client.session().topics());
        // What somebody belongs to is kept while nobody can tell.
        isThere[0] = false;
        board.hub.membershipsChanged();
        board.settle();
        assertEquals(List.of(Topic.user("1"), GROUP), client.session().topics());
    }

    private static CompletionStage<List<Topic>> failed() {
        return CompletableFuture.failedFuture(new IllegalStateException("thrown by the test"));
    }
}
