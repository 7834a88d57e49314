package io.switchboard.protocols.inbox;

import io.switchboard.directory.Claim;
import io.switchboard.directory.PublishedKeys;
import java.util.Optional;

/** The published keys of users: {@code websocket-demo:userNode:5} holds the name of the node where user 5 is. */
public final class InboxKeys implements PublishedKeys {
    private final String prefix;

    /** @param prefix what stands before the user's number */
    public InboxKeys(String prefix) {
        this.prefix = prefix;
    }

    /** The key of a user. */
    public String key(String user) {
        return prefix + user;
    }

    @Override
    public Optional<Entry> of(Claim claim) {
        return claim.device().equals(InboxProtocol.DEVICE) && claim.boundTopic().isEmpty()
                ? Optional.of(new Entry(key(claim.user()), claim.node(), Optional.empty()))
                : Optional.empty();
    }
}
