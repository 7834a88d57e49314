package io.switchboard.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.message.Message;
import io.switchboard.message.Position;
import io.switchboard.message.Topic;
import io.switchboard.protocol.CloseReason;
import io.switchboard.protocol.Identity;
import io.switchboard.protocol.Instruction;
import io.switchboard.protocol.Listening;
import io.switchboard.protocol.Namespace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the application has done with sessions, what it asks about them, and what they say in other ways. */
class InstructionsTest {
    private static final Topic NEWS = Topic.group("news");

    private final RecordingBackplane backplane = new RecordingBackplane();
    private final TestHub board = new TestHub(2, backplane);

    private <T> T get(CompletionStage<T> stage) {
        board.settle();
        return stage.toCompletableFuture().join();
    }

    private Reached instruct(Whom whom, Instruction instruction) {
        return get(board.hub.instruct(whom, instruction));
    }

    private static Instruction subscribe() {
        return new Instruction.Subscribe(NEWS, Listening.PLAIN, null, OptionalLong.empty());
    }

    private static String text(@Nullable Message message) {
        return Objects.requireNonNull(message).asText();
    }

    @Test
    void allSessionsOfAUserAreReached() {
        var one = board.client(0, "ann");
        var two = board.client(1, "ann");
        var ben = board.client(1, "ben");
        assertEquals(new Reached(2, 1, 0), instruct(Whom.user("ann"), subscribe()));
        assertEquals(List.of(NEWS), one.session().topics());
        assertEquals(List.of(NEWS), two.session().topics());
        assertEquals(List.of(), ben.session().topics());
        assertEquals(
                new Reached(2, 1, 0),
                instruct(Whom.user("ann"), new Instruction.Unsubscribe(NEWS, 2000, "two\nlines")));
        assertEquals(List.of(), one.session().topics());
        assertEquals(new Reached(0, 1, 0), instruct(Whom.user("cleo"), subscribe()));
    }

    @Test
    void oneSessionIsReachedByItsId() {
        var one = board.client(0, "ann");
        var two = board.client(1, "ann");
        var gone = new Instruction.Disconnect(new CloseReason(3503, "go"));
        assertEquals(new Reached(1, 1, 0), instruct(Whom.session(two.session().id()), gone));
        assertEquals(new CloseReason(3503, "go"), two.closed);
        assertNull(one.closed);
        assertEquals(
                new Reached(0, 1, 0), instruct(new Whom("ben", one.session().id(), "", Set.of()), gone));
        assertEquals(new Reached(0, 0, 0), instruct(Whom.session("no such"), gone));
        assertEquals(new Reached(0, 0, 0), instruct(Whom.session("zz.0.0.0"), gone));
    }

    @Test
    void someMayBeExcepted() {
        var one = board.client(0, "ann");
        var two = board.client(1, "ann");
        var whom = new Whom("ann", "", "", Set.of(one.session().id(), "another"));
        assertEquals(
                1,
                instruct(whom, new Instruction.Disconnect(CloseReason.NORMAL)).sessions());
        assertNull(one.closed);
        assertEquals(CloseReason.NORMAL, two.closed);
    }

    @Test
    void aTokenIsRevokedWhereverItIsUsed() {
        board.endpoint.actions.put(
                "sign",
                (with, done) -> with.identify(
                        new Identity("ann", "", null, OptionalLong.empty(), "token-7", List.of()),
                        refusal -> done.run()));
        var one = board.client(0, "ann");
        one.says("act sign");
        var two = board.client(0, "ann");
        assertEquals(
                1,
                instruct(Whom.token("token-7"), new Instruction.Refresh(true, OptionalLong.empty(), null))
                        .sessions());
        assertEquals(CloseReason.EXPIRED, one.closed);
        assertNull(two.closed);
    }

