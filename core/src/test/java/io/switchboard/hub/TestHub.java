package io.switchboard.hub;

import io.switchboard.backplane.Backplane;
import io.switchboard.directory.Directory;
import io.switchboard.directory.LoginPolicy;
import io.switchboard.directory.LoginRules;
import io.switchboard.log.Log;
import io.switchboard.log.MemoryLog;
import io.switchboard.message.Origin;
import io.switchboard.message.Topic;
import io.switchboard.metrics.Meters;
import io.switchboard.protocol.Memberships;
import io.switchboard.protocol.Namespace;
import io.switchboard.protocol.Opening;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** A hub whose loops the test turns. */
final class TestHub {
    /** Who listens is known, and told. */
    private static final Namespace SEEN = new Namespace(
            "seen",
            Namespace.Access.ANYONE,
            Namespace.Access.ANYONE,
            Namespace.Scope.CLUSTER,
            Namespace.Slow.DISCONNECT,
            false,
            Namespace.History.NONE,
            new Namespace.Attendance(true, Namespace.Access.ANYONE, true, false));

    final List<ManualLoop> loops;
    final Meters meters = new Meters();
    final PlainEndpoint endpoint = new PlainEndpoint();
    final HeapFraming framing = new HeapFraming();
    final Lane lane = new Lane(endpoint, framing);
    final Hub hub;

    /** Who was sent something, in the order of all loops. */
    final List<TestClient> sends = new ArrayList<>();

    TestHub(int loopCount, Backplane backplane) {
        this(loopCount, backplane, LoginPolicy.MANY, Limits.DEFAULT, Handler.NONE);
    }

    TestHub(int loopCount, Backplane backplane, LoginPolicy policy, Limits limits, Handler handler) {
        this(loopCount, backplane, policy, limits, handler, Authenticator.path());
    }

    TestHub(
            int loopCount,
            Backplane backplane,
            LoginPolicy policy,
            Limits limits,
            Handler handler,
            Authenticator door) {
        this(loopCount, backplane, policy, limits, handler, door, Directory.local());
    }

    TestHub(
            int loopCount,
            Backplane backplane,
            LoginPolicy policy,
            Limits limits,
            Handler handler,
            Authenticator door,
            Directory directory) {
        this(loopCount, backplane, policy, limits, handler, door, directory, new MemoryLog(new MemoryLog.Store()));
    }

    TestHub(
            int loopCount,
            Backplane backplane,
            LoginPolicy policy,
            Limits limits,
            Handler handler,
            Authenticator door,
            Directory directory,
            Log log) {
        loops = IntStream.range(0, loopCount).mapToObj(i -> new ManualLoop()).toList();
        hub = new Hub(new Hub.Parts(
                new Origin("test", 77),
                List.copyOf(loops),
                backplane,
                log,
                Optional.of(directory),
                LoginRules.of(policy),
                new Namespaces(List.of(
                        open("local", Namespace.Slow.DISCONNECT),
                        open("oldest", Namespace.Slow.DROP_OLDEST),
                        open("newest", Namespace.Slow.DROP_NEWEST),
                        open("conflate", Namespace.Slow.CONFLATE),
                        SEEN,
                        kept("news", Namespace.Slow.DISCONNECT),
                        kept("keptoldest", Namespace.Slow.DROP_OLDEST))),
                limits,
                handler,
                door,
                false,
                meters));
        backplane.start(hub);
        hub.history.open();
        settle();
    }

    private static Namespace kept(String name, Namespace.Slow slow) {
        return new Namespace(
                name,
                Namespace.Access.ANYONE,
                Namespace.Access.ANYONE,
                Namespace.Scope.CLUSTER,
                slow,
                false,
                new Namespace.History(
                        10,
                        Duration.ofMinutes(5),
                        Namespace.Access.ANYONE,
                        false,
                        false,
                        Namespace.Recovery.STREAM,
                        true),
                Namespace.Attendance.NONE);
    }

    private static Namespace open(String name, Namespace.Slow slow) {
        return new Namespace(name, Namespace.Access.ANYONE, Namespace.Access.ANYONE, Namespace.Scope.NODE, slow);
    }

    /** Runs all loops until none has anything to do. */
    void settle() {
        boolean busy = true;
        while (busy) {
            busy = false;
            for (ManualLoop loop : loops) {
                busy |= loop.step();
            }
        }
    }

    void pass(long millis) {
        loops.forEach(loop -> loop.pass(millis));
        settle();
    }

    /** As long as a topic may linger at most, in steps as coarse as the hub's own. */
    void passLinger() {
        for (int i = 0; i < 5; i++) {
            pass(Interests.LINGER_MILLIS / 4);
        }
    }

    TestClient client(int loop, String user, Topic... topics) {
        return client(loop, user, "plain", topics);
    }

    /** One that has memberships. */
    TestClient member(int loop, String user, Memberships memberships) {
        var client = new TestClient(
                this, loop, lane, user, new Opening<>(user, "plain", List.of(Topic.user(user)), "", memberships));
        client.connect();
        return client;
    }

    TestClient client(int loop, String user, String device, Topic... topics) {
        var client = new TestClient(this, loop, lane, user, device, topics);
        client.connect();
        return client;
    }
}
