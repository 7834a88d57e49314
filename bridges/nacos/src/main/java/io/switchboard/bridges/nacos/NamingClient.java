package io.switchboard.bridges.nacos;

import io.switchboard.discovery.DiscoveryProvider;
import io.switchboard.discovery.Instance;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What of Nacos' naming is needed, by its open API: of version 3 where the server has it, else of version 1, which
 * Nacos 2 has. An instance is ephemeral: it lives by its beats. Blocks; for one thread.
 */
final class NamingClient implements AutoCloseable {
    /** How often it beats, and after which silence Nacos takes an instance for ill, and for gone. */
    static final long BEAT_MILLIS = 2_000;

    private static final long ILL_MILLIS = 6_000;
    private static final long GONE_MILLIS = 9_000;

    private static final int NOT_FOUND = 404;

    /** Version 3 says so, and version 1. */
    private static final int NO_SUCH_INSTANCE = 21_003;

    private static final int NO_SUCH_RESOURCE = 20_404;

    private final NacosServers servers;
    private final DiscoveryProvider.Settings settings;
    private boolean old;

    NamingClient(NacosServers servers, DiscoveryProvider.Settings settings) {
        this.servers = servers;
        this.settings = settings;
    }

    /** The instance as it can be announced: with an address. */
    Instance placed(Instance self) throws IOException {
        return self.host().isEmpty()
                ? new Instance(self.node(), servers.ownAddress(), self.port(), self.metadata())
                : self;
    }

    void register(Instance self) throws IOException {
        var parameters = place(self);
        var metadata = new HashMap<>(self.metadata());
        metadata.put("preserved.register.source", "SWITCHBOARD");
        metadata.put("preserved.heart.beat.interval", Long.toString(BEAT_MILLIS));
        metadata.put("preserved.heart.beat.timeout", Long.toString(ILL_MILLIS));
        metadata.put("preserved.ip.delete.timeout", Long.toString(GONE_MILLIS));
        parameters.put("metadata", Json.text(metadata));
        parameters.put("healthy", "true");
        parameters.put("enabled", "true");
        ask("POST", "/v3/client/ns/instance", "/v1/ns/instance", parameters);
    }

    /** Whether Nacos still knew it. */
    boolean beat(Instance self) throws IOException {
        var parameters = place(self);
        parameters.put("heartBeat", "true");
        int code = code(ask("POST", "/v3/client/ns/instance", "/v1/ns/instance/beat", parameters));
        return code != NO_SUCH_INSTANCE && code != NO_SUCH_RESOURCE;
    }

    void deregister(Instance self) throws IOException {
        ask("DELETE", "/v3/client/ns/instance", "/v1/ns/instance", place(self));
    }

    /** Those that are healthy and switched on. */
    List<Instance> list() throws IOException {
        String text = ask("GET", "/v3/client/ns/instance/list", "/v1/ns/instance/list", service());
        Map<String, Object> answer = Json.object(Json.parse(text));
        var instances = new ArrayList<Instance>();
        for (Object host : Json.list(answer.getOrDefault(old ? "hosts" : "data", List.of()))) {
            Map<String, Object> fields = Json.object(host);
            if (isTrue(fields, "healthy") && isTrue(fields, "enabled")) {
                instances.add(instance(fields));
            }
        }
        return instances;
    }

    private static boolean isTrue(Map<String, Object> fields, String name) {
        return Boolean.TRUE.equals(fields.getOrDefault(name, true));
    }

    private static Instance instance(Map<String, Object> fields) {
        var metadata = new HashMap<String, String>();
        Json.object(fields.getOrDefault("metadata", Map.of()))
                .forEach((name, value) -> metadata.put(name, value.toString()));
        String host = fields.getOrDefault("ip", "").toString();
        int port = Integer.parseInt(fields.getOrDefault("port", "0").toString());
        return new Instance(metadata.getOrDefault(Instance.NODE, host + ":" + port), host, port, metadata);
    }

    private Map<String, String> service() {
        var parameters = new HashMap<String, String>();
        parameters.put("serviceName", settings.service());
        parameters.put("groupName", settings.group());
        parameters.put("namespaceId", settings.namespace());
        return parameters;
    }

    private Map<String, String> place(Instance self) {
        Map<String, String> parameters = service();
        parameters.put("ip", self.host());
        parameters.put("port", Integer.toString(self.port()));
        parameters.put("ephemeral", "true");
        return parameters;
    }

    /** A server that does not know version 3 is asked by version 1 from then on. */
    private String ask(String method, String path, String oldPath, Map<String, String> parameters) throws IOException {
        if (!old) {
            try {
                return checked(servers.ask(method, path, parameters));
            } catch (NacosException e) {
                if (e.status() != NOT_FOUND) {
                    throw e;
                }
                old = true;
            }
        }
        String oldMethod = oldPath.endsWith("/beat") ? "PUT" : method;
        try {
            return servers.ask(oldMethod, oldPath, parameters);
        } catch (NacosException e) {
            // Neither: something else answered, perhaps a proxy while Nacos starts.
            old = e.status() != NOT_FOUND;
            throw e;
        }
    }

    private static String checked(String answer) throws NacosException {
        int code = code(answer);
        if (code != 0 && code != NO_SUCH_INSTANCE) {
            throw new NacosException(200, "Nacos refused: " + answer.strip());
        }
        return answer;
    }

    private static int code(String answer) {
        // Version 1 answers "ok" to a registration.
        return answer.startsWith("{")
                ? Integer.parseInt(Json.object(Json.parse(answer))
                        .getOrDefault("code", "0")
                        .toString())
                : 0;
    }

    @Override
    public void close() {
        servers.close();
    }
}
