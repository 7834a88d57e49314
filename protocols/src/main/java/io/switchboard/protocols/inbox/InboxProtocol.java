package io.switchboard.protocols.inbox;

import io.switchboard.directory.Groups;
import io.switchboard.message.Topic;
import io.switchboard.metrics.Meters;
import io.switchboard.protocol.Encoder;
import io.switchboard.protocol.Endpoint;
import io.switchboard.protocol.Namespace;
import java.util.List;

/**
 * The endpoints of the inbox protocol. With the path {@code /ws}:
 *
 * <pre>  /ws/{userId}    JSON {"msgType":10|20,"to":2,"content":"Hi"}    10 to a user, 20 to a group</pre>
 *
 * A group with a member list is the topic {@code group:{id}}, which other protocols share: its members hear it and may
 * write to it, nobody else. A group without one is as published: whatever its number, everybody here hears it.
 */
public final class InboxProtocol {
    /** The kind of endpoint, within which a user has one session. */
    static final String DEVICE = "inbox";

    /** What everybody here listens to: groups without a member list. */
    public static final Topic EVERYBODY = Topic.of("inbox:all");

    static final int SINGLE = 10;
    static final int GROUP = 20;

    private final Groups groups;
    private final boolean openGroups;
    private final Encoder encoder;

    /** @param openGroups whether groups without a member list are everybody's, as published; else they are nobody's */
    public InboxProtocol(Groups groups, boolean openGroups, Meters meters) {
        this.groups = groups;
        this.openGroups = openGroups;
        encoder = new InboxEncoder(
                meters.counter("switchboard.inbox.skipped", "Binary messages that the inbox protocol has no form for"));
    }

    public List<Endpoint<?>> endpoints(List<String> prefixes) {
        return prefixes.stream()
                .<Endpoint<?>>map(prefix -> new InboxEndpoint(prefix + "/{userId}", encoder, groups, openGroups))
                .toList();
    }

    public static List<Namespace> namespaces() {
        return List.of(
                new Namespace("inbox", Namespace.Access.NOBODY, Namespace.Access.SIGNED_IN, Namespace.Scope.CLUSTER));
    }
}
