package io.switchboard.server.api;

import io.switchboard.hub.Inquiries;
import io.switchboard.hub.Inquiries.NodeState;
import io.switchboard.hub.Inquiries.Online;
import io.switchboard.hub.Inquiries.Place;
import io.switchboard.hub.Inquiries.Told;
import io.switchboard.message.MalformedException;
import io.switchboard.message.Topic;
import io.switchboard.node.Node;
import io.switchboard.protocol.Conversation.Attendee;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** What there is: who listens to a channel, which channels, nodes and users there are, and where somebody is. */
final class InquiryMethods {
    private static final int USERS_MAX = 10_000;
    private static final int USERS_USUAL = 1_000;
    private static final int PAGE_MAX = 10_000;

    private final Node node;
    private final Channels channels;

    InquiryMethods(Node node) {
        this.node = node;
        this.channels = new Channels(node);
    }

    void addTo(Map<String, ApiMethod> methods) {
        methods.put("presence", this::presence);
        methods.put("presence_stats", this::presenceStats);
        methods.put("channels", this::channels);
        methods.put("info", this::info);
        methods.put("users_online", this::usersOnline);
        methods.put("user_sessions", this::userSessions);
    }

    private Inquiries cluster() {
        return node.hub().inquiries();
    }

    // Of a channel

    private Topic attended(JsonIn params) throws MalformedException {
        Topic topic = channels.of(params.needed("channel"));
        if (!channels.rules(topic).attendance().kept()) {
            throw new ApiException(ApiError.NOT_AVAILABLE.because("the namespace of the channel keeps no presence"));
        }
        return topic;
    }

    /** All, or a page if a limit is given: pages have no order, and are of about that many. */
    private CompletionStage<Consumer<JsonOut>> presence(JsonIn params) throws MalformedException {
        Topic topic = attended(params);
        if (!params.has("limit") && !params.has("cursor")) {
            return node.hub().attendance().all(topic).thenApply(all -> out -> put(all, out));
        }
        int limit = limit(params, PAGE_MAX, PAGE_MAX);
        return node.hub().attendance().page(topic, params.text("cursor"), limit).thenApply(page -> out -> {
            put(page.sessions(), out);
            out.put("cursor", page.next());
        });
    }

    private static void put(Map<String, Attendee> attendees, JsonOut out) {
        out.object(
                "presence",
                members -> attendees.forEach((session, attendee) ->
                        members.object(session, ClientInfo.of(attendee.who(), attendee.info(), attendee.topicInfo()))));
    }

    private CompletionStage<Consumer<JsonOut>> presenceStats(JsonIn params) throws MalformedException {
        return node.hub()
                .attendance()
                .headcount(attended(params))
                .thenApply(count -> out -> out.put("num_clients", count.sessions())
                        .put("num_users", count.users())
                        .put("exact", count.exact()));
    }

    // Of the cluster

    private CompletionStage<Consumer<JsonOut>> channels(JsonIn params) throws MalformedException {
        return cluster()
                .topics(params.text("pattern"))
                .thenApply(told -> out -> out.object(
                                "channels",
                                members -> told.what()
                                        .listeners()
                                        .forEach((name, count) ->
                                                members.object(name, channel -> channel.put("num_clients", count))))
                        .put("complete", told.what().complete())
                        .put("silent", told.silent()));
    }

    private CompletionStage<Consumer<JsonOut>> info(JsonIn params) {
        return cluster()
                .nodes()
                .thenApply(told -> out ->
                        out.objects("nodes", told.what(), InquiryMethods::node).put("silent", told.silent()));
    }

    private static void node(NodeState state, JsonOut out) {
        out.put(
                        "uid",
                        state.origin().node() + ":"
                                + Long.toHexString(state.origin().incarnation()))
                .put("name", state.origin().node())
                .put("version", state.version())
                .put("num_clients", state.sessions())
                .put("num_users", state.users())
                .put("num_subs", state.subscriptions())
                .put("num_channels", state.topics())
                .put("uptime", state.uptimeSeconds());
    }

    private CompletionStage<Consumer<JsonOut>> usersOnline(JsonIn params) throws MalformedException {
        return cluster()
                .usersOnline(params.text("cursor"), limit(params, USERS_USUAL, USERS_MAX))
                .thenApply(told -> out -> users(told, out));
    }

    private static void users(Told<Online> told, JsonOut out) {
        Online online = told.what();
        out.put("num_users", online.count())
                .put("exact", online.exact())
                .strings("users", online.names())
                .put("cursor", online.next())
                .put("silent", told.silent());
    }

    private CompletionStage<Consumer<JsonOut>> userSessions(JsonIn params) throws MalformedException {
        return cluster()
                .sessionsOf(params.needed("user"))
                .thenApply(told -> out -> out.objects("sessions", told.what(), InquiryMethods::place)
                        .put("silent", told.silent()));
    }

    private static void place(Place place, JsonOut out) {
        out.put("client", place.session())
                .put("node", place.node())
                .put("protocol", place.protocol())
                .put("device", place.device())
                .put("num_channels", place.topics());
    }

    private static int limit(JsonIn params, int usual, int max) throws MalformedException {
        long limit = params.whole("limit").orElse(usual);
        if (limit < 1 || limit > max) {
            throw new MalformedException("field limit is not in 1.." + max);
        }
        return Math.toIntExact(limit);
    }
}
