package io.switchboard.protocols.inbox;

import io.switchboard.directory.Groups;
import io.switchboard.message.Exclusion;
import io.switchboard.message.MalformedException;
import io.switchboard.message.Message;
import io.switchboard.message.Topic;
import io.switchboard.protocol.CloseReason;
import io.switchboard.protocol.Command;
import io.switchboard.protocol.Encoder;
import io.switchboard.protocol.Endpoint;
import io.switchboard.protocol.Memberships;
import io.switchboard.protocol.Opening;
import io.switchboard.protocol.Refusal;
import io.switchboard.protocol.Request;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;

/** One path of the protocol; refusals are worded as by the published server. */
final class InboxEndpoint implements Endpoint<String> {
    private static final Refusal BAD_REQUEST = Refusal.of(400, "400 Bad Request");
    private static final Refusal FORBIDDEN = Refusal.of(403, "403 Forbidden");

    private final String path;
    private final Encoder encoder;
    private final Groups groups;
    private final boolean openGroups;
    private final Memberships memberships;

    InboxEndpoint(String path, Encoder encoder, Groups groups, boolean openGroups) {
        this.path = path;
        this.encoder = encoder;
        this.groups = groups;
        this.openGroups = openGroups;
        this.memberships = user -> groups.of(user)
                .thenApply(names -> names.stream().sorted().map(Topic::group).toList());
    }

    @Override
    public String protocol() {
        return "inbox";
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public Encoder encoder() {
        return encoder;
    }

    /** A user is a number; {@code /ws/007} is user 7, as published. */
    @Override
    public Opening<String> open(Request request) throws Refusal.Thrown {
        String user;
        try {
            user = Long.toString(Long.parseLong(request.variable("userId")));
        } catch (NumberFormatException e) {
            throw new Refusal.Thrown(BAD_REQUEST);
        }
        List<Topic> topics =
                openGroups ? List.of(Topic.user(user), InboxProtocol.EVERYBODY) : List.of(Topic.user(user));
        return new Opening<>(user, InboxProtocol.DEVICE, topics, user, memberships);
    }

    @Override
    public void decode(String user, Message.Kind kind, ByteBuffer content, Consumer<Command> commands) {
        if (kind == Message.Kind.BINARY) {
            // As published: nobody reads them.
            return;
        }
        Command command;
        try {
            command = command(InboxBody.read(content));
        } catch (MalformedException | IllegalArgumentException e) {
            command = new Command.Malformed(String.valueOf(e.getMessage()));
        }
        commands.accept(command);
    }

    private Command command(InboxBody body) throws MalformedException {
        String to = Long.toString(body.to());
        if (body.msgType() == InboxProtocol.SINGLE) {
            return new Command.Publish(Topic.user(to), body.content(), Exclusion.NONE);
        } else if (body.msgType() != InboxProtocol.GROUP) {
            throw new MalformedException("\"msgType\" must be 10 (to a user) or 20 (to a group)");
        }
        return openGroups && !groups.isListed(to)
                ? new Command.Publish(InboxProtocol.EVERYBODY, OpenGroup.message(to, body.content()), Exclusion.NONE)
                : new Command.Publish(Topic.group(to), body.content(), Exclusion.NONE);
    }

    @Override
    public Refusal plainAnswer() {
        return FORBIDDEN;
    }

    @Override
    public Refusal malformedAnswer(Refusal usual) {
        return FORBIDDEN;
    }

    @Override
    public CloseReason tooBig(int bytesMax) {
        return new CloseReason(CloseReason.TOO_BIG.code(), "Max frame length of " + bytesMax + " has been exceeded.");
    }
}
