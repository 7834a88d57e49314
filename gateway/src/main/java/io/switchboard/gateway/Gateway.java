package io.switchboard.gateway;

import io.switchboard.discovery.Discovery;
import io.switchboard.discovery.DiscoveryProvider;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.cloud.loadbalancer.annotation.LoadBalancerClients;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.web.reactive.socket.client.ReactorNettyWebSocketClient;
import org.springframework.web.reactive.socket.client.WebSocketClient;

/** The program: {@code java -jar switchboard-gateway.jar}, configured by {@code application.yaml}. */
@SpringBootApplication(proxyBeanMethods = false)
@EnableConfigurationProperties(GatewaySettings.class)
@LoadBalancerClients(defaultConfiguration = Balancing.class)
public final class Gateway {
    public static void main(String[] arguments) {
        SpringApplication.run(Gateway.class, arguments);
    }

    @Bean
    Discovery discovery(GatewaySettings settings) {
        return settings.nacos()
                .map(nacos -> DiscoveryProvider.open("nacos", nacos, Gateway.class.getClassLoader()))
                .orElseGet(() -> Discovery.fixed(settings.listed()));
    }

    @Bean
    Fleet fleet(Discovery discovery, GatewaySettings settings) {
        return new Fleet(discovery, new Visitor(settings.visit()), settings.refresh(), settings.arrival());
    }

    /** Takes the place of the one that the gateway would use by itself. */
    @Bean
    @Primary
    WebSocketClient persistentClient(ReactorNettyWebSocketClient client, Fleet fleet) {
        return new PersistentClient(client, fleet);
    }
}
