package io.switchboard.bridges.nacos;

import io.switchboard.discovery.Discovery;
import io.switchboard.discovery.DiscoveryProvider;

/** Opens discovery by Nacos 2 or 3, one server or the several of a cluster. */
public final class NacosDiscoveryProvider implements DiscoveryProvider {
    @Override
    public String type() {
        return "nacos";
    }

    @Override
    public Discovery open(Settings settings) {
        return new NacosDiscovery(new NamingClient(new NacosServers(settings), settings));
    }
}
