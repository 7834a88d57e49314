package io.switchboard.discovery;

import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** Opens the discovery of one product; found by {@link ServiceLoader}. */
public interface DiscoveryProvider {
    /** The name in configuration, as {@code nacos}. */
    String type();

    /**
     * Makes a discovery, which asks nobody anything before it is used.
     *
     * @throws IllegalArgumentException naming the setting that is wrong and what would be right
     */
    Discovery open(Settings settings);

    /**
     * What a bridge is told.
     *
     * @param server of the registry, or several with commas
     * @param service under which the nodes are known
     * @param user empty if the registry asks for none
     * @param password of the user: never log it
     */
    record Settings(String server, String namespace, String group, String service, String user, String password) {
        @Override
        public String toString() {
            return "Settings(" + service + " at " + server + ")";
        }
    }

    /** @throws IllegalArgumentException if there is no such bridge on the class path */
    static Discovery open(String type, Settings settings, ClassLoader loader) {
        var providers = ServiceLoader.load(DiscoveryProvider.class, loader).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        return providers.stream()
                .filter(provider -> provider.type().equals(type))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("discovery.type " + type
                        + ": no such bridge on the class path; there are: "
                        + providers.stream().map(DiscoveryProvider::type).collect(Collectors.joining(", "))))
                .open(settings);
    }
}
