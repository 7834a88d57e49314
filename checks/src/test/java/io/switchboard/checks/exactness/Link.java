package io.switchboard.checks.exactness;

import io.switchboard.checks.components.NodeSettings;
import io.switchboard.checks.components.RabbitServer;
import io.switchboard.checks.components.RocketServer;

/** A broker of its own for one run, and how nodes are told to use it. */
record Link(Runnable end, String type, String uri) implements AutoCloseable {
    static Link rabbitmq() {
        var rabbit = RabbitServer.start();
        return new Link(rabbit::close, "rabbitmq", rabbit.uri());
    }

    static Link rocketmq() {
        var rocket = RocketServer.start();
        return new Link(rocket::close, "rocketmq", rocket.uri());
    }

    NodeSettings of(NodeSettings settings) {
        return settings.with("backplane.type", type).with("backplane.uri", uri).with("backplane.format", "native");
    }

    @Override
    public void close() {
        end.run();
    }
}
