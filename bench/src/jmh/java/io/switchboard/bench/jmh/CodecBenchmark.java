package io.switchboard.bench.jmh;

import io.switchboard.message.ByteArraySink;
import io.switchboard.message.Envelope;
import io.switchboard.message.Exclusion;
import io.switchboard.message.Message;
import io.switchboard.message.Origin;
import io.switchboard.message.Publication;
import io.switchboard.message.Sender;
import io.switchboard.message.Topic;
import io.switchboard.metrics.Meters;
import io.switchboard.protocol.Command;
import io.switchboard.protocol.Endpoint;
import io.switchboard.protocol.Refusal;
import io.switchboard.protocol.Request;
import io.switchboard.protocols.chat.ChatProtocol;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** Bytes to commands, publications to bytes and back. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CodecBenchmark {
    /** An endpoint with what it keeps of one connection. */
    private record Decoder<S>(Endpoint<S> endpoint, S state) {
        static <S> Decoder<S> of(Endpoint<S> endpoint, Request request) {
            try {
                return new Decoder<>(endpoint, endpoint.open(request).state());
            } catch (Refusal.Thrown e) {
                throw new IllegalArgumentException(e);
            }
        }

        void decode(ByteBuffer content, Consumer<Command> commands) {
            endpoint.decode(state, Message.Kind.TEXT, content, commands);
        }
    }

    private final ByteBuffer command = ByteBuffer.wrap(
            ("{\"Id\":\"ben\",\"Msg\":\"" + "x".repeat(100) + "\"}").getBytes(StandardCharsets.UTF_8));
    private final Decoder<?> user = Decoder.of(
            new ChatProtocol(new Meters()).endpoints(List.of("/chat")).getFirst(),
            new Request("/", Map.of("id", "ann"), Map.of(), Map.of(), "127.0.0.1"));
    private final Publication publication = Publication.from(
                    Topic.group("g1"), Message.text("x".repeat(100)), new Sender("ann", "s1"), Exclusion.USER)
            .numbered(new Origin("a", 1), 7);
    private final byte[] envelope = encoded().toByteArray();

    @Benchmark
    public void chatDecode(Blackhole sink) {
        user.decode(command.duplicate(), sink::consume);
    }

    @Benchmark
    public ByteArraySink envelopeEncode() {
        return encoded();
    }

    @Benchmark
    public Publication envelopeDecode() throws Exception {
        return Envelope.decode(ByteBuffer.wrap(envelope));
    }

    private ByteArraySink encoded() {
        var sink = new ByteArraySink(256);
        Envelope.encode(publication, sink);
        return sink;
    }
}
