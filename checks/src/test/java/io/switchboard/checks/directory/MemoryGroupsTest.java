package io.switchboard.checks.directory;

import io.switchboard.directory.Groups;
import io.switchboard.directory.MemoryDirectory;

class MemoryGroupsTest extends GroupsContract {
    private MemoryDirectory.Store store = new MemoryDirectory.Store();

    @Override
    Groups open() {
        return new MemoryDirectory(store).groups();
    }

    @Override
    void forget() {
        store = new MemoryDirectory.Store();
    }
}
