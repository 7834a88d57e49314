package io.switchboard.server.api;

import io.switchboard.message.Message;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** What the application that embeds the server adds to its API, called by {@code rpc}. */
public final class ApiCalls {
    /** Answers a call. Called on event loops: never block here. */
    public interface Call {
        /** @param params JSON, {@code null} if none were given */
        CompletionStage<Message> answer(Message params);
    }

    private final Map<String, Call> calls = new ConcurrentHashMap<>();

    /** From now on {@code rpc} with that method is answered so. */
    public void on(String method, Call call) {
        calls.put(method, call);
    }

    Optional<Call> find(String method) {
        return Optional.ofNullable(calls.get(method));
    }
}
