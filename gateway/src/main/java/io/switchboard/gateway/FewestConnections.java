package io.switchboard.gateway;

import java.util.Set;
import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.DefaultResponse;
import org.springframework.cloud.client.loadbalancer.EmptyResponse;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.cloud.loadbalancer.core.ReactorServiceInstanceLoadBalancer;
import reactor.core.publisher.Mono;

/** Chooses the node with the fewest connections among those that take new ones. */
final class FewestConnections implements ReactorServiceInstanceLoadBalancer {
    private final String service;
    private final Fleet fleet;

    FewestConnections(String service, Fleet fleet) {
        this.service = service;
        this.fleet = fleet;
    }

    @Override
    @SuppressWarnings("rawtypes") // As the interface has it.
    public Mono<Response<ServiceInstance>> choose(Request request) {
        return Mono.fromSupplier(() -> fleet.choose(Set.of())
                .<Response<ServiceInstance>>map(node -> new DefaultResponse(new DefaultServiceInstance(
                        node.node(), service, node.host(), node.port(), false, node.metadata())))
                .orElseGet(EmptyResponse::new));
    }
}
