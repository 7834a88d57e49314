package io.switchboard.checks.api;

import io.switchboard.checks.client.Handshake;
import io.switchboard.checks.client.HttpAnswer;
import io.switchboard.checks.client.WsClient;
import java.nio.charset.StandardCharsets;

/** A backend that calls the API of the node at this port. */
public record ApiClient(int port, String key) {
    public HttpAnswer post(String path, String body, String... header) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        Handshake request = Handshake.to("127.0.0.1", port, path)
                .plain()
                .withMethod("POST")
                .with("Content-Type", "application/json")
                .with("Content-Length", Integer.toString(bytes.length));
        for (int i = 0; i < header.length; i += 2) {
            request = request.with(header[i], header[i + 1]);
        }
        return WsClient.ask(request.followedBy(bytes));
    }

    /** Calls a method with the key; what it answers with status 200. */
    public String call(String method, String params) {
        HttpAnswer answer = post("/api/" + method, params, "X-API-Key", key);
        if (answer.status() != 200) {
            throw new AssertionError(method + " answered " + answer.status() + " " + answer.body());
        }
        return answer.body();
    }
}
