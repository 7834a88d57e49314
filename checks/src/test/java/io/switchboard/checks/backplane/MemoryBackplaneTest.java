package io.switchboard.checks.backplane;

import io.switchboard.backplane.Backplane;
import io.switchboard.backplane.MemoryBackplane;
import io.switchboard.message.Origin;
import io.switchboard.metrics.Meters;

class MemoryBackplaneTest extends BackplaneContract {
    private final MemoryBackplane.Bus bus = new MemoryBackplane.Bus();

    @Override
    protected Backplane open(String cluster, Origin self, Meters meters) {
        return new MemoryBackplane(bus);
    }
}
