package io.switchboard.server.api;

import io.switchboard.backplane.Remote;
import io.switchboard.hub.Outcome;
import io.switchboard.hub.PublishOptions;
import io.switchboard.message.Exclusion;
import io.switchboard.message.Fields;
import io.switchboard.message.MalformedException;
import io.switchboard.message.Message;
import io.switchboard.message.Position;
import io.switchboard.message.Publication;
import io.switchboard.message.Sender;
import io.switchboard.message.Tags;
import io.switchboard.message.Topic;
import io.switchboard.node.Node;
import io.switchboard.protocol.Conversation.History;
import io.switchboard.protocol.Conversation.HistoryQuery;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Publishing, and what is kept of it. */
final class PublishMethods {
    private static final int CHANNELS_MAX = 10_000;

    private final Node node;
    private final Channels channels;

    PublishMethods(Node node) {
        this.node = node;
        this.channels = new Channels(node);
    }

    void addTo(Map<String, ApiMethod> methods) {
        methods.put("publish", this::publish);
        methods.put("broadcast", this::broadcast);
        methods.put("history", this::history);
        methods.put("history_remove", this::remove);
    }

    private CompletionStage<Consumer<JsonOut>> publish(JsonIn params) throws MalformedException {
        return publish(channels.of(params.needed("channel")), data(params), options(params));
    }

    private static Message data(JsonIn params) throws MalformedException {
        return params.data("data").orElseThrow(() -> new MalformedException("field data is missing"));
    }

    private static PublishOptions options(JsonIn params) throws MalformedException {
        Fields fields = Tags.with(Fields.NONE, params.pairs("tags"));
        if (params.flag("delta")) {
            fields = fields.with(Fields.DELTA, new byte[] {1});
        }
        return new PublishOptions(
                fields,
                params.text("idempotency_key"),
                params.whole("version").orElse(0),
                params.text("version_epoch"),
                params.flag("skip_history"));
    }

    private CompletionStage<Consumer<JsonOut>> publish(Topic topic, Message data, PublishOptions options) {
        boolean kept = channels.rules(topic).history().isKept() && !options.skipHistory();
        return node.publish(topic, data, Sender.NONE, Exclusion.NONE, options)
                .thenApply(outcome -> told(outcome, kept));
    }

    /** What is not certain to have been taken is told as an error, with how far it came. */
    private static Consumer<JsonOut> told(Outcome outcome, boolean kept) {
        Consumer<JsonOut> details = out -> out.put("local", outcome.local())
                .put("remote", outcome.remote().name().toLowerCase(Locale.ROOT));
        if (outcome.remote() == Remote.ACCEPTED) {
            Position position = outcome.position();
            return out -> {
                if (position != null) {
                    out.put("offset", position.offset()).put("epoch", position.epoch());
                }
                details.accept(out);
            };
        }
        throw new ApiException(
                ApiError.INTERNAL.because(
                        outcome.remote() == Remote.REFUSED
                                ? refused(kept)
                                : "it may have been sent to other nodes or not, none confirmed it in time"),
                details);
    }

    private static String refused(boolean kept) {
        return kept
                ? "nobody has it, the log that keeps the channel's history does not answer; try again"
                : "it was certainly not sent to other nodes, the link to them is down";
    }

    private CompletionStage<Consumer<JsonOut>> broadcast(JsonIn params) throws MalformedException {
        List<String> names = params.texts("channels");
        if (names.isEmpty()) {
            throw new MalformedException("field channels is missing");
        }
        if (names.size() > CHANNELS_MAX) {
            throw new ApiException(ApiError.LIMIT_EXCEEDED.because("at most " + CHANNELS_MAX + " channels"));
        }
        Message data = data(params);
        PublishOptions options = options(params);
        var responses = new ArrayList<CompletableFuture<Consumer<JsonOut>>>();
        for (String name : names) {
            responses.add(response(name, data, options).toCompletableFuture());
        }
        return CompletableFuture.allOf(responses.toArray(CompletableFuture[]::new))
                .thenApply(all -> out -> out.objects(
                        "responses",
                        responses,
                        (response, item) -> response.join().accept(item)));
    }

    private CompletionStage<Consumer<JsonOut>> response(String name, Message data, PublishOptions options) {
        ApiMethod one = params -> publish(channels.of(name), data, options);
        return Reply.of(one, JsonIn.EMPTY).thenApply(reply -> reply.as("result"));
    }

    // History

    private Topic kept(JsonIn params) throws MalformedException {
        Topic topic = channels.of(params.needed("channel"));
        if (!channels.rules(topic).history().isKept()) {
            throw new ApiException(ApiError.NOT_AVAILABLE.because("the namespace of the channel keeps no history"));
        }
        return topic;
    }

    private CompletionStage<Consumer<JsonOut>> history(JsonIn params) throws MalformedException {
        Topic topic = kept(params);
        JsonIn since = params.object("since");
        @Nullable
        Position from = params.has("since") ? new Position(since.whole("offset").orElse(0), since.text("epoch")) : null;
        boolean backwards = params.flag("reverse");
        if (backwards && from != null && from.offset() == 0) {
            throw new MalformedException("nothing precedes offset 0");
        }
        int limit = Math.toIntExact(Math.clamp(params.whole("limit").orElse(0), -1, Integer.MAX_VALUE));
        return node.history(topic, new HistoryQuery(limit, from, backwards)).thenApply(PublishMethods::told);
    }

    private static Consumer<JsonOut> told(History history) {
        if (!history.epochMatches()) {
            throw new ApiException(ApiError.UNRECOVERABLE_POSITION.because("the history of that epoch is gone"));
        }
        return out -> out.objects("publications", history.publications(), PublishMethods::publication)
                .put("epoch", history.top().epoch())
                .put("offset", history.top().offset());
    }

    private static void publication(Publication publication, JsonOut out) {
        out.put("data", publication.message());
        if (!publication.sender().equals(Sender.NONE)) {
            Fields fields = publication.fields();
            out.object(
                    "info",
                    ClientInfo.of(publication.sender(), json(fields, Fields.INFO), json(fields, Fields.TOPIC_INFO)));
        }
        Position position = publication.position();
        if (position != null) {
            out.put("offset", position.offset());
        }
        Map<String, String> tags = Tags.of(publication.fields());
        if (!tags.isEmpty()) {
            out.object("tags", members -> tags.forEach(members::put));
        }
        out.put("time", publication.timeMillis());
    }

    private static @Nullable Message json(Fields fields, int type) {
        ByteBuffer bytes = fields.get(type);
        try {
            return bytes.hasRemaining() ? Message.checked(Message.Kind.JSON, bytes) : null;
        } catch (MalformedException _isNoJson) {
            return Message.validated(Message.Kind.BINARY, fields.get(type));
        }
    }

    private CompletionStage<Consumer<JsonOut>> remove(JsonIn params) throws MalformedException {
        return node.removeHistory(kept(params)).thenApply(done -> out -> {});
    }
}
