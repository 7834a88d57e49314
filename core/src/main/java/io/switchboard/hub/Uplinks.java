package io.switchboard.hub;

import io.switchboard.message.MalformedException;
import io.switchboard.message.Message;
import io.switchboard.message.Origin;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Ways in for what clients say over requests of their own, beside the connection that carries what they hear: such a
 * request may come to any node and is passed on to the one that has the session. Safe from any thread.
 */
public final class Uplinks {
    private static final String WORD = "uplink";
    private static final String THERE = "there";
    private static final String GONE = "gone";
    private static final long ANSWER_MILLIS = 3_000;
    private static final int KEY_BYTES = 18;

    /** The upward half of a connection. */
    public interface Uplink {
        /** Takes one message of the client. Called on any thread; false if the connection is gone. */
        CompletionStage<Boolean> take(Message message);
    }

    private final Hub hub;
    private final SecureRandom random = new SecureRandom();
    private final ConcurrentMap<String, Uplink> uplinks = new ConcurrentHashMap<>();

    Uplinks(Hub hub) {
        this.hub = hub;
        hub.control.on(WORD, words -> heard(words).thenApply(there -> there ? THERE : GONE));
    }

    /** What clients are told as the node that has their connection. */
    public String node() {
        return hub.origin.node() + ":" + Long.toHexString(hub.origin.incarnation());
    }

    /**
     * Opens a way in.
     *
     * @return the key to it: a secret between the client and us, for whoever has it speaks in the client's name
     */
    public String open(Uplink uplink) {
        byte[] bytes = new byte[KEY_BYTES];
        random.nextBytes(bytes);
        String key = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        uplinks.put(key, uplink);
        return key;
    }

    public void close(String key) {
        uplinks.remove(key);
    }

    /**
     * Passes on what a client said to the node that has its connection.
     *
     * @param node as {@link #node} of that node said; any text
     * @param key as {@link #open} there gave it; any text
     * @return whether it was taken: false if there is no such node or connection (any more). Fails if the node does not
     *     answer in time; it may have been taken then.
     */
    public CompletionStage<Boolean> deliver(String node, String key, Message message) {
        if (node.equals(node())) {
            return take(key, message);
        }
        for (Origin other : hub.control.others()) {
            if (node.equals(other.node() + ":" + Long.toHexString(other.incarnation()))) {
                String line = key.replace('\n', ' ');
                return hub.control
                        .ask(other, ANSWER_MILLIS, WORD, line, message.asLine())
                        .thenApply(THERE::equals);
            }
        }
        return CompletableFuture.completedFuture(false);
    }

    private CompletionStage<Boolean> heard(String[] words) {
        try {
            return take(words[1], Message.ofLine(words[2]));
        } catch (MalformedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletionStage<Boolean> take(String key, Message message) {
        Uplink uplink = uplinks.get(key);
        return uplink == null ? CompletableFuture.completedFuture(false) : uplink.take(message);
    }
}
