package io.switchboard.gateway;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.loadbalancer.core.ReactorLoadBalancer;
import org.springframework.cloud.loadbalancer.core.RoundRobinLoadBalancer;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** How services are balanced: the nodes by their connections, whatever else is routed here in turn. */
final class Balancing {
    @Bean
    ReactorLoadBalancer<ServiceInstance> reactorServiceInstanceLoadBalancer(
            Environment environment, LoadBalancerClientFactory factory, GatewaySettings settings, Fleet fleet) {
        String service = environment.getProperty(LoadBalancerClientFactory.PROPERTY_NAME, settings.service());
        return service.equals(settings.service())
                ? new FewestConnections(service, fleet)
                : new RoundRobinLoadBalancer(
                        factory.getLazyProvider(service, ServiceInstanceListSupplier.class), service);
    }
}
