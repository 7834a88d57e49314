package io.switchboard.node;

import io.switchboard.backplane.Backplane;
import io.switchboard.directory.Directory;
import io.switchboard.hub.Hub;
import io.switchboard.hub.Namespaces;
import io.switchboard.hub.Outcome;
import io.switchboard.hub.PublishOptions;
import io.switchboard.hub.Reached;
import io.switchboard.hub.Whom;
import io.switchboard.log.MemoryLog;
import io.switchboard.loop.Loops;
import io.switchboard.message.Exclusion;
import io.switchboard.message.Message;
import io.switchboard.message.Origin;
import io.switchboard.message.Sender;
import io.switchboard.message.Topic;
import io.switchboard.metrics.Meters;
import io.switchboard.protocol.CloseReason;
import io.switchboard.protocol.Conversation;
import io.switchboard.protocol.Instruction;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * One process of the cluster, without a port of its own: publishes, and carries the sessions that a transport brings.
 *
 * <pre>{@code
 * try (var node = Node.start(NodeConfig.named("a"))) {
 *     node.publish(Topic.user("42"), Message.json("{\"order\":7}")).thenAccept(outcome -> ...);
 * }
 * }</pre>
 *
 * Safe from any thread.
 */
public final class Node implements AutoCloseable {
    private static final Executor APPLICATION = Thread::startVirtualThread;

    private final NodeConfig config;
    private final Optional<Loops> ownLoops;
    private final Origin origin;
    private final Hub hub;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final CompletableFuture<Void> linked = new CompletableFuture<>();

    private Node(NodeConfig config) {
        this.config = config;
        this.origin = config.origin();
        this.ownLoops = config.loops().isEmpty() ? Optional.of(new Loops(1)) : Optional.empty();
        this.hub = new Hub(new Hub.Parts(
                origin,
                ownLoops.map(Loops::all).orElse(config.loops()),
                config.backplane(),
                config.log().orElseGet(() -> new MemoryLog(new MemoryLog.Store())),
                config.directory(),
                config.logins(),
                new Namespaces(config.namespaces()),
                config.limits(),
                config.handler(),
                config.authenticator(),
                config.closeOnGap(),
                config.meters()));
    }

    /** Starts connecting to the other nodes; {@link #linked} tells when that is done. */
    public static Node start(NodeConfig config) {
        var node = new Node(config);
        config.backplane().start(new FirstLink(node.hub, node.linked));
        node.hub.open();
        return node;
    }

    /** Completes when the links to other nodes, and to the log, are up for the first time. */
    public CompletionStage<Void> linked() {
        return CompletableFuture.allOf(linked, hub.historyLinked());
    }

    /** Whether they have been up; so before anybody is told by {@link #linked}. */
    public boolean hasBeenLinked() {
        return linked.isDone() && hub.historyLinked().isDone();
    }

    /** Whether the links to other nodes, and to the log, are up now. */
    public boolean isLinked() {
        return config.backplane().isUp() && hub.isHistoryUp();
    }

    /** The servers of the broker, as far as the backplane tells them apart, and whether each is linked. */
    public List<Backplane.LinkState> links() {
        return config.backplane().links();
    }

    /** Publishes in nobody's name. */
    public CompletionStage<Outcome> publish(Topic topic, Message message) {
        return publish(topic, message, Sender.NONE, Exclusion.NONE);
    }

    /**
     * Publishes; the outcome comes within a bounded time, on a virtual thread, so what follows it may block. What one
     * thread publishes to a topic arrives in that order. Namespaces' permissions are for clients: the application may
     * publish anywhere.
     */
    public CompletionStage<Outcome> publish(Topic topic, Message message, Sender sender, Exclusion exclusion) {
        return hub.publish(topic, message, sender, exclusion).thenApplyAsync(Function.identity(), APPLICATION);
    }

    /** The same with more to say about it. */
    public CompletionStage<Outcome> publish(
            Topic topic, Message message, Sender sender, Exclusion exclusion, PublishOptions options) {
        return hub.publish(topic, message, sender, exclusion, options).thenApplyAsync(Function.identity(), APPLICATION);
    }

    /** Reads what is kept of a topic; fails where nothing is, or the log does not answer. On a virtual thread. */
    public CompletionStage<Conversation.History> history(Topic topic, Conversation.HistoryQuery query) {
        return hub.history(topic, query).thenApplyAsync(Function.identity(), APPLICATION);
    }

    /** Forgets what is kept of a topic; its positions go on. */
    public CompletionStage<Void> removeHistory(Topic topic) {
        return hub.removeHistory(topic).thenApplyAsync(Function.identity(), APPLICATION);
    }

    /** Has something done with sessions, on whichever node they are. */
    public CompletionStage<Reached> instruct(Whom whom, Instruction instruction) {
        return hub.instruct(whom, instruction);
    }

    /**
     * Closes sessions, on whichever node they are, and has the token, or what was issued to the user until now, count
     * no more on any node.
     */
    public CompletionStage<Reached> revoke(Whom whom, CloseReason reason) {
        return hub.revoke(whom, reason);
    }

    public String name() {
        return origin.node();
    }

    /** Where a transport brings its connections. */
    public Hub hub() {
        return hub;
    }

    public Meters meters() {
        return config.meters();
    }

    /** Refuses new sessions, closes the others with a reason spread over the time, completes when all are gone. */
    public CompletionStage<Void> drain(Duration spread) {
        return hub.drain(spread.toMillis());
    }

    /** Ends the links to other nodes and to the directory. Sessions are the transport's to close. Idempotent. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            hub.close();
            config.backplane().close();
            config.directory().ifPresent(Directory::close);
            ownLoops.ifPresent(Loops::close);
        }
    }
}
