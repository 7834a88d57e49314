package io.switchboard.checks.centrifugal;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.client.EndedException;
import io.switchboard.checks.client.Frame;
import io.switchboard.checks.client.Handshake;
import io.switchboard.checks.client.WsClient;
import io.switchboard.checks.vectors.Json;
import io.switchboard.checks.vectors.JsonReader;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Somebody who says who it is, and from then on only hears: bare pushes, whichever way they come. */
final class OneWay implements AutoCloseable {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /**
     * One of the ways.
     *
     * @param path as {@code uni_sse}
     * @param addressed whether the address says who it is, instead of the first message, or the body
     */
    record Way(String path, boolean binary, boolean addressed) {
        static final List<Way> ALL = List.of(
                new Way("uni_websocket", false, false),
                new Way("uni_websocket", true, false),
                new Way("uni_websocket", false, true),
                new Way("uni_http_stream", false, false),
                new Way("uni_http_stream", true, false),
                new Way("uni_http_stream", false, true),
                new Way("uni_sse", false, false),
                new Way("uni_sse", false, true));

        boolean isWebSocket() {
            return path.equals("uni_websocket");
        }

        @Override
        public String toString() {
            return path + (binary ? " protobuf" : " json") + (addressed ? " by address" : "");
        }
    }

    /** A push; or the end, with its code, or 0 if nothing was said. */
    sealed interface Heard {
        record Push(Json push) implements Heard {}

        record End(int code, String reason) implements Heard {}
    }

    private final Way way;
    private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
    private final AutoCloseable connection;

    /** Pings that came meanwhile. */
    private int pings;

    private OneWay(Way way, AutoCloseable connection) {
        this.way = way;
        this.connection = connection;
    }

    /** Connects, and says who it is: a connect request in JSON, whatever it is sent as. */
    static OneWay open(String http, Way way, String request) {
        String query = way.addressed() ? "?cf_connect=" + URLEncoder.encode(request, StandardCharsets.UTF_8) : "";
        URI uri = URI.create(http + "/connection/" + way.path() + query);
        byte[] body =
                way.binary() ? Protobuf.connect(JsonReader.read(request)) : request.getBytes(StandardCharsets.UTF_8);
        return way.isWebSocket() ? webSocket(uri, way, body) : stream(uri, way, body);
    }

    private static OneWay webSocket(URI uri, Way way, byte[] body) {
        Handshake handshake = Handshake.to(uri);
        WsClient client = WsClient.connect(
                way.binary() ? handshake.with("Sec-WebSocket-Protocol", "centrifuge-protobuf") : handshake);
        var one = new OneWay(way, client);
        if (!way.addressed()) {
            client.send(way.binary() ? Frame.binary(body) : Frame.of(Frame.TEXT, body));
        }
        one.read(() -> one.frames(client));
        return one;
    }

    private static OneWay stream(URI uri, Way way, byte[] body) {
        var request = HttpRequest.newBuilder(uri).timeout(Await.PATIENCE);
        if (!way.addressed()) {
            request.POST(BodyPublishers.ofByteArray(body))
                    .header("Content-Type", way.binary() ? "application/octet-stream" : "application/json");
        }
        try {
            HttpResponse<InputStream> answer = HTTP.send(request.build(), BodyHandlers.ofInputStream());
            if (answer.statusCode() != 200) {
                throw new AssertionError(way + " was answered " + answer.statusCode());
            }
            InputStream in = new BufferedInputStream(answer.body());
            var one = new OneWay(way, in);
            one.read(() -> one.lines(in));
            return one;
        } catch (IOException e) {
            throw new UncheckedIOException("no answer by " + way, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while connecting by " + way, e);
        }
    }

    // Reading

    private interface Reading {
        void read() throws IOException;
    }

    private void read(Reading reading) {
        Thread.ofVirtual().start(() -> {
            try {
                reading.read();
            } catch (IOException | UncheckedIOException | EndedException _gone) {
                heard.add(new Heard.End(0, ""));
            } catch (RuntimeException | AssertionError e) {
                heard.add(new Heard.End(-1, String.valueOf(e)));
            }
        });
    }

    private void frames(WsClient client) {
        while (true) {
            Frame frame = client.receive(Await.PATIENCE.multipliedBy(6)).orElseThrow();
            if (frame.opcode() == Frame.CLOSE) {
                heard.add(new Heard.End(frame.closeCode(), frame.closeReason()));
                return;
            } else if (frame.opcode() != (way.binary() ? Frame.BINARY : Frame.TEXT)) {
                throw new AssertionError("unexpected " + frame);
            } else if (way.binary()) {
                ByteBuffer bytes = frame.payload().duplicate();
                while (bytes.hasRemaining()) {
                    hear(Protobuf.push(Protobuf.part(bytes)));
                }
            } else {
                frame.text().lines().forEach(line -> hear(JsonReader.read(line)));
            }
        }
    }

    private void lines(InputStream in) throws IOException {
        while (true) {
            if (way.binary()) {
                hear(Protobuf.push(ByteBuffer.wrap(in.readNBytes(length(in)))));
                continue;
            }
            String line = line(in).strip();
            boolean events = way.path().equals("uni_sse");
            if (events && line.startsWith("data: ")) {
                hear(JsonReader.read(line.substring(6)));
            } else if (!events) {
                hear(JsonReader.read(line));
            } else if (!line.isEmpty()) {
                throw new AssertionError("no event but " + line);
            }
        }
    }

    private static int length(InputStream in) throws IOException {
        int length = 0;
        for (int shift = 0; ; shift += 7) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException();
            }
            length |= (next & 0x7f) << shift;
            if (next < 0x80) {
                return length;
            }
        }
    }

    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException();
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    /** Where there is no close frame the end is a push. */
    private void hear(Json push) {
        var end = push.field("disconnect");
        if (end.isPresent() && !way.isWebSocket()) {
            heard.add(new Heard.End(end.get().whole("code", 0), end.get().text("reason")));
        } else {
            heard.add(new Heard.Push(push));
        }
    }

    // What the test asks

    /** The next push that is no ping. */
    Json next() {
        while (true) {
            switch (take()) {
                case Heard.Push(Json push) when push.equals(new Json.Struct(Map.of())) -> pings++;
                case Heard.Push(Json push) -> {
                    return push;
                }
                case Heard.End end -> throw new AssertionError("a push was expected by " + way + ", not " + end);
            }
        }
    }

    /** The next push must have this member; gives it. */
    Json next(String member) {
        Json push = next();
        return push.field(member).orElseThrow(() -> new AssertionError("no " + member + " but " + push));
    }

    void awaitPings(int count) {
        while (pings < count) {
            Heard next = take();
            if (!(next instanceof Heard.Push(Json push)) || !push.equals(new Json.Struct(Map.of()))) {
                throw new AssertionError("a ping was expected by " + way + ", not " + next);
            }
            pings++;
        }
    }

    /** The end, whatever comes before. */
    Heard.End end() {
        while (true) {
            if (take() instanceof Heard.End end) {
                return end;
            }
        }
    }

    private Heard take() {
        try {
            Heard next = heard.poll(Await.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (next == null) {
                throw new AssertionError("nothing was heard by " + way + " in time");
            }
            return next;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while listening by " + way, e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (Exception _gone) {
            // It is gone as far as this side can tell.
        }
    }
}
