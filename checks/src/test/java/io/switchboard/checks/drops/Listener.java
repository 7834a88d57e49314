package io.switchboard.checks.drops;

import io.switchboard.checks.client.EndedException;
import io.switchboard.checks.client.Frame;
import io.switchboard.checks.client.RefusedException;
import io.switchboard.checks.client.WsClient;
import io.switchboard.checks.vectors.Json;
import io.switchboard.checks.vectors.JsonReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A client of the Centrifugal protocol, in JSON written by hand: connects and subscribes in one frame, and after each
 * end of its connection comes back, to the next node, from where it was.
 */
final class Listener implements Runnable {
    private static final Duration TURN = Duration.ofMillis(500);

    /** How a connection is cut; never with a close frame. */
    enum Cut {
        RESET,
        FIN,
        /** Nothing is read any more, and the end is seen only after the client is back on another connection. */
        SILENCE
    }

    /** What a listener does between two connections. */
    @FunctionalInterface
    interface Absence {
        /** Returns when it is time to come back; false if it is over. */
        boolean awaitReturn() throws InterruptedException;
    }

    private final IntFunction<URI> addresses;
    private final List<Track> tracks;
    private final Absence absence;
    private final Tally tally;
    private volatile @Nullable WsClient line;
    private @Nullable WsClient forgotten;
    private volatile boolean forgets;
    private volatile boolean cut;

    Listener(IntFunction<URI> addresses, List<Track> tracks, Absence absence, Tally tally) {
        this.addresses = addresses;
        this.tracks = List.copyOf(tracks);
        this.absence = absence;
        this.tally = tally;
    }

    List<Track> tracks() {
        return tracks;
    }

    /** From any thread; false if there is nothing to cut just now. */
    boolean cut(Cut way) {
        WsClient victim = line;
        if (victim == null || cut) {
            return false;
        }
        cut = true;
        tally.count("cuts");
        switch (way) {
            case RESET -> victim.abort();
            case FIN -> victim.close();
            case SILENCE -> forgets = true;
        }
        return true;
    }

    @Override
    public void run() {
        try {
            for (int attempt = 0; attempt == 0 || absence.awaitReturn(); attempt++) {
                visit(addresses.apply(attempt));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | AssertionError e) {
            tally.trouble("a listener gave up: " + e);
        } finally {
            closeForgotten();
        }
    }

    private void visit(URI address) {
        Optional<WsClient> connected = connect(address);
        closeForgotten();
        if (connected.isEmpty()) {
            return;
        }
        WsClient client = connected.get();
        forgets = false;
        cut = false;
        try {
            tracks.forEach(Track::notListening);
            client.sendText(greeting());
            converse(client);
        } catch (EndedException | UncheckedIOException e) {
            if (!cut) {
                tally.count("ended by the server without a word");
            }
        } finally {
            line = null;
            if (forgets) {
                forgotten = client;
            } else {
                client.close();
            }
        }
    }

    private Optional<WsClient> connect(URI address) {
        try {
            return Optional.of(WsClient.connect(address));
        } catch (RefusedException | EndedException | UncheckedIOException | AssertionError _noNode) {
            tally.count("attempts without a node");
            return Optional.empty();
        }
    }

    private void closeForgotten() {
        if (forgotten != null) {
            forgotten.close();
            forgotten = null;
        }
    }

    private String greeting() {
        var text = new StringBuilder("{\"id\":1,\"connect\":{}}");
        for (int i = 0; i < tracks.size(); i++) {
            text.append('\n').append(tracks.get(i).request(i + 2));
        }
        return text.toString();
    }

    private void converse(WsClient client) {
        while (!forgets) {
            Optional<Frame> frame = client.receive(TURN);
            if (frame.isEmpty()) {
                continue;
            }
            if (frame.get().opcode() == Frame.CLOSE) {
                tally.count("closed with " + frame.get().closeCode());
                return;
            }
            for (String reply : frame.get().text().split("\n", -1)) {
                if (!reply.isEmpty()) {
                    hear(client, JsonReader.read(reply));
                }
            }
        }
    }

    private void hear(WsClient client, Json reply) {
        Optional<Json> push = reply.field("push");
        if (push.isPresent()) {
            pushed(client, push.get());
        } else if (reply.field("id").isEmpty()) {
            client.sendText("{}");
        } else if (reply.field("error").isPresent()) {
            refused(client, reply.whole("id", 0), reply.field("error").get());
        } else {
            reply.field("subscribe")
                    .ifPresent(result -> tracks.get(reply.whole("id", 0) - 2).subscribed(result));
            if (line == null && tracks.stream().allMatch(Track::listening)) {
                line = client;
            }
        }
    }

    private void refused(WsClient client, int id, Json error) {
        if (id >= 2 && error.flag("temporary", false)) {
            tally.count("temporary errors");
            client.sendText(tracks.get(id - 2).request(id));
        } else {
            tally.trouble("command " + id + " was refused: " + error);
        }
    }

    private void pushed(WsClient client, Json push) {
        String topic = push.text("channel");
        for (int i = 0; i < tracks.size(); i++) {
            Track track = tracks.get(i);
            if (track.topic().equals(topic)) {
                push.field("pub").ifPresent(track::live);
                if (push.field("unsubscribe").isPresent()) {
                    int code = push.field("unsubscribe").get().whole("code", 0);
                    tally.count("unsubscribed with " + code);
                    track.notListening();
                    client.sendText(track.request(i + 2));
                }
                return;
            }
        }
        tally.trouble("unexpected " + push);
    }
}
