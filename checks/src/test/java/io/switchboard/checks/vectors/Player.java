package io.switchboard.checks.vectors;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.client.EndedException;
import io.switchboard.checks.client.Frame;
import io.switchboard.checks.client.Handshake;
import io.switchboard.checks.client.WsClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One client of a vector. A thread of its own collects what it hears, unless it is one that never reads. */
final class Player implements AutoCloseable {
    /** Marks frames and publications that serve to know that everything before them has arrived. */
    static final String FENCE = "~fence~";

    private static final int TINY_BUFFER = 4_096;
    private static final Duration SLICE = Duration.ofSeconds(1);

    private final String name;
    private final String path;
    private final WsClient client;
    private final boolean reads;
    private final List<Frame> heard = new ArrayList<>();
    private volatile String lastFence = "";
    private volatile boolean ended;

    private Player(String name, String path, WsClient client, boolean reads) {
        this.name = name;
        this.path = path;
        this.client = client;
        this.reads = reads;
    }

    static Player join(String name, URI uri) {
        var player = new Player(name, uri.getRawPath(), WsClient.connect(Handshake.to(uri)), true);
        Thread.ofVirtual().start(player::listen);
        return player;
    }

    static Player joinWithoutReading(String name, URI uri) {
        try {
            var socket = new Socket();
            socket.setReceiveBufferSize(TINY_BUFFER);
            return new Player(name, uri.getRawPath(), WsClient.connect(Handshake.to(uri), socket), false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String name() {
        return name;
    }

    String path() {
        return path;
    }

    void send(Frame frame) {
        client.send(frame);
    }

    /** What it heard so far, without fences. */
    List<Frame> heard() {
        synchronized (heard) {
            return List.copyOf(heard);
        }
    }

    void forget() {
        synchronized (heard) {
            heard.clear();
        }
    }

    boolean ended() {
        return ended;
    }

    /** Reads, and is still there. */
    boolean listens() {
        return reads && !ended;
    }

    /** The closing handshake, and until the connection has ended. */
    void leave() {
        send(Frame.close(1000, ""));
        Await.until(name + " to have left", () -> ended);
    }

    /** Until everything that the node had sent to it has arrived. */
    void awaitPong(String fence) {
        if (!listens()) {
            return;
        }
        try {
            client.send(Frame.ping(FENCE + fence));
        } catch (UncheckedIOException _endedMeanwhile) {
            return;
        }
        awaitFence(fence);
    }

    void awaitFence(String fence) {
        Await.until(name + " to hear fence " + fence, () -> ended || lastFence.endsWith(fence));
    }

    /** The channel on which anybody can reach this client through the broker; empty for one that listens to none. */
    Optional<String> channel() {
        var parts = path.substring(1).split("/", -1);
        if (parts.length < 3 || !parts[0].equals("chat")) {
            return Optional.empty();
        }
        return switch (parts[1]) {
            case "user", "channel" -> Optional.of("user:" + decoded(parts[2]));
            case "group" -> Optional.of("group:" + decoded(parts[2]));
            case "all" -> Optional.of("all");
            default -> Optional.empty();
        };
    }

    @Override
    public void close() {
        if (!ended) {
            try {
                client.send(Frame.close(1000, ""));
            } catch (UncheckedIOException _gone) {
                // The node closed first.
            }
        }
        client.close();
    }

    private void listen() {
        try {
            while (true) {
                client.receive(SLICE).ifPresent(this::hear);
            }
        } catch (EndedException | UncheckedIOException _end) {
            ended = true;
        }
    }

    private void hear(Frame frame) {
        int fence = frame.text().indexOf(FENCE);
        if (fence >= 0) {
            lastFence = frame.text();
            return;
        }
        synchronized (heard) {
            heard.add(frame);
        }
    }

    private static String decoded(String segment) {
        return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
