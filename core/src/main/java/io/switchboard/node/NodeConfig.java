package io.switchboard.node;

import io.switchboard.backplane.Backplane;
import io.switchboard.directory.Directory;
import io.switchboard.directory.LoginPolicy;
import io.switchboard.directory.LoginRules;
import io.switchboard.hub.Authenticator;
import io.switchboard.hub.Handler;
import io.switchboard.hub.Limits;
import io.switchboard.log.Log;
import io.switchboard.loop.Loop;
import io.switchboard.message.Origin;
import io.switchboard.metrics.Meters;
import io.switchboard.protocol.Namespace;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * What a node is made of. Each {@code with…} gives another one. The node owns backplane, log and directory from its
 * start.
 */
public final class NodeConfig {
    private Origin origin;
    private List<Loop> loops = List.of();
    private Backplane backplane = Backplane.none();
    private Optional<Log> log = Optional.empty();
    private Optional<Directory> directory = Optional.empty();
    private LoginRules logins = LoginRules.of(LoginPolicy.MANY);
    private List<Namespace> namespaces = List.of();
    private Limits limits = Limits.DEFAULT;
    private Handler handler = Handler.NONE;
    private Authenticator authenticator = Authenticator.path();
    private boolean closeOnGap = false;
    private Meters meters = new Meters();

    private NodeConfig(Origin origin) {
        this.origin = checked(origin);
    }

    private static Origin checked(Origin origin) {
        if (!origin.node().matches("[A-Za-z0-9_-]{1,64}")) {
            throw new IllegalArgumentException("node.name must be 1-64 of A-Z a-z 0-9 _ -");
        }
        return origin;
    }

    /** A node that is alone, with many sessions per user, and one plain loop. */
    public static NodeConfig named(String name) {
        return new NodeConfig(newOrigin(name));
    }

    /** An incarnation is new at every start: the time in milliseconds, and random bits against equal times. */
    public static Origin newOrigin(String name) {
        return new Origin(
                name,
                System.currentTimeMillis() << 16 | ThreadLocalRandom.current().nextInt(1 << 16));
    }

    private NodeConfig with(Consumer<NodeConfig> change) {
        var other = new NodeConfig(origin);
        other.loops = loops;
        other.backplane = backplane;
        other.log = log;
        other.directory = directory;
        other.logins = logins;
        other.namespaces = namespaces;
        other.limits = limits;
        other.handler = handler;
        other.authenticator = authenticator;
        other.closeOnGap = closeOnGap;
        other.meters = meters;
        change.accept(other);
        return other;
    }

    public NodeConfig withOrigin(Origin other) {
        return with(next -> next.origin = checked(other));
    }

    public NodeConfig withLoops(List<Loop> others) {
        return with(next -> next.loops = List.copyOf(others));
    }

    public NodeConfig withBackplane(Backplane other) {
        return with(next -> next.backplane = other);
    }

    public NodeConfig withLog(Log other) {
        return with(next -> next.log = Optional.of(other));
    }

    public NodeConfig withLogins(Directory inDirectory, LoginPolicy policy) {
        return withLogins(inDirectory, LoginRules.of(policy));
    }

    public NodeConfig withLogins(Directory inDirectory, LoginRules rules) {
        return with(next -> {
            next.directory = Optional.of(inDirectory);
            next.logins = rules;
        });
    }

    public NodeConfig withNamespaces(List<Namespace> others) {
        return with(next -> next.namespaces = List.copyOf(others));
    }

    public NodeConfig withLimits(Limits other) {
        return with(next -> next.limits = other);
    }

    public NodeConfig withHandler(Handler other) {
        return with(next -> next.handler = other);
    }

    public NodeConfig withAuthenticator(Authenticator other) {
        return with(next -> next.authenticator = other);
    }

    public NodeConfig withCloseOnGap(boolean close) {
        return with(next -> next.closeOnGap = close);
    }

    public NodeConfig withMeters(Meters other) {
        return with(next -> next.meters = other);
    }

    /** Its name, 1–64 of {@code [A-Za-z0-9_-]}, and its incarnation. */
    public Origin origin() {
        return origin;
    }

    /** Its event loops: those of the transport that opens it; if there are none the node makes a plain one. */
    public List<Loop> loops() {
        return loops;
    }

    /** Owned by the node from its start. */
    public Backplane backplane() {
        return backplane;
    }

    /** Keeps the history of topics, one for the cluster; without one the node has its own in memory. */
    public Optional<Log> log() {
        return log;
    }

    /** Where sessions are claimed, if login policies or look-ups need it. */
    public Optional<Directory> directory() {
        return directory;
    }

    public LoginRules logins() {
        return logins;
    }

    /** Beside the built-in ones. */
    public List<Namespace> namespaces() {
        return namespaces;
    }

    public Limits limits() {
        return limits;
    }

    public Handler handler() {
        return handler;
    }

    public Authenticator authenticator() {
        return authenticator;
    }

    public boolean closeOnGap() {
        return closeOnGap;
    }

    public Meters meters() {
        return meters;
    }
}
