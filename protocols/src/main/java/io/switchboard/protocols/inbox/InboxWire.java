package io.switchboard.protocols.inbox;

import io.switchboard.backplane.Destination;
import io.switchboard.backplane.WireFormat;
import io.switchboard.directory.Groups;
import io.switchboard.message.Exclusion;
import io.switchboard.message.Fields;
import io.switchboard.message.MalformedException;
import io.switchboard.message.Message;
import io.switchboard.message.Names;
import io.switchboard.message.Origin;
import io.switchboard.message.Publication;
import io.switchboard.message.Sender;
import io.switchboard.message.Sink;
import io.switchboard.message.Topic;
import io.switchboard.protocols.json.JsonReader;
import io.switchboard.protocols.json.JsonStrings;
import java.nio.ByteBuffer;
import java.util.Map;

/**
 * The published bodies between nodes, members in the order of the alphabet:
 *
 * <pre>
 *   topic SINGLE, tag of the target's node   {"content":"Hi","from":1,"msgType":10,"time":1685345640000,"to":2}
 *   topic GROUP, to every node               {"content":"Hi","from":1,"msgType":20,"time":1685345640000,"to":77}
 * </pre>
 *
 * {@code msgType} and {@code to}, not the broker's topic, say whom it is for. There is no origin. Only numbers have a
 * form here: a topic of any other user or group travels in the native envelope. A sender that is no number is
 * {@code fromName}, which published nodes pass over.
 */
public final class InboxWire implements WireFormat {
    public static final String SINGLE_TOPIC = "SINGLE";
    public static final String GROUP_TOPIC = "GROUP";

    /** The tag of group messages as the published program sends them; its nodes take any. */
    public static final String GROUP_TAG = "MESSAGE";

    private static final Destination SINGLE_PLACE = new Destination(SINGLE_TOPIC, Map.of("by_node", "true"));
    private static final Destination GROUP_PLACE = new Destination(GROUP_TOPIC, Map.of("tag", GROUP_TAG));
    private static final int ID_BYTES_MAX = 200;

    private final Groups groups;
    private final boolean openGroups;

    public InboxWire(Groups groups, boolean openGroups) {
        this.groups = groups;
        this.openGroups = openGroups;
    }

    @Override
    public String formatName() {
        return "inbox";
    }

    @Override
    public boolean carries(Topic topic) {
        return topic.equals(InboxProtocol.EVERYBODY)
                || ((topic.isIn("user") || topic.isIn("group")) && InboxIds.isNumber(topic.rest()));
    }

    @Override
    public boolean carriesOrigin() {
        return false;
    }

    /** {@code by_node}: whoever knows the node where the user is, tags the message with its name. */
    @Override
    public Destination destination(Topic topic) {
        return topic.isIn("user") ? SINGLE_PLACE : GROUP_PLACE;
    }

    @Override
    public void encode(Publication publication, Sink sink) {
        Message message = publication.message();
        if (message.kind() == Message.Kind.BINARY) {
            throw new IllegalArgumentException("the inbox format carries text only, this message is binary");
        }
        Topic topic = publication.topic();
        boolean everybody = topic.equals(InboxProtocol.EVERYBODY);
        OpenGroup open = everybody ? OpenGroup.of(message) : new OpenGroup(topic.rest(), JsonReader.compacted(message));
        String from = publication.sender().user();
        sink.utf8("{\"content\":");
        JsonStrings.write(open.text().toByteArray(), sink);
        if (!from.isEmpty()) {
            sink.utf8(InboxIds.isNumber(from) ? ",\"from\":" : ",\"fromName\":");
            InboxIds.write(from, sink);
        }
        int type = topic.isIn("user") ? InboxProtocol.SINGLE : InboxProtocol.GROUP;
        sink.utf8(",\"msgType\":" + type + ",\"time\":" + publication.timeMillis() + ",\"to\":"
                + (InboxIds.isNumber(open.group()) ? open.group() : "0") + "}");
    }

    @Override
    public Publication decode(Topic topic, ByteBuffer in) throws MalformedException {
        InboxBody body = InboxBody.read(in);
        Topic target = target(body);
        return new Publication(
                Publication.Kind.MESSAGE,
                target,
                target.equals(InboxProtocol.EVERYBODY)
                        ? OpenGroup.message(Long.toString(body.to()), body.content())
                        : body.content(),
                new Sender(sender(body), ""),
                Exclusion.NONE,
                false,
                body.time() > 0 ? body.time() : System.currentTimeMillis(),
                Origin.UNKNOWN,
                0,
                null,
                Fields.NONE);
    }

    private static String sender(InboxBody body) throws MalformedException {
        String from = body.from();
        try {
            return from == null || from.isEmpty() ? "" : Names.check("from", from, ID_BYTES_MAX);
        } catch (IllegalArgumentException e) {
            throw new MalformedException(String.valueOf(e.getMessage()));
        }
    }

    private Topic target(InboxBody body) throws MalformedException {
        String to = Long.toString(body.to());
        return switch (body.msgType()) {
            case InboxProtocol.SINGLE -> Topic.user(to);
            case InboxProtocol.GROUP -> openGroups && !groups.isListed(to) ? InboxProtocol.EVERYBODY : Topic.group(to);
            default -> throw new MalformedException("\"msgType\" is neither 10 nor 20");
        };
    }
}
