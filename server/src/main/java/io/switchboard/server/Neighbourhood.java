package io.switchboard.server;

import io.switchboard.backplane.MemoryBackplane;
import io.switchboard.protocols.inbox.Groups;

/** What nodes of one process share when nothing else links them. */
record Neighbourhood(MemoryBackplane.Bus bus, Groups groups) {
    Neighbourhood() {
        this(new MemoryBackplane.Bus(), Groups.local());
    }
}
