package io.switchboard.protocols.centrifugal;

import io.switchboard.protocol.CloseReason;

/** Why a command was not carried out, as the client is told; the connection stays. */
enum ErrorCode {
    INTERNAL(100, "internal server error", true),
    UNAUTHORIZED(101, "unauthorized", false),
    UNKNOWN_CHANNEL(102, "unknown channel", false),
    PERMISSION_DENIED(103, "permission denied", false),
    METHOD_NOT_FOUND(104, "method not found", false),
    ALREADY_SUBSCRIBED(105, "already subscribed", false),
    LIMIT_EXCEEDED(106, "limit exceeded", false),
    BAD_REQUEST(107, "bad request", false),
    NOT_AVAILABLE(108, "not available", false),
    TOKEN_EXPIRED(109, "token expired", false),
    EXPIRED(110, "expired", false),
    TOO_MANY_REQUESTS(111, "too many requests", true),
    UNRECOVERABLE_POSITION(112, "unrecoverable position", false);

    private final int code;
    private final String text;
    private final boolean temporary;

    ErrorCode(int code, String text, boolean temporary) {
        this.code = code;
        this.text = text;
        this.temporary = temporary;
    }

    /** What is said, by us or by the application. */
    record Failure(int code, String text, boolean temporary) {
        /** How a connection ends that cannot be told of errors, for nothing was asked over it. */
        CloseReason asEnd() {
            return switch (code) {
                case 109, 110 -> Ending.EXPIRED;
                case 111 -> Ending.TOO_MANY_REQUESTS;
                case 103 -> Ending.PERMISSION_DENIED;
                default -> Ending.INTERNAL;
            };
        }
    }

    Failure failure() {
        return new Failure(code, text, temporary);
    }

    /** The same, but the client may try again; for those who would take it for final. */
    Failure forNow() {
        return new Failure(code, text, true);
    }
}
