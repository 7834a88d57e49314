package io.switchboard.checks.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.client.Frame;
import io.switchboard.checks.client.Handshake;
import io.switchboard.checks.client.WsClient;
import io.switchboard.checks.components.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * One client of the chat design that must hear exactly what the test says, in that order. Which channels of the broker
 * reach it follows from its path and from the groups it joins.
 */
public final class ChatClient implements AutoCloseable {
    /** Who sends the messages by which a test knows that everything before them has arrived. */
    static final String FENCE = "~fence~";

    private static final int TINY_BUFFER = 4_096;

    private final String user;
    private final WsClient connection;
    private final Optional<RedisServer> redis;
    private final Set<String> channels = new TreeSet<>();

    private ChatClient(String path, WsClient connection, Optional<RedisServer> redis) {
        this.connection = connection;
        this.redis = redis;
        var words = path.substring(1).split("/", -1);
        this.user = decoded(words[words.length - 1]);
        switch (words[1]) {
            case "user" -> channels.add("user:" + user);
            case "group" -> channels.add("group:" + decoded(words[2]));
            case "all" -> channels.add("all");
            case "channel" -> channels.addAll(Set.of("user:" + user, "all"));
            default -> throw new IllegalArgumentException("not a path of the chat design: " + path);
        }
    }

    public static ChatClient connect(URI uri) {
        return new ChatClient(uri.getRawPath(), WsClient.connect(uri), Optional.empty());
    }

    /** Of a node that has this Redis. */
    static ChatClient connect(URI uri, RedisServer redis) {
        return new ChatClient(uri.getRawPath(), WsClient.connect(uri), Optional.of(redis));
    }

    /** With hardly any room for what it does not read. */
    public static ChatClient connectNarrow(URI uri) {
        try {
            var socket = new Socket();
            socket.setReceiveBufferSize(TINY_BUFFER);
            return new ChatClient(uri.getRawPath(), WsClient.connect(Handshake.to(uri), socket), Optional.empty());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String user() {
        return user;
    }

    /** The frames below, for what no well-behaved client does. */
    public WsClient connection() {
        return connection;
    }

    Set<String> channels() {
        return channels;
    }

    // Speaking

    public void send(String text) {
        connection.sendText(text);
    }

    /** One message in frames of so many bytes, whether that cuts characters in two or not. */
    public void sendInPieces(String text, int bytesEach) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < bytes.length; at += bytesEach) {
            var piece = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + bytesEach));
            var frame = at == 0 ? Frame.of(Frame.TEXT, piece) : Frame.continuation(piece);
            connection.send(at + bytesEach < bytes.length ? frame.unfinished() : frame);
        }
    }

    public void sayTo(String other, String text) {
        send(Chat.one(other, text));
    }

    public void sayToGroup(String group, String text) {
        send(Chat.group(group, text));
    }

    public void sayToAll(String text) {
        send(Chat.all(text));
    }

    /**
     * Joins, and waits until told so and, with a known Redis, until the notice has gone through it: who joins on
     * another node after this does not hear it any more.
     */
    public ChatClient join(String group) {
        if (redis.isEmpty()) {
            return joinWithoutBroker(group);
        }
        var channel = "group:" + group;
        var notice = Chat.joined(user, group);
        try (var wire = redis.get().wire()) {
            wire.call("SUBSCRIBE", channel).items();
            joinWithoutBroker(group);
            while (!wire.read().items().getLast().text().contains(notice)) {
                // Others speak to the group as well.
            }
            wire.send("UNSUBSCRIBE", channel);
            while (!wire.read().items().getFirst().text().equals("unsubscribe")) {
                // What came in between is of no interest.
            }
        }
        return this;
    }

    /** Joins, and waits until told so, be there a broker or not. */
    public ChatClient joinWithoutBroker(String group) {
        send(Chat.join(group));
        hears(Chat.joined(user, group));
        channels.add("group:" + group);
        return this;
    }

    // Hearing

    /** The next text it hears. */
    public void hears(String expected) {
        assertEquals(shortened(expected), shortened(next("\"" + shortened(expected) + "\"")), user + " heard");
    }

    public void hearsOne(String from, String text) {
        hears(Chat.heardOne(from, text));
    }

    public void hearsGroup(String group, String from, String text) {
        hears(Chat.heardGroup(group, from, text));
    }

    public void hearsAll(String from, String text) {
        hears(Chat.heardAll(from, text));
    }

    public void hearsNotice(String newcomer, String group) {
        hears(Chat.notice(newcomer, group));
    }

    /** The next text must be an error; gives it. */
    public String hearsError() {
        var text = next("an error");
        assertTrue(text.startsWith("error: "), () -> user + " heard instead of an error: " + shortened(text));
        return text;
    }

    /** The next text, if one comes in time. */
    public Optional<String> nextWithin(Duration patience) {
        return connection.receive(patience).map(Frame::text);
    }

    private String next(String awaited) {
        while (true) {
            String text;
            try {
                text = connection.nextText();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(user + " waited for " + awaited + ": " + e.getMessage(), e);
            }
            if (!text.contains(FENCE)) {
                return text;
            }
        }
    }

    /** Until one fence has come through each of its channels; a failure if anything else comes before. */
    void awaitFences(String fence) {
        for (int missing = channels.size(); missing > 0; ) {
            var frame = connection.receive();
            if (frame.opcode() != Frame.TEXT || !frame.text().contains(FENCE)) {
                throw new AssertionError(user + " should hear nothing more, but heard " + frame);
            }
            if (frame.text().endsWith(fence)) {
                missing--;
            }
        }
    }

    // Ending

    public void awaitClose(int code) {
        try {
            connection.awaitClose(code);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(user + " waited for close " + code + ": " + e.getMessage(), e);
        }
    }

    /** The closing handshake. */
    public void leave() {
        connection.leave();
    }

    /** A reset. */
    public void abort() {
        connection.abort();
    }

    @Override
    public void close() {
        connection.close();
    }

    private static String decoded(String segment) {
        return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** A failure must not print a megabyte; the hash keeps different texts different. */
    private static String shortened(String text) {
        return text.length() <= 400
                ? text
                : text.substring(0, 200) + "… (" + text.length() + " characters, hash " + text.hashCode() + ")";
    }
}
