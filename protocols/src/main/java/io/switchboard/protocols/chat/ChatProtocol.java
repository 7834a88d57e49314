package io.switchboard.protocols.chat;

import io.switchboard.message.Exclusion;
import io.switchboard.message.MalformedException;
import io.switchboard.message.Message;
import io.switchboard.message.Topic;
import io.switchboard.metrics.Meters;
import io.switchboard.protocol.CloseReason;
import io.switchboard.protocol.Command;
import io.switchboard.protocol.Encoder;
import io.switchboard.protocol.Endpoint;
import io.switchboard.protocol.Namespace;
import io.switchboard.protocol.Opening;
import io.switchboard.protocol.Request;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The endpoints of the chat protocol. With the prefix {@code /chat}:
 *
 * <pre>
 *   /chat/user/{id}             JSON {"Id":"2","Msg":"Hello"}   one-to-one; hears user:{id}
 *   /chat/group/{group}/{user}  raw text                        the group; hears group:{group}
 *   /chat/all/{id}              raw text                        everyone; hears all
 *   /chat/channel/{id}          JSON {"Method":"One|UserGroup|Group|All","Group":..,"MsgBody":..}
 *                                                               all in one; hears user:{id}, all, and groups joined
 * </pre>
 *
 * and the extras of the published repository, which stay within the node: {@code /chat?id=}, {@code /chatroom?id=}, and
 * an echo.
 */
public final class ChatProtocol {
    private static final String NODE_CHAT = "chat";
    private static final String NODE_CHATROOM = "chatroom";

    private final Encoder encoder;

    public ChatProtocol(Meters meters) {
        encoder = new ChatEncoder(
                meters.counter("switchboard.chat.skipped", "Binary messages that the chat protocol has no form for"));
    }

    /** The published endpoints under each prefix. */
    public List<Endpoint<?>> endpoints(List<String> prefixes) {
        var endpoints = new ArrayList<Endpoint<?>>();
        for (String prefix : prefixes) {
            endpoints.add(new ChatEndpoint(prefix + "/user/{id}", encoder, new User()));
            endpoints.add(new ChatEndpoint(prefix + "/group/{group}/{user}", encoder, new Group()));
            endpoints.add(new ChatEndpoint(prefix + "/all/{id}", encoder, new All()));
            endpoints.add(new ChatEndpoint(prefix + "/channel/{id}", encoder, new Channel()));
        }
        return endpoints;
    }

    /** The extras: {@code /chat?id=} and {@code /chatroom?id=} for the prefix {@code /chat}. */
    public List<Endpoint<?>> nodeLocal(String prefix) {
        return List.of(
                new ChatEndpoint(prefix, encoder, new NodeLocal(NODE_CHAT, true)),
                new ChatEndpoint(
                        prefix + "room",
                        encoder,
                        new NodeLocal(NODE_CHATROOM, false),
                        new CloseReason(1000, "Socket closed")));
    }

    public Endpoint<?> echo(String path) {
        return new ChatEndpoint(path, encoder, new Echo());
    }

    /** The namespaces of the extras. */
    public static List<Namespace> namespaces() {
        return List.of(
                new Namespace(NODE_CHAT, Namespace.Access.NOBODY, Namespace.Access.SIGNED_IN, Namespace.Scope.NODE),
                new Namespace(
                        NODE_CHATROOM, Namespace.Access.NOBODY, Namespace.Access.SIGNED_IN, Namespace.Scope.NODE));
    }

    private static final class User implements ChatEndpoint.Style {
        @Override
        public Opening<ChatEndpoint.Member> open(Request request) {
            String id = ChatEndpoint.id("user id", request.variable("id"));
            return ChatEndpoint.opening(id, "user", Topic.ALL, Topic.user(id));
        }

        @Override
        public List<Command> decode(ChatEndpoint.Member member, Message.Kind kind, ByteBuffer content)
                throws MalformedException {
            return List.of(ChatEndpoint.toUser(ChatBody.one(ChatBody.json(kind, content))));
        }
    }

