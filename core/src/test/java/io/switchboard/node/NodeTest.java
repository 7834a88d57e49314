package io.switchboard.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.switchboard.backplane.Backplane;
import io.switchboard.backplane.Outgoing;
import io.switchboard.message.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class NodeTest {
    /** Linked when the test says so. */
    private static final class LateBackplane implements Backplane {
        private final List<Listener> listeners = new ArrayList<>();

        @Override
        public void start(Listener listener) {
            listeners.add(listener);
        }

        void link() {
            listeners.forEach(Listener::linkUp);
        }

        @Override
        public CompletionStage<Void> subscribe(Topic topic) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void unsubscribe(Topic topic) {}

        @Override
        public void publish(List<? extends Outgoing> batch) {}

        @Override
        public boolean echoes(Topic topic) {
            return false;
        }

        @Override
        public boolean isUp() {
            return true;
        }

        @Override
        public void close() {}
    }

    /** Who was told last registered first: what it sees must not depend on who else was told before. */
    @Test
    void whoeverIsToldOfTheFirstLinkSeesItInTheNodeAsWell() {
        var backplane = new LateBackplane();
        try (var node = Node.start(NodeConfig.named("a").withBackplane(backplane))) {
            var seen = new ArrayList<Boolean>();
            for (int i = 0; i < 2; i++) {
                node.linked().thenRun(() -> seen.add(node.hasBeenLinked()));
            }
            assertFalse(node.hasBeenLinked());
            backplane.link();
            assertEquals(List.of(true, true), seen);
        }
    }
}
