package io.switchboard.checks.vectors;

import io.switchboard.checks.cluster.InboxCluster;
import io.switchboard.checks.published.TwoNodes;
import io.switchboard.message.Message;
import io.switchboard.server.Switchboard;
import java.net.URI;
import java.util.concurrent.TimeUnit;

/** Two nodes on which a vector is played. */
interface Venue {
    URI uri(String node, String path);

    /** Pushes the number of tasks to a connection, as an application beside that node does. */
    void push(String node, String connection, String data);

    boolean isEmpty();

    /** In this process. */
    static Venue of(TwoNodes nodes) {
        return new Venue() {
            private Switchboard board(String name) {
                return name.endsWith("B") ? nodes.nodeB() : nodes.nodeA();
            }

            @Override
            public URI uri(String node, String path) {
                return URI.create(board(node).url() + path);
            }

            @Override
            public void push(String node, String connection, String data) {
                var signs = board(node).signs();
                signs.toConnection(connection, signs.taskCount(), Message.json(data))
                        .toCompletableFuture()
                        .orTimeout(5, TimeUnit.SECONDS)
                        .join();
            }

            @Override
            public boolean isEmpty() {
                return TwoNodes.sessions(nodes.nodeA()) + TwoNodes.sessions(nodes.nodeB()) == 0;
            }
        };
    }

    /** Processes of their own. */
    static Venue of(InboxCluster cluster) {
        return new Venue() {
            @Override
            public URI uri(String node, String path) {
                return cluster.node(node).uri(path);
            }

            @Override
            public void push(String node, String connection, String data) {
                throw new IllegalArgumentException("this design has no such push");
            }

            @Override
            public boolean isEmpty() {
                return cluster.sum("switchboard_sessions") == 0;
            }
        };
    }
}