    private static final class Group implements ChatEndpoint.Style {
        @Override
        public Opening<ChatEndpoint.Member> open(Request request) {
            String group = ChatEndpoint.id("group", request.variable("group"));
            String user = ChatEndpoint.id("user id", request.variable("user"));
            Topic topic = Topic.group(group);
            return ChatEndpoint.opening(user, "group:" + group, topic, topic);
        }

        @Override
        public List<Command> decode(ChatEndpoint.Member member, Message.Kind kind, ByteBuffer content)
                throws MalformedException {
            return List.of(ChatEndpoint.toOthers(member.topic(), ChatBody.raw(kind, content)));
        }
    }

    private static final class All implements ChatEndpoint.Style {
        @Override
        public Opening<ChatEndpoint.Member> open(Request request) {
            return ChatEndpoint.opening(
                    ChatEndpoint.id("user id", request.variable("id")), "all", Topic.ALL, Topic.ALL);
        }

        @Override
        public List<Command> decode(ChatEndpoint.Member member, Message.Kind kind, ByteBuffer content)
                throws MalformedException {
            return List.of(ChatEndpoint.toOthers(Topic.ALL, ChatBody.raw(kind, content)));
        }
    }

    private static final class Channel implements ChatEndpoint.Style {
        @Override
        public Opening<ChatEndpoint.Member> open(Request request) {
            String id = ChatEndpoint.id("user id", request.variable("id"));
            return ChatEndpoint.opening(id, "channel", Topic.ALL, Topic.user(id), Topic.ALL);
        }

        @Override
        public List<Command> decode(ChatEndpoint.Member member, Message.Kind kind, ByteBuffer content)
                throws MalformedException {
            ChatBody.Channel request = ChatBody.channel(ChatBody.json(kind, content));
            return List.of(
                    switch (request.method()) {
                        case "One" ->
                            ChatEndpoint.toUser(
                                    ChatBody.one(request.body(), "\"MsgBody\" is missing: {\"Id\",\"Msg\"}"));
                        case "UserGroup" -> {
                            String group = group(request);
                            yield new Command.Join(
                                    Topic.group(group), Message.text(ChatText.joined(member.user(), group)));
                        }
                        case "Group" ->
                            ChatEndpoint.toOthers(Topic.group(group(request)), ChatBody.text(request.body()));
                        // As published: whatever else the method says, it is for everyone.
                        default -> ChatEndpoint.toOthers(Topic.ALL, ChatBody.text(request.body()));
                    });
        }

        private static String group(ChatBody.Channel request) throws MalformedException {
            String group = request.group();
            if (group == null || group.isEmpty()) {
                throw new MalformedException("\"Group\" is missing");
            }
            return ChatEndpoint.id("\"Group\"", group);
        }
    }

    /** Reaches the clients of the same path on this node. */
    private record NodeLocal(String namespace, boolean copyToSender) implements ChatEndpoint.Style {
        @Override
        public Opening<ChatEndpoint.Member> open(Request request) {
            String id = ChatEndpoint.id("parameter id", request.query().getOrDefault("id", ""));
            return ChatEndpoint.opening(id, namespace, Topic.ALL, topic(id));
        }

        @Override
        public List<Command> decode(ChatEndpoint.Member member, Message.Kind kind, ByteBuffer content)
                throws MalformedException {
            ChatBody.One one = ChatBody.one(ChatBody.json(kind, content));
            Topic target = topic(ChatEndpoint.id("\"Id\"", one.id()));
            var toTarget = new Command.Publish(target, one.message(), Exclusion.NONE);
            Topic self = topic(member.user());
            return copyToSender && !self.equals(target)
                    ? List.of(toTarget, new Command.Publish(self, one.message(), Exclusion.NONE))
                    : List.of(toTarget);
        }

        private Topic topic(String id) {
            return Topic.of(namespace + ":" + id);
        }
    }

    private static final class Echo implements ChatEndpoint.Style {
        @Override
        public Opening<ChatEndpoint.Member> open(Request request) {
            return ChatEndpoint.opening("", "echo", Topic.ALL);
        }

        @Override
        public List<Command> decode(ChatEndpoint.Member member, Message.Kind kind, ByteBuffer content) {
            return List.of(new Command.Echo(Message.validated(kind, content)));
        }
    }
}
