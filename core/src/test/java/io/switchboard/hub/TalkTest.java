package io.switchboard.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.directory.Directory;
import io.switchboard.directory.LoginPolicy;
import io.switchboard.message.Fields;
import io.switchboard.message.Message;
import io.switchboard.message.Topic;
import io.switchboard.protocol.CloseReason;
import io.switchboard.protocol.Command;
import io.switchboard.protocol.Conversation;
import io.switchboard.protocol.Event;
import io.switchboard.protocol.Identity;
import io.switchboard.protocol.Instruction;
import io.switchboard.protocol.Listening;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TalkTest {
    private static final Topic G1 = Topic.group("g1");
    private static final LoginPolicy ONE = new LoginPolicy(LoginPolicy.Scope.USER, LoginPolicy.Strategy.NEWEST);

    private final RecordingBackplane backplane = new RecordingBackplane();
    private final TestHub board = new TestHub(2, backplane, ONE, Limits.DEFAULT, Handler.NONE);

    @AfterEach
    void everyBatchWasReleased() {
        assertEquals(0, board.framing.held.get());
    }

    private void when(String name, Consumer<Conversation> action) {
        board.endpoint.actions.put(name, (with, done) -> {
            action.accept(with);
            done.run();
        });
    }

    private static Listening.Answer said(Conversation with, String word) {
        return new Listening.Answer() {
            @Override
            public void begins(Listening.Start start) {
                with.say(new Event.Echoed(Message.text(word + (start.confirmed() ? "" : " unconfirmed"))));
            }

            @Override
            public void fails(Event.Reason reason, String detail) {
                with.say(new Event.Echoed(Message.text("failed " + reason)));
            }
        };
    }

    @Test
    void laterCommandsWaitUntilAnActionIsDone() {
        var dones = new ArrayList<Runnable>();
        board.endpoint.actions.put("slow", (with, done) -> dones.add(done));
        var ann = board.client(0, "ann");
        ann.says("act slow");
        ann.says("echo one");
        assertTrue(ann.paused);
        assertEquals(List.of("admitted"), ann.take());
        board.loops.getFirst().execute(dones.getFirst());
        board.settle();
        assertEquals(List.of("one"), ann.take());
        assertFalse(ann.paused);
        dones.getFirst().run();
        ann.says("echo two");
        assertEquals(List.of("two"), ann.take());
    }

    @Test
    void anActionThatFailsEndsItsSessionAndNoOther() {
        when("fail", with -> {
            throw new IllegalStateException("thrown by the test");
        });
        var ann = board.client(0, "ann", G1);
        var ben = board.client(0, "ben", G1);
        ann.says("act fail");
        assertEquals(CloseReason.INTERNAL, ann.closed);
        ben.says("echo still");
        assertEquals(List.of("admitted", "still"), ben.take());
    }

    @Test
    void whatIsAwaitedGoesOnOnTheLoopAndNeverAfterTheEnd() {
        var stage = new CompletableFuture<String>();
        var gone = new CompletableFuture<String>();
        when("ask", with -> with.await(stage, (value, failure) -> with.say(echo(String.valueOf(value)))));
        when("late", with -> with.await(gone, (value, failure) -> board.endpoint.told.add("too late")));
        var ann = board.client(0, "ann");
        ann.says("act ask");
        stage.complete("answer");
        board.settle();
        assertEquals(List.of("admitted", "answer"), ann.take());
        ann.says("act late");
        ann.vanish();
        gone.complete("answer");
        board.settle();
        assertEquals(List.of("opened ann", "ended by itself"), board.endpoint.told);
    }

    private static Event echo(String text) {
        return new Event.Echoed(Message.text(text));
    }

    @Test
    void aTaskForLaterRunsWhileTheSessionLives() {
        when("later", with -> with.later(() -> with.say(echo("now")), 500));
        var ann = board.client(0, "ann");
        ann.says("act later");
        board.pass(499);
        assertEquals(List.of("admitted"), ann.take());
        board.pass(1);
        assertEquals(List.of("now"), ann.take());
    }

    @Test
    void nobodyBecomesAUserAndTakesThePlaceOfTheUsersOtherSession() {
        when("ann", with -> with.identify(Identity.of("ann"), refusal -> with.say(echo("is " + refusal))));
        var first = board.client(0, "ann");
        var second = board.client(1, "");
        second.says("act ann");
        assertEquals(CloseReason.REPLACED, first.closed);
        assertEquals(List.of("admitted", "is null"), second.take());
        assertEquals("ann", second.session().user());
        assertEquals("ann", second.session().sender().user());
        assertEquals(List.of(second.session()), board.hub.shard(1).ofUser("ann"));
        second.vanish();
        assertEquals(List.of(), board.hub.shard(1).ofUser("ann"));
    }

    @Test
    void aUserIsNotMadeAnother() {
        when("ann", with -> with.identify(Identity.of("ann"), refusal -> with.say(echo("is " + status(refusal)))));
        var ben = board.client(0, "ben");
        ben.says("act ann");
        assertEquals(List.of("admitted", "is 403"), ben.take());
        assertEquals("ben", ben.session().user());
    }

    private static String status(io.switchboard.protocol.@Nullable Refusal refusal) {
        return refusal == null ? "in" : Integer.toString(refusal.status());
    }

    @Test
    void aUsersQuotaCountsThoseWhoCameInAsNobody() {
        var one = Limits.DEFAULT;
        var tight =
                new TestHub(1, new RecordingBackplane(), LoginPolicy.MANY, withSessionsPerUser(one, 1), Handler.NONE);
        tight.endpoint.actions.put(
                "ann",
                (with, done) -> with.identify(Identity.of("ann"), refusal -> {
                    with.say(echo("is " + status(refusal)));
                    done.run();
                }));
        var first = tight.client(0, "");
        var second = tight.client(0, "");
        first.says("act ann");
        second.says("act ann");
        assertEquals(List.of("admitted", "is in"), first.take());
        assertEquals(List.of("admitted", "is 429"), second.take());
        assertEquals("", second.session().user());
        first.vanish();
        second.says("act ann");
        assertEquals(List.of("is in"), second.take());
    }

    private static Limits withSessionsPerUser(Limits usual, int count) {
        return usual.with(limits -> limits.sessionsPerUser = count);
    }

    @Test
    void whoIsTurnedAwayByThePolicyIsNobodyAgain() {
        var oldest = new LoginPolicy(LoginPolicy.Scope.USER, LoginPolicy.Strategy.OLDEST);
        var strict = new TestHub(
                1,
                new RecordingBackplane(),
                oldest,
                Limits.DEFAULT,
                Handler.NONE,
                Authenticator.path(),
                Directory.local());
        strict.endpoint.actions.put(
                "ann",
                (with, done) -> with.identify(Identity.of("ann"), refusal -> {
                    with.say(echo("is " + status(refusal)));
                    done.run();
                }));
        var first = strict.client(0, "ann");
        var second = strict.client(0, "");
        second.says("act ann");
        assertEquals(List.of("admitted", "is 409"), second.take());
        assertEquals("", second.session().user());
        assertNull(first.closed);
    }

    @Test
    void anAnswerGoesOutBeforeAnyPublication() {
        backplane.confirming = false;
        when("listen", with -> with.listen(G1, Listening.PLAIN, said(with, "listening")));
        var ann = board.client(0, "ann");
        ann.says("act listen");
        assertEquals(List.of("admitted"), ann.take());
        board.loops.getFirst().execute(() -> backplane.unconfirmed.forEach(each -> each.complete(null)));
        board.hub.publish(
                G1, Message.text("hello"), io.switchboard.message.Sender.NONE, io.switchboard.message.Exclusion.NONE);
        board.settle();
        assertEquals("listening", ann.take().getFirst());
        board.hub.publish(
                G1, Message.text("more"), io.switchboard.message.Sender.NONE, io.switchboard.message.Exclusion.NONE);
        board.settle();
        assertEquals(List.of("group:g1 : more"), ann.take());
    }

    @Test
    void whoLeavesBeforeItListensIsToldSo() {
        backplane.confirming = false;
        when("listen", with -> with.listen(G1, Listening.PLAIN, said(with, "listening")));
        when("leave", with -> with.leave(G1));
        when("count", with -> with.say(echo(with.topicCount() + " " + with.listensTo(G1))));
        var ann = board.client(0, "ann");
        ann.says("act listen");
        ann.says("act count");
        ann.says("act leave");
        ann.says("act count");
        assertEquals(List.of("admitted", "1 true", "failed NOT_A_LISTENER", "0 false"), ann.take());
        board.loops.getFirst().execute(() -> backplane.unconfirmed.forEach(each -> each.complete(null)));
        board.settle();
        assertEquals(List.of(), ann.take());
        assertEquals(List.of(), ann.session().topics());
    }

    @Test
    void whatIsPublishedIsAnsweredOnce() {
        var tags = Fields.NONE.with(Fields.TAGS, new byte[] {1});
        when(
                "publish",
                with -> with.publish(
                        G1,
                        Message.text("hi"),
                        tags,
                        true,
                        published -> with.say(echo("published " + published.reason()))));
        var ann = board.client(0, "ann", G1);
        ann.says("act publish");
        assertEquals(List.of("admitted", "published null", "group:g1 ann: hi"), ann.take());
        backplane.refusing = true;
        ann.says("act publish");
        assertEquals(List.of("group:g1 ann: hi", "published NOT_SENT"), ann.take());
    }

    @Test
    void theEndpointIsToldOfTheBeginningAndTheEnd() {
        var ann = board.client(0, "ann");
        ann.session().close(CloseReason.GAP);
        ann.vanish();
        assertEquals(List.of("opened ann", "ended 4010"), board.endpoint.told);
    }

    @Test
    void anInstructionIsCarriedOutUnlessTheProtocolKnowsBetter() {
        var ann = board.client(0, "ann");
        Session session = ann.session();
        session.instruct(new Instruction.Subscribe(G1, Listening.PLAIN, null, java.util.OptionalLong.empty()));
        board.settle();
        assertEquals(Optional.of(G1), session.topics().stream().findFirst());
        session.instruct(new Instruction.Unsubscribe(G1, 2000, "out"));
        assertEquals(List.of(), session.topics());
        session.instruct(new Instruction.Disconnect(CloseReason.EXPIRED));
        assertEquals(CloseReason.EXPIRED, ann.closed);
    }

    @Test
    void anActionCountsTowardsWhatASessionMayPublish() {
        Command.Action nothing = (with, done) -> done.run();
        board.endpoint.actions.put("nothing", nothing);
        var ann = board.client(0, "ann");
        for (int i = 0; i <= Limits.DEFAULT.commandsPerSecond(); i++) {
            ann.sends("act nothing");
        }
        board.settle();
        assertEquals(CloseReason.TOO_FAST, ann.closed);
    }
}
