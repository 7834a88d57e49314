package io.switchboard.server.api;

import io.switchboard.hub.TooManyException;
import io.switchboard.message.MalformedException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What came of a method. */
sealed interface Reply {
    record Done(Consumer<JsonOut> result) implements Reply {}

    record Failed(ApiError error, Consumer<JsonOut> details) implements Reply {
        Failed(ApiError error) {
            this(error, out -> {});
        }
    }

    /** Calls a method; whatever goes wrong is told. */
    static CompletionStage<Reply> of(ApiMethod method, JsonIn params) {
        CompletionStage<Consumer<JsonOut>> result;
        try {
            result = method.call(params);
        } catch (MalformedException | RuntimeException e) {
            return CompletableFuture.completedFuture(failed(e));
        }
        return result.handle((done, failure) -> done == null ? failed(failure) : new Done(done));
    }

    static Reply failed(@Nullable Throwable failure) {
        Throwable why = failure instanceof CompletionException ? failure.getCause() : failure;
        return switch (why) {
            case ApiException refused -> new Failed(refused.error(), refused.details());
            case MalformedException wrong -> new Failed(badRequest(wrong));
            case IllegalArgumentException wrong -> new Failed(badRequest(wrong));
            case TooManyException many ->
                new Failed(ApiError.LIMIT_EXCEEDED.because(String.valueOf(many.getMessage())));
            case null, default -> {
                System.getLogger(Reply.class.getName())
                        .log(System.Logger.Level.WARNING, "a request of the server API failed", why);
                yield new Failed(ApiError.INTERNAL);
            }
        };
    }

    static ApiError badRequest(Exception why) {
        return ApiError.BAD_REQUEST.because(String.valueOf(why.getMessage()));
    }

    /** As one member of an object: the result under that name, or the error. */
    default Consumer<JsonOut> as(String name) {
        return switch (this) {
            case Done(var result) -> out -> out.object(name, result);
            case Failed(var error, var details) ->
                out -> out.object("error", members -> {
                    members.put("code", error.code()).put("message", error.message());
                    details.accept(members);
                });
        };
    }
}
