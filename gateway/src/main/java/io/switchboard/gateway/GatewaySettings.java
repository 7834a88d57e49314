package io.switchboard.gateway;

import io.switchboard.discovery.DiscoveryProvider;
import io.switchboard.discovery.Instance;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where the nodes are.
 *
 * @param service what the route calls them, and Nacos
 * @param nodes {@code host:port} of each, where there is no Nacos
 * @param server of Nacos, or several with commas; empty for the nodes listed
 * @param refresh how often Nacos and the nodes are asked
 * @param visit how long a node may take to say how it is; 0 if nodes are not asked, but believed what Nacos says of
 * them
 */
@ConfigurationProperties("switchboard.gateway")
public record GatewaySettings(
        String service,
        List<String> nodes,
        String server,
        String namespace,
        String group,
        String user,
        String password,
        Duration refresh,
        Duration visit) {

    /** Two beats of a client of Nacos, which nodes that cannot be visited report by. */
    private static final Duration REPORT_OF_NACOS = Duration.ofSeconds(10);

    private static final Duration HANDSHAKE = Duration.ofSeconds(1);

    /** How long it takes until a report counts a client that was sent to a node: it may just miss one. */
    Duration arrival() {
        Duration visited = visit.multipliedBy(2).plus(HANDSHAKE);
        boolean reported = !server.isEmpty() && visited.compareTo(REPORT_OF_NACOS) < 0;
        return refresh.plus(reported ? REPORT_OF_NACOS : visited);
    }

    Optional<DiscoveryProvider.Settings> nacos() {
        return server.isEmpty()
                ? Optional.empty()
                : Optional.of(new DiscoveryProvider.Settings(server, namespace, group, service, user, password));
    }

    /** @throws IllegalArgumentException naming the one that is wrong */
    List<Instance> listed() {
        return nodes.stream().map(GatewaySettings::instance).toList();
    }

    private static Instance instance(String node) {
        try {
            URI uri = URI.create("ws://" + node);
            if (uri.getHost() != null && uri.getPort() > 0) {
                return new Instance(node, uri.getHost(), uri.getPort(), Map.of());
            }
        } catch (IllegalArgumentException _useless) {
            // As if it had no host.
        }
        throw new IllegalArgumentException(
                "switchboard.gateway.nodes: \"" + node + "\" is not the address of a node; give host:port");
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "GatewaySettings(" + service + ", " + (server.isEmpty() ? nodes : server) + ")";
    }
}
