package io.switchboard.server.web;

import io.switchboard.node.Node;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * What the health endpoints say. A lost link alone does not make a node unready: a broker's outage would otherwise make
 * every balancer drop the whole fleet while each node still serves its own clients.
 */
final class Health {
    /** An HTTP status and a JSON body. */
    record Answer(int status, String json) {}

    private final Node node;
    private final boolean readyRequiresLinks;
    private final int sessionsMax;
    private final BooleanSupplier leaving;

    /** @param leaving whether the node has withdrawn, though it still serves */
    Health(Node node, boolean readyRequiresLinks, int sessionsMax, BooleanSupplier leaving) {
        this.node = node;
        this.leaving = leaving;
        this.readyRequiresLinks = readyRequiresLinks;
        this.sessionsMax = sessionsMax;
    }

    Answer live() {
        return new Answer(200, "{\"status\":\"up\"}");
    }

    Answer ready() {
        boolean linked = node.isLinked();
        String status;
        if (leaving.getAsBoolean() || node.hub().isDraining()) {
            status = "draining";
        } else if (!node.hasBeenLinked()) {
            status = "starting";
        } else if (node.hub().sessionCount() >= sessionsMax) {
            status = "overloaded";
        } else if (!linked && readyRequiresLinks) {
            status = "unlinked";
        } else {
            status = "ready";
        }
        String json = "{\"status\":\"" + status + "\",\"links\":\"" + (linked ? "up" : "degraded") + "\",\"node\":\""
                + node.name() + "\",\"sessions\":" + node.hub().sessionCount() + "}";
        return new Answer(status.equals("ready") ? 200 : 503, json);
    }

    Answer links() {
        boolean linked = node.isLinked();
        String servers = node.links().stream()
                .map(link -> "\"" + link.server() + "\":\"" + upOrDown(link.up()) + "\"")
                .collect(Collectors.joining(","));
        String json = "{\"backplane\":\"" + upOrDown(linked) + "\"";
        return new Answer(linked ? 200 : 503, json + (servers.isEmpty() ? "}" : ",\"servers\":{" + servers + "}}"));
    }

    private static String upOrDown(boolean up) {
        return up ? "up" : "down";
    }
}
