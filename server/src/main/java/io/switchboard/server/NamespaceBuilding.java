package io.switchboard.server;

import io.switchboard.protocol.Namespace;
import io.switchboard.server.config.ServerConfig;
import java.time.Duration;

/** Puts the operator's rules of a namespace over the usual ones. */
final class NamespaceBuilding {
    private static final Duration HISTORY_TTL = Duration.ofMinutes(5);

    private NamespaceBuilding() {}

    static Namespace of(ServerConfig.NamespaceRules rules, Namespace usual) {
        return new Namespace(
                rules.name(),
                rules.subscribe().map(NamespaceBuilding::access).orElse(usual.subscribe()),
                rules.publish().map(NamespaceBuilding::access).orElse(usual.publish()),
                rules.scope()
                        .map(scope -> Namespace.Scope.valueOf(scope.name()))
                        .orElse(usual.scope()),
                rules.slow().map(slow -> Namespace.Slow.valueOf(slow.name())).orElse(usual.slow()),
                usual.shortCut(),
                history(rules.history(), usual.history()),
                attendance(rules.attendance(), usual.attendance()));
    }

    private static Namespace.History history(ServerConfig.HistoryRules rules, Namespace.History usual) {
        int size = rules.size().orElse(usual.size());
        if (size == 0) {
            return Namespace.History.NONE;
        }
        return new Namespace.History(
                size,
                rules.ttl().orElse(usual.isKept() ? usual.ttl() : HISTORY_TTL),
                rules.read().map(NamespaceBuilding::access).orElse(usual.read()),
                rules.positioned().orElse(usual.positioned()),
                rules.recoverable().orElse(usual.recoverable()),
                rules.recovery()
                        .map(recovery -> Namespace.Recovery.valueOf(recovery.name()))
                        .orElse(usual.recovery()),
                rules.delta().orElse(usual.delta()));
    }

    private static Namespace.Attendance attendance(ServerConfig.AttendanceRules rules, Namespace.Attendance usual) {
        return new Namespace.Attendance(
                rules.kept().orElse(usual.kept()),
                rules.read().map(NamespaceBuilding::access).orElse(usual.read()),
                rules.announced().orElse(usual.announced()),
                rules.pushed().orElse(usual.pushed()));
    }

    private static Namespace.Access access(ServerConfig.Access access) {
        return Namespace.Access.valueOf(access.name());
    }
}
