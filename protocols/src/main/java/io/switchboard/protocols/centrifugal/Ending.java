package io.switchboard.protocols.centrifugal;

import io.switchboard.protocol.CloseReason;
import io.switchboard.protocol.Refusal;

/**
 * Why a connection ends. Clients connect again after codes below 3500, from 4000 to 4499, and from 5000 on. After 3000
 * nothing at all is said: the connection breaks.
 */
final class Ending {
    static final CloseReason CLOSED = new CloseReason(3000, "connection closed");
    static final CloseReason SHUTDOWN = new CloseReason(3001, "shutdown");
    static final CloseReason INTERNAL = new CloseReason(3004, "internal server error");
    static final CloseReason EXPIRED = new CloseReason(3005, "connection expired");
    static final CloseReason SUBSCRIPTION_EXPIRED = new CloseReason(3006, "subscription expired");
    static final CloseReason SLOW = new CloseReason(3008, "slow");
    static final CloseReason WRITE_ERROR = new CloseReason(3009, "write error");
    static final CloseReason INSUFFICIENT_STATE = new CloseReason(3010, "insufficient state");
    static final CloseReason FORCE_RECONNECT = new CloseReason(3011, "force reconnect");
    static final CloseReason NO_PONG = new CloseReason(3012, "no pong");
    static final CloseReason TOO_MANY_REQUESTS = new CloseReason(3013, "too many requests");
    static final CloseReason INVALID_TOKEN = new CloseReason(3500, "invalid token");
    static final CloseReason BAD_REQUEST = new CloseReason(3501, "bad request");
    static final CloseReason STALE = new CloseReason(3502, "stale");
    static final CloseReason FORCE_DISCONNECT = new CloseReason(3503, "force disconnect");
    static final CloseReason CONNECTION_LIMIT = new CloseReason(3504, "connection limit");
    static final CloseReason CHANNEL_LIMIT = new CloseReason(3505, "channel limit");
    static final CloseReason INAPPROPRIATE = new CloseReason(3506, "inappropriate protocol");
    static final CloseReason PERMISSION_DENIED = new CloseReason(3507, "permission denied");
    static final CloseReason NOT_AVAILABLE = new CloseReason(3508, "not available");

    // How a channel ends. Clients listen again after codes from 2500 on; the first two are for the application alone.

    static final Reply.Push.Unsubscribe UNSUBSCRIBED_BY_CLIENT = new Reply.Push.Unsubscribe(0, "client unsubscribed");
    static final Reply.Push.Unsubscribe UNSUBSCRIBED_BY_END = new Reply.Push.Unsubscribe(1, "disconnect");
    static final Reply.Push.Unsubscribe UNSUBSCRIBED_INSUFFICIENT_STATE =
            new Reply.Push.Unsubscribe(2500, "insufficient state");
    static final Reply.Push.Unsubscribe UNSUBSCRIBED_EXPIRED = new Reply.Push.Unsubscribe(2501, "subscription expired");

    private Ending() {}

    /** How clients of this protocol are told of an end that all protocols know. */
    static CloseReason of(CloseReason usual) {
        if (usual.code() >= 3000 && usual.code() < 4000) {
            return usual;
        }
        return switch (usual.code()) {
            case 1001 -> SHUTDOWN;
            case 1002, 1003, 1007 -> BAD_REQUEST;
            case 1011 -> INTERNAL;
            case 4001 -> FORCE_DISCONNECT;
            case 4008 -> SLOW;
            case 4010 -> INSUFFICIENT_STATE;
            case 4011 -> NO_PONG;
            case 4012 -> EXPIRED;
            case 4029 -> TOO_MANY_REQUESTS;
            default -> usual;
        };
    }

    /** Why a client cannot be who it is. */
    static CloseReason of(Refusal refusal) {
        if (refusal.retryAfter().isPresent()) {
            return FORCE_RECONNECT;
        }
        return switch (refusal.status()) {
            case 400, 401, 403 -> PERMISSION_DENIED;
            case 500 -> INTERNAL;
            default -> CONNECTION_LIMIT;
        };
    }

    /** Whether clients connect again after it. */
    static boolean reconnects(int code) {
        return code < 3500 || (code >= 4000 && code < 4500) || code >= 5000;
    }
}
