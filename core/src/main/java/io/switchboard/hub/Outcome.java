package io.switchboard.hub;

import io.switchboard.backplane.Remote;
import io.switchboard.message.Position;
import org.jspecify.annotations.Nullable;

/**
 * What became of a publication.
 *
 * @param local sessions of this node it was handed to; 0 where a published format or the log brings it back
 * @param remote what became of it on its way to other nodes
 * @param position where it stands in its topic's log; null if it does not
 */
public record Outcome(int local, Remote remote, @Nullable Position position) {
    public Outcome(int local, Remote remote) {
        this(local, remote, null);
    }
}
