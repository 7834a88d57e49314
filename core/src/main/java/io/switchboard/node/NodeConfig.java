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

/**
 * What a node is made of.
 *
 * @param origin its name, 1–64 of {@code [A-Za-z0-9_-]}, and its incarnation
 * @param loops its event loops: those of the transport that opens it; if there are none the node makes a plain one
 * @param backplane owned by the node from its start
 * @param log keeps the history of topics and carries them, one for the cluster; if there is none the node has its own
 * in
 *     memory; owned by the node
 * @param directory where sessions are claimed, if login policies or look-ups need it; owned by the node
 * @param namespaces beside the built-in ones
 */
public record NodeConfig(
        Origin origin,
        List<Loop> loops,
        Backplane backplane,
        Optional<Log> log,
        Optional<Directory> directory,
        LoginRules logins,
        List<Namespace> namespaces,
        Limits limits,
        Handler handler,
        Authenticator authenticator,
        boolean closeOnGap,
        Meters meters) {

    public NodeConfig {
        if (!origin.node().matches("[A-Za-z0-9_-]{1,64}")) {
            throw new IllegalArgumentException("node.name must be 1-64 of A-Z a-z 0-9 _ -");
        }
    }

    /** A node that is alone, with many sessions per user, and one plain loop. */
    public static NodeConfig named(String name) {
        return new NodeConfig(
                newOrigin(name),
                List.of(),
                Backplane.none(),
                Optional.empty(),
                Optional.empty(),
                LoginRules.of(LoginPolicy.MANY),
                List.of(),
                Limits.DEFAULT,
                Handler.NONE,
                Authenticator.path(),
                false,
                new Meters());
    }

    /** An incarnation is new at every start: the time in milliseconds, and random bits against equal times. */
    public static Origin newOrigin(String name) {
        return new Origin(
                name,
                System.currentTimeMillis() << 16 | ThreadLocalRandom.current().nextInt(1 << 16));
    }

    public NodeConfig withOrigin(Origin other) {
        return new NodeConfig(
                other,
                loops,
                backplane,
                log,
                directory,
                logins,
                namespaces,
                limits,
                handler,
                authenticator,
                closeOnGap,
                meters);
    }

    public NodeConfig withLoops(List<Loop> others) {
        return new NodeConfig(
                origin,
                others,
                backplane,
                log,
                directory,
                logins,
                namespaces,
                limits,
                handler,
                authenticator,
                closeOnGap,
                meters);
    }

    public NodeConfig withBackplane(Backplane other) {
        return new NodeConfig(
                origin,
                loops,
                other,
                log,
                directory,
                logins,
                namespaces,
                limits,
                handler,
                authenticator,
                closeOnGap,
                meters);
    }

    public NodeConfig withLog(Log other) {
        return new NodeConfig(
                origin,
                loops,
                backplane,
                Optional.of(other),
                directory,
                logins,
                namespaces,
                limits,
                handler,
                authenticator,
                closeOnGap,
                meters);
    }

    public NodeConfig withLogins(Directory inDirectory, LoginPolicy policy) {
        return withLogins(inDirectory, LoginRules.of(policy));
    }

    public NodeConfig withLogins(Directory inDirectory, LoginRules rules) {
        return new NodeConfig(
                origin,
                loops,
                backplane,
                log,
                Optional.of(inDirectory),
                rules,
                namespaces,
                limits,
                handler,
                authenticator,
                closeOnGap,
                meters);
    }

    public NodeConfig withNamespaces(List<Namespace> others) {
        return new NodeConfig(
                origin,
                loops,
                backplane,
                log,
                directory,
                logins,
                others,
                limits,
                handler,
                authenticator,
                closeOnGap,
                meters);
    }

    public NodeConfig withLimits(Limits other) {
        return new NodeConfig(
                origin,
                loops,
                backplane,
                log,
                directory,
                logins,
                namespaces,
                other,
                handler,
                authenticator,
                closeOnGap,
                meters);
    }

    public NodeConfig withHandler(Handler other) {
        return new NodeConfig(
                origin,
                loops,
                backplane,
                log,
                directory,
                logins,
                namespaces,
                limits,
                other,
                authenticator,
                closeOnGap,
                meters);
    }

    public NodeConfig withAuthenticator(Authenticator other) {
        return new NodeConfig(
                origin,
                loops,
                backplane,
                log,
                directory,
                logins,
                namespaces,
                limits,
                handler,
                other,
                closeOnGap,
                meters);
    }

    public NodeConfig withCloseOnGap(boolean close) {
        return new NodeConfig(
                origin,
                loops,
                backplane,
                log,
                directory,
                logins,
                namespaces,
                limits,
                handler,
                authenticator,
                close,
                meters);
    }

    public NodeConfig withMeters(Meters other) {
        return new NodeConfig(
                origin,
                loops,
                backplane,
                log,
                directory,
                logins,
                namespaces,
                limits,
                handler,
                authenticator,
                closeOnGap,
                other);
    }
}
