package io.switchboard.bench.jmh;

import io.switchboard.backplane.Backplane;
import io.switchboard.directory.Directory;
import io.switchboard.directory.LoginPolicy;
import io.switchboard.directory.LoginRules;
import io.switchboard.hub.Authenticator;
import io.switchboard.hub.Handler;
import io.switchboard.hub.Hub;
import io.switchboard.hub.Lane;
import io.switchboard.hub.Limits;
import io.switchboard.hub.Namespaces;
import io.switchboard.log.MemoryLog;
import io.switchboard.message.Message;
import io.switchboard.message.Origin;
import io.switchboard.metrics.Meters;
import io.switchboard.protocol.Endpoint;
import io.switchboard.protocol.Request;
import io.switchboard.protocols.chat.ChatProtocol;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** From a client's frame to the outlets of those who hear it; the figure is per delivery. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class HubBenchmark {
    private static final int LISTENERS = 1_000;
    private static final int BATCH = 16;

    private final TurnedLoop loop = new TurnedLoop();
    private final List<CountingClient> listeners = new ArrayList<>();
    private final ByteBuffer text = bytes("x".repeat(100));
    private final ByteBuffer toBen = bytes("{\"Id\":\"ben\",\"Msg\":\"" + "x".repeat(100) + "\"}");
    private final Runnable publish = () -> says(publisher(), text);
    private final Runnable tell = () -> says(ann(), toBen);
    private Hub hub;
    private CountingClient publisher;
    private CountingClient ann;
    private CountingClient ben;

    @Setup
    public void setUp() {
        var meters = new Meters();
        var backplane = Backplane.none();
        hub = new Hub(new Hub.Parts(
                new Origin("bench", 1),
                List.of(loop),
                backplane,
                new MemoryLog(new MemoryLog.Store()),
                Optional.of(Directory.local()),
                LoginRules.of(LoginPolicy.MANY),
                new Namespaces(List.of()),
                unhurried(),
                Handler.NONE,
                Authenticator.path(),
                false,
                meters));
        backplane.start(hub);
        var endpoints = new ChatProtocol(meters).endpoints(List.of("/chat"));
        var user = endpoints.get(0);
        var group = endpoints.get(1);
        var lane = new Lane(user.encoder(), new ArrayFraming());
        for (int i = 0; i < LISTENERS; i++) {
            listeners.add(connect(group, lane, Map.of("group", "g", "user", "u" + i)));
        }
        publisher = connect(group, lane, Map.of("group", "g", "user", "publisher"));
        ann = connect(user, lane, Map.of("id", "ann"));
        ben = connect(user, lane, Map.of("id", "ben"));
    }

    /** What is measured must have happened. */
    @TearDown
    public void everybodyHeard() {
        long heard = listeners.getFirst().bytes + ben.bytes;
        if (heard == 0 || listeners.getFirst().bytes != listeners.getLast().bytes) {
            throw new IllegalStateException("not everybody heard everything");
        }
    }

    @Benchmark
    @OperationsPerInvocation(LISTENERS)
    public long fanOut() {
        loop.execute(publish);
        loop.turn();
        return listeners.getFirst().bytes;
    }

    @Benchmark
    @OperationsPerInvocation(LISTENERS * BATCH)
    public long fanOutOfSixteenInATurn() {
        for (int i = 0; i < BATCH; i++) {
            loop.execute(publish);
        }
        loop.turn();
        return listeners.getFirst().bytes;
    }

    @Benchmark
    public long oneToOne() {
        loop.execute(tell);
        loop.turn();
        return ben.bytes;
    }

    private CountingClient publisher() {
        return publisher;
    }

    private CountingClient ann() {
        return ann;
    }

    private void says(CountingClient client, ByteBuffer message) {
        hub.message(client.session(), Message.Kind.TEXT, message.duplicate());
    }

    private CountingClient connect(Endpoint<?> endpoint, Lane lane, Map<String, String> variables) {
        var client = new CountingClient(endpoint, lane, new Request("/", variables, Map.of(), Map.of(), "127.0.0.1"));
        loop.execute(() -> hub.connect(0, client));
        loop.turn();
        client.session();
        return client;
    }

    /** The defaults without limits of rate: a benchmark is one client that says more than a client may. */
    private static Limits unhurried() {
        return Limits.DEFAULT.with(limits -> {
            limits.commandsPerSecond = Integer.MAX_VALUE;
            limits.publishBytesPerSecond = Long.MAX_VALUE;
        });
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