    @Test
    void everythingArrivesAsItWasSaid() {
        var listening = new Listening(
                true,
                new Position(7, "ab cd"),
                Namespace.Recovery.CACHE,
                false,
                true,
                true,
                Message.json("{\"a\":\"\\n\"}"),
                null);
        var told = new ArrayList<Instruction>();
        board.endpoint.instructions = told::add;
        board.client(0, "ann");
        var subscribe = new Instruction.Subscribe(
                NEWS, listening, Message.json("[1,\n2]"), OptionalLong.of(1_700_000_000_000L));
        instruct(Whom.user("ann"), subscribe);
        instruct(Whom.user("ann"), new Instruction.Refresh(false, OptionalLong.of(5), Message.json("1")));
        var first = (Instruction.Subscribe) told.getFirst();
        assertEquals(subscribe.topic(), first.topic());
        assertEquals(subscribe.expiresAtMillis(), first.expiresAtMillis());
        assertEquals("[1,\n2]", text(first.data()));
        assertEquals("{\"a\":\"\\n\"}", text(first.listening().info()));
        assertEquals(listening.since(), first.listening().since());
        assertEquals(Namespace.Recovery.CACHE, first.listening().recovery());
        assertTrue(first.listening().positioned()
                && first.listening().present()
                && first.listening().announced());
        assertFalse(first.listening().delta());
        var second = (Instruction.Refresh) told.getLast();
        assertEquals(OptionalLong.of(5), second.expiresAtMillis());
    }

    @Test
    void nobodyAndNonsenseAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Whom("", "", "", Set.of()));
        assertThrows(IllegalArgumentException.class, () -> Whom.user("a\nb"));
    }

    // Asking

    @Test
    void theClusterTellsItsTopicsUsersAndPlaces() {
        var ann = board.client(0, "ann", NEWS, Topic.user("ann"));
        board.client(1, "ann", NEWS);
        board.client(1, "ben", Topic.of("all"));
        var all = get(board.hub.inquiries().topics("")).what();
        assertEquals(Map.of("group:news", 2L, "user:ann", 1L, "all", 1L), all.listeners());
        assertTrue(all.complete());
        var some = get(board.hub.inquiries().topics("group:*"));
        assertEquals(Map.of("group:news", 2L), some.what().listeners());
        assertEquals(0, some.silent());
        var places = get(board.hub.inquiries().sessionsOf("ann")).what();
        assertEquals(2, places.size());
        assertEquals(new Inquiries.Place(ann.session().id(), "test", "plain", "plain", 2), places.getFirst());
        var online = get(board.hub.inquiries().usersOnline("", 1)).what();
        assertEquals(new Inquiries.Online(2, true, List.of("ann"), "ann"), online);
        assertEquals(
                List.of("ben"),
                get(board.hub.inquiries().usersOnline("ann", 5)).what().names());
        var node = get(board.hub.inquiries().nodes()).what().getFirst();
        assertEquals("test", node.origin().node());
        assertEquals(3, node.sessions());
        assertEquals(2, node.users());
        assertEquals(3, node.topics());
        assertEquals(4, node.subscriptions());
    }

    @Test
    void patternsHaveStarsAndQuestionMarks() {
        assertTrue(new Glob("*").matches(""));
        assertTrue(new Glob("a*c").matches("abbc"));
        assertTrue(new Glob("a*b*c").matches("a-b-b-c"));
        assertTrue(new Glob("a?c").matches("abc"));
        assertFalse(new Glob("a?c").matches("ac"));
        assertFalse(new Glob("a*c").matches("abcd"));
        assertFalse(new Glob("").matches("a"));
    }

    // Speaking in another way

    @Test
    void whatAClientSaysReachesItsConnectionByKeyAlone() {
        var said = new ArrayList<String>();
        var uplinks = board.hub.uplinks();
        String key = uplinks.open(message -> {
            said.add(message.asText());
            return CompletableFuture.completedFuture(true);
        });
        assertTrue(get(uplinks.deliver(uplinks.node(), key, Message.text("one"))));
        assertFalse(get(uplinks.deliver(uplinks.node(), key + "x", Message.text("two"))));
        assertFalse(get(uplinks.deliver("other:5", key, Message.text("three"))));
        uplinks.close(key);
        assertFalse(get(uplinks.deliver(uplinks.node(), key, Message.text("four"))));
        assertEquals(List.of("one"), said);
    }
}
