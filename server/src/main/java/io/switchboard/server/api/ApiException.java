package io.switchboard.server.api;

import java.util.function.Consumer;

/** A request that is not carried out, or not as it was meant. */
final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient ApiError error;
    private final transient Consumer<JsonOut> details;

    ApiException(ApiError error) {
        this(error, out -> {});
    }

    /** @param details what stands in the error beside code and message */
    ApiException(ApiError error, Consumer<JsonOut> details) {
        super(error.message(), null, false, false);
        this.error = error;
        this.details = details;
    }

    ApiError error() {
        return error;
    }

    Consumer<JsonOut> details() {
        return details;
    }
}
