package io.switchboard.server.api;

import io.switchboard.hub.Reached;
import io.switchboard.hub.Whom;
import io.switchboard.message.MalformedException;
import io.switchboard.message.Position;
import io.switchboard.message.Topic;
import io.switchboard.node.Node;
import io.switchboard.protocol.CloseReason;
import io.switchboard.protocol.Instruction;
import io.switchboard.protocol.Listening;
import io.switchboard.protocol.Namespace;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * What is done with the sessions of a user, or one of them, on whichever node. The results say how many sessions were
 * told, how many nodes answered, and how many did not in time.
 */
final class SessionMethods {
    private static final int UNSUBSCRIBED = 2000;
    private static final CloseReason DISCONNECTED = new CloseReason(3503, "force disconnect");
    private static final CloseReason REVOKED = new CloseReason(3500, "invalid token");

    private final Node node;
    private final Channels channels;

    SessionMethods(Node node) {
        this.node = node;
        this.channels = new Channels(node);
    }

    void addTo(Map<String, ApiMethod> methods) {
        methods.put("subscribe", this::subscribe);
        methods.put("unsubscribe", this::unsubscribe);
        methods.put("disconnect", this::disconnect);
        methods.put("refresh", this::refresh);
        methods.put("revoke", this::revoke);
    }

    private static Whom whom(JsonIn params) throws MalformedException {
        String client = params.text("client");
        return new Whom(
                params.text("user"),
                client.isEmpty() ? params.text("session") : client,
                params.text("token"),
                Set.copyOf(params.texts("whitelist")));
    }

    private CompletionStage<Consumer<JsonOut>> instruct(JsonIn params, Instruction instruction)
            throws MalformedException {
        return node.instruct(whom(params), instruction).thenApply(SessionMethods::told);
    }

    private static Consumer<JsonOut> told(Reached reached) {
        return out -> out.put("sessions", reached.sessions())
                .put("nodes", reached.nodes())
                .put("silent", reached.silent());
    }

    private static OptionalLong expiry(JsonIn params) throws MalformedException {
        OptionalLong seconds = params.whole("expire_at");
        return seconds.isPresent() && seconds.getAsLong() > 0
                ? OptionalLong.of(Math.multiplyExact(seconds.getAsLong(), 1_000L))
                : OptionalLong.empty();
    }

    private CompletionStage<Consumer<JsonOut>> subscribe(JsonIn params) throws MalformedException {
        Topic topic = channels.of(params.needed("channel"));
        return instruct(
                params,
                new Instruction.Subscribe(
                        topic,
                        listening(params, channels.rules(topic)),
                        params.data("data").orElse(null),
                        expiry(params)));
    }

    private static Listening listening(JsonIn params, Namespace rules) throws MalformedException {
        JsonIn override = params.object("override");
        Namespace.History history = rules.history();
        Namespace.Attendance attendance = rules.attendance();
        boolean kept = history.isKept();
        boolean positioned = override.override("force_positioning").orElse(history.positioned())
                || override.override("force_recovery").orElse(history.recoverable());
        boolean present = override.override("presence").orElse(attendance.kept())
                || override.override("join_leave").orElse(attendance.announced());
        Position since = null;
        if (kept && params.has("recover_since")) {
            JsonIn from = params.object("recover_since");
            since = new Position(from.whole("offset").orElse(0), from.text("epoch"));
        }
        return new Listening(
                kept && (positioned || since != null),
                since,
                history.recovery(),
                false,
                present,
                override.override("force_push_join_leave").orElse(attendance.pushed()),
                params.data("info").orElse(null),
                null);
    }

    private CompletionStage<Consumer<JsonOut>> unsubscribe(JsonIn params) throws MalformedException {
        Topic topic = channels.of(params.needed("channel"));
        return instruct(params, new Instruction.Unsubscribe(topic, UNSUBSCRIBED, "server unsubscribe"));
    }

    private CompletionStage<Consumer<JsonOut>> disconnect(JsonIn params) throws MalformedException {
        return instruct(params, new Instruction.Disconnect(reason(params, DISCONNECTED)));
    }

    private CompletionStage<Consumer<JsonOut>> revoke(JsonIn params) throws MalformedException {
        return node.revoke(whom(params), reason(params, REVOKED)).thenApply(SessionMethods::told);
    }

    private static CloseReason reason(JsonIn params, CloseReason usual) throws MalformedException {
        JsonIn told = params.object("disconnect");
        return told.has("code")
                ? new CloseReason(
                        Math.toIntExact(Math.clamp(told.whole("code").orElse(0), 0, Integer.MAX_VALUE)),
                        told.text("reason"))
                : usual;
    }

    private CompletionStage<Consumer<JsonOut>> refresh(JsonIn params) throws MalformedException {
        return instruct(
                params,
                new Instruction.Refresh(
                        params.flag("expired"),
                        expiry(params),
                        params.data("info").orElse(null)));
    }
}
