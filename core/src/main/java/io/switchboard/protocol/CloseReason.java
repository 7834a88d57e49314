package io.switchboard.protocol;

/**
 * Why a session ends, as told to its client: a WebSocket close code, and a reason of at most 123 bytes. Codes 1xxx are
 * RFC 6455's, 4xxx ours, and 3000 says that the connection ends without a word. After 4001 a client must not connect
 * again by itself: it would throw out its successor.
 */
public record CloseReason(int code, String text) {
    public static final CloseReason NORMAL = new CloseReason(1000, "");
    public static final CloseReason DRAINING = new CloseReason(1001, "node is shutting down, connect again");
    public static final CloseReason PROTOCOL_ERROR = new CloseReason(1002, "protocol error");
    public static final CloseReason NOT_UTF8 = new CloseReason(1007, "text is not UTF-8");
    public static final CloseReason TOO_BIG = new CloseReason(1009, "message too big");
    public static final CloseReason INTERNAL = new CloseReason(1011, "internal error");
    public static final CloseReason SLOW = new CloseReason(4008, "too slow: unsent messages exceed the limit");
    public static final CloseReason TOO_FAST = new CloseReason(4029, "too many commands");
    public static final CloseReason GAP = new CloseReason(4010, "messages may have been missed, connect again");
    public static final CloseReason NO_PONG = new CloseReason(4011, "no answer to ping");
    public static final CloseReason REPLACED = new CloseReason(4001, "replaced by a newer connection");

    public static final CloseReason EXPIRED = new CloseReason(4012, "what the token says is no longer true");
    public static final CloseReason TAKEN = new CloseReason(4001, "another connection of this user has the place");

    private static final int WORDLESS = 3000;

    public CloseReason {
        if (code < 1000 || code > 4999) {
            throw new IllegalArgumentException("close code " + code + " is not in 1000..4999");
        }
    }

    /** Whether the connection is to end without a close frame, as one that was cut. */
    public boolean isWordless() {
        return code == WORDLESS;
    }
}
