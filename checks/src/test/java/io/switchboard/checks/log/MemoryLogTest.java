package io.switchboard.checks.log;

import io.switchboard.log.Log;
import io.switchboard.log.MemoryLog;
import io.switchboard.message.Origin;

class MemoryLogTest extends LogContract {
    private final MemoryLog.Store store = new MemoryLog.Store();

    @Override
    Log open(Origin self) {
        return new MemoryLog(store);
    }

    @Override
    void forget() {
        store.clear();
    }
}
