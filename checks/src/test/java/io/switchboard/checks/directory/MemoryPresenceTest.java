package io.switchboard.checks.directory;

import io.switchboard.directory.MemoryDirectory;
import io.switchboard.directory.Presence;
import io.switchboard.message.Origin;

class MemoryPresenceTest extends PresenceContract {
    private final MemoryDirectory.Store store = new MemoryDirectory.Store();

    @Override
    Presence open(Origin self) {
        return new MemoryDirectory(store).presence(self);
    }

    @Override
    void forget() {
        store.clear();
    }
}
