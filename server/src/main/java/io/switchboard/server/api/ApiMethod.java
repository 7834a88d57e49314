package io.switchboard.server.api;

import io.switchboard.message.MalformedException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** One thing that can be asked for. */
interface ApiMethod {
    /**
     * Carries it out, on an event loop.
     *
     * @return the members of the result; fails with {@link ApiException}, or with what is told as an internal error
     * @throws MalformedException if a parameter is wrong, as {@link IllegalArgumentException} is
     */
    CompletionStage<Consumer<JsonOut>> call(JsonIn params) throws MalformedException;
}
