package io.switchboard.server;

import io.switchboard.backplane.MemoryBackplane;
import io.switchboard.directory.MemoryDirectory;
import io.switchboard.log.MemoryLog;

/** What nodes of one process share when nothing else links them. */
record Neighbourhood(MemoryBackplane.Bus bus, MemoryDirectory.Store directory, MemoryLog.Store histories) {
    Neighbourhood() {
        this(new MemoryBackplane.Bus(), new MemoryDirectory.Store(), new MemoryLog.Store());
    }
}
