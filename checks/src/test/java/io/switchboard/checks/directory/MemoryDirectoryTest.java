package io.switchboard.checks.directory;

import io.switchboard.directory.Directory;
import io.switchboard.directory.MemoryDirectory;
import io.switchboard.message.Origin;

class MemoryDirectoryTest extends DirectoryContract {
    private final MemoryDirectory.Store store = new MemoryDirectory.Store();

    @Override
    Directory open(Origin self) {
        return new MemoryDirectory(store);
    }

    @Override
    void forget() {
        store.clear();
    }
}
