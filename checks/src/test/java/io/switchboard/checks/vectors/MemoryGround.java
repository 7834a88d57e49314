package io.switchboard.checks.vectors;

import io.switchboard.checks.published.TwoNodes;
import io.switchboard.message.Message;
import io.switchboard.server.Switchboard;
import java.net.URI;
import java.util.Collection;
import java.util.concurrent.TimeUnit;

/** Two nodes in this process, linked in memory: there is no broker to be seen. */
record MemoryGround(TwoNodes nodes) implements Ground {
    private Switchboard node(String name) {
        return name.endsWith("B") ? nodes.nodeB() : nodes.nodeA();
    }

    @Override
    public URI uri(String node, String path) {
        return URI.create(node(node).url() + path);
    }

    @Override
    public void push(String node, String sign, String data) {
        var signs = node(node).signs();
        signs.toConnection(sign, signs.taskCount(), Message.json(data))
                .toCompletableFuture()
                .orTimeout(5, TimeUnit.SECONDS)
                .join();
    }

    @Override
    public void publish(String exchange, String body) {
        throw new IllegalStateException("there is no broker");
    }

    @Override
    public void stopBroker() {
        throw new IllegalStateException("there is no broker");
    }

    @Override
    public void fence(Collection<Player> players) {}

    @Override
    public void clear() {}

    @Override
    public String difference(Json vector) {
        return "";
    }

    @Override
    public boolean isEmpty() {
        return TwoNodes.sessions(nodes.nodeA()) + TwoNodes.sessions(nodes.nodeB()) == 0;
    }
}
