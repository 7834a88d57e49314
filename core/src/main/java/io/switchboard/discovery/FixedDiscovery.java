package io.switchboard.discovery;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Nodes listed by hand, and this one while it is registered. */
final class FixedDiscovery implements Discovery {
    private final List<Instance> others;
    private volatile @Nullable Instance self;

    FixedDiscovery(List<Instance> others) {
        this.others = List.copyOf(others);
    }

    @Override
    public CompletionStage<Void> register(Instance self) {
        this.self = self;
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> deregister() {
        self = null;
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<List<Instance>> instances() {
        Instance me = self;
        List<Instance> all = me == null
                ? others
                : Stream.concat(
                                Stream.of(me),
                                others.stream().filter(other -> !other.node().equals(me.node())))
                        .toList();
        return CompletableFuture.completedFuture(all);
    }

    @Override
    public void close() {
        self = null;
    }
}
