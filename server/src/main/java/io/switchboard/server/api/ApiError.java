package io.switchboard.server.api;

/** Why a request was not carried out: the numbers of the Centrifugal server API, and our words. */
record ApiError(int code, String message) {
    static final ApiError INTERNAL = new ApiError(100, "internal server error");
    static final ApiError UNAUTHORIZED =
            new ApiError(101, "unauthorized: give the key, as X-API-Key: KEY or Authorization: apikey KEY");
    static final ApiError UNKNOWN_CHANNEL = new ApiError(102, "unknown channel");
    static final ApiError METHOD_NOT_FOUND = new ApiError(104, "method not found");
    static final ApiError LIMIT_EXCEEDED = new ApiError(106, "limit exceeded");
    static final ApiError BAD_REQUEST = new ApiError(107, "bad request");
    static final ApiError NOT_AVAILABLE = new ApiError(108, "not available");
    static final ApiError UNRECOVERABLE_POSITION = new ApiError(112, "unrecoverable position");

    /** The same, said more exactly. */
    ApiError because(String detail) {
        return new ApiError(code, message + ": " + detail);
    }

    /** In the mode in which errors are told by the status of the answer. */
    int status() {
        return switch (code) {
            case 100 -> 500;
            case 101 -> 401;
            case 102, 104 -> 404;
            case 103 -> 403;
            case 111 -> 429;
            case 112 -> 416;
            case 113 -> 409;
            default -> 400;
        };
    }
}
