package io.switchboard.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.directory.Directory;
import io.switchboard.directory.LoginPolicy;
import io.switchboard.directory.MemoryDirectory;
import io.switchboard.directory.Presence;
import io.switchboard.message.Exclusion;
import io.switchboard.message.Fields;
import io.switchboard.message.Message;
import io.switchboard.message.Origin;
import io.switchboard.message.Publication;
import io.switchboard.message.Sender;
import io.switchboard.message.Topic;
import io.switchboard.protocol.CloseReason;
import io.switchboard.protocol.Conversation.Attendee;
import io.switchboard.protocol.Conversation.Headcount;
import io.switchboard.protocol.Event;
import io.switchboard.protocol.Identity;
import io.switchboard.protocol.Listening;
import io.switchboard.protocol.Namespace;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AttendanceTest {
    private static final Topic ROOM = Topic.of("seen:room");
    private static final Listening PRESENT = listening(true, false, null);
    private static final Listening HEARS = listening(false, true, null);
    private static final Listening BOTH = listening(true, true, Message.json("{\"seat\":1}"));

    private final RecordingBackplane backplane = new RecordingBackplane();
    private final MemoryDirectory.Store store = new MemoryDirectory.Store();
    private final Directory directory = new MemoryDirectory(store);
    private final TestHub board =
            new TestHub(2, backplane, LoginPolicy.MANY, Limits.DEFAULT, Handler.NONE, Authenticator.path(), directory);

    AttendanceTest() {
        listen("present", PRESENT);
        listen("hears", HEARS);
        listen("both", BOTH);
        board.endpoint.actions.put("leave", (with, done) -> {
            with.leave(ROOM);
            done.run();
        });
        board.endpoint.actions.put("sign", (with, done) -> {
            var info = Message.json("{\"name\":\"Ann\"}");
            with.identify(new Identity("ann", "", info, OptionalLong.empty(), "", List.of()), refusal -> done.run());
        });
    }

    private static Listening listening(boolean present, boolean announced, @Nullable Message info) {
        return new Listening(false, null, Namespace.Recovery.STREAM, false, present, announced, info, null);
    }

    private void listen(String name, Listening listening) {
        board.endpoint.actions.put(name, (with, done) -> {
            with.listen(ROOM, listening, Listening.SILENT);
            done.run();
        });
    }

    private TestClient client(int loop, String user, String... actions) {
        TestClient client = board.client(loop, user);
        for (String action : actions) {
            client.says("act " + action);
        }
        return client;
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    private Headcount headcount() {
        return get(board.hub.attendance().headcount(ROOM));
    }

    private Attendee seen(TestClient client) {
        var all = get(board.hub.attendance().all(ROOM));
        return Objects.requireNonNull(all.get(client.session().id()), all::toString);
    }

    private static String text(@Nullable Message message) {
        return Objects.requireNonNull(message).asText();
    }

    @Test
    void thoseWhoArePresentAreCountedAndSeenUntilTheyGo() {
        var ann = client(0, "ann", "sign", "both");
        var again = client(1, "ann", "present");
        var ben = client(1, "ben", "hears");
        assertEquals(new Headcount(2, 1, true), headcount());
        Attendee seen = seen(ann);
        assertEquals(new Sender("ann", ann.session().id()), seen.who());
        assertEquals("{\"name\":\"Ann\"}", text(seen.info()));
        assertEquals("{\"seat\":1}", text(seen.topicInfo()));
        ben.says("act leave");
        again.says("act leave");
        assertEquals(new Headcount(1, 1, true), headcount());
        ann.session().close(CloseReason.NORMAL);
        board.settle();
        assertEquals(1, headcount().sessions(), "it is there as long as its connection is");
        ann.vanish();
        assertEquals(new Headcount(0, 0, true), headcount());
    }

    @Test
    void whoWantsToHearsWhoComesAndGoesAndNobodyElseDoes() {
        var ann = client(0, "ann", "both");
        assertEquals(List.of("admitted", "came ann"), ann.take());
        var plain = board.client(1, "plain", ROOM);
        var ben = client(1, "ben", "present");
        var cleo = client(1, "cleo", "hears");
        ben.says("act leave");
        cleo.says("act leave");
        ben.says("act present");
        ben.vanish();
        assertEquals(List.of("came plain", "came ben", "went ben", "came ben", "went ben"), ann.take());
        assertEquals(List.of("admitted"), plain.take());
        assertEquals(List.of("admitted", "went ben"), cleo.take());
    }

    @Test
    void othersNodesAreToldAndTheirsAreHeard() {
        var ann = client(0, "ann", "both");
        ann.take();
        assertTrue(backplane.traffic.contains("PUBLISH seen:room "), backplane.traffic::toString);
        var ben = new Sender("ben", "x.0.0.0");
        var joined = new Publication(
                Publication.Kind.JOIN,
                ROOM,
                Message.text(""),
                ben,
                Exclusion.NONE,
                false,
                1,
                new Origin("other", 78),
                1,
                null,
                Fields.NONE);
        backplane.receive(joined);
        board.settle();
        backplane.receive(joined.asKind(Publication.Kind.LEAVE).numbered(new Origin("other", 78), 2));
        board.settle();
        assertEquals(List.of("came ben", "went ben"), ann.take());
    }

    @Test
    void whoComesIsSpelledOnceForAllWhoSpeakAlike() {
        var people = new ArrayList<TestClient>();
        for (int i = 0; i < 20; i++) {
            people.add(client(0, "p" + i, "hears"));
        }
        var ben = client(0, "ben");
        people.forEach(TestClient::take);
        int before = board.endpoint.encoded;
        ben.says("act present");
        ben.says("act leave");
        assertEquals(2, board.endpoint.encoded - before);
        people.forEach(one -> assertEquals(List.of("came ben", "went ben"), one.take()));
    }

    @Test
    void whoComesIsHeardAfterWhatTheSessionWasToldBefore() {
        board.endpoint.actions.put("told", (with, done) -> {
            with.listen(ROOM, BOTH, new Listening.Answer() {
                @Override
                public void begins(Listening.Start start) {
                    with.say(new Event.Echoed(Message.text("you listen")));
                }

                @Override
                public void fails(Event.Reason reason, String detail) {}
            });
            done.run();
        });
        var ann = client(0, "ann", "told");
        assertEquals(List.of("admitted", "you listen", "came ann"), ann.take());
    }

    @Test
    void whatWasPublishedBeforeSomebodyWentIsHeardBefore() {
        var ann = client(0, "ann", "both");
        var ben = client(0, "ben", "present");
        ann.take();
        ben.sends("pub seen:room bye");
        ben.sends("act leave");
        board.settle();
        assertEquals(List.of("seen:room ben: bye", "went ben"), ann.take());
    }

    @Test
    void aPublishedFormatHasNoWordForIt() {
        backplane.echoing = true;
        var ann = client(0, "ann", "both");
        assertEquals(List.of("admitted", "came ann"), ann.take());
        assertTrue(backplane.traffic.stream().noneMatch(line -> line.startsWith("PUBLISH")));
    }

    @Test
    void whatOthersAreToldOfSomebodyMayChange() {
        var ann = client(0, "ann", "present", "sign");
        assertEquals("{\"name\":\"Ann\"}", text(seen(ann).info()));
    }

    @Test
    void theStoreIsToldAnewWhatItHasLost() {
        client(0, "ann", "present");
        client(1, "ben", "present");
        store.clear();
        assertEquals(new Headcount(0, 0, true), headcount());
        board.hub.attendance().settle();
        board.settle();
        assertEquals(new Headcount(2, 2, true), headcount());
        long rebuilt = board.meters.sum("switchboard.presence.rebuilt");
        board.hub.attendance().settle();
        board.settle();
        assertEquals(rebuilt, board.meters.sum("switchboard.presence.rebuilt"), "nothing was missing");
    }

    @Test
    void aNodeWhoseLeaseHasLapsedHasNobody() {
        client(0, "ann", "present");
        var other = directory.presence(new Origin("other", 78));
        get(other.enter(ROOM, new Presence.Entry("s", "ben", null, null)));
        assertEquals(new Headcount(2, 2, true), headcount());
        assertEquals(
                1,
                get(directory.presence(new Origin("x", 1)).count(ROOM, Set.of(78L)))
                        .sessions());
    }

    @Test
    void aNamespaceThatKeepsNoneSaysSo() {
        var asked = board.hub.attendance().headcount(Topic.group("g1")).toCompletableFuture();
        assertThrows(CompletionException.class, asked::join);
    }
}
