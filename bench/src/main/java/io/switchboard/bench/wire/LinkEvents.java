package io.switchboard.bench.wire;

/** What happens to the connections of a loop; called on its thread. Times are of {@link System#nanoTime}. */
public interface LinkEvents {
    /** The server has agreed to speak WebSocket. */
    void opened(Link link, long now);

    /** A text or binary frame; the bytes are valid during the call only. */
    void message(Link link, byte[] bytes, int from, int to, long now);

    /** The server's ping was answered. */
    void pinged(Link link);

    /** It is over, and why; not called when this side ended it. */
    void ended(Link link, String cause, long now);

    /**
     * Once per turn, after everything that came was read and before what is to be sent is written.
     *
     * @return when the next turn is due at the latest
     */
    long turn(long now);
}
