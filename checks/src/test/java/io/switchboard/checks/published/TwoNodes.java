package io.switchboard.checks.published;

import io.switchboard.checks.client.Handshake;
import io.switchboard.checks.client.HttpAnswer;
import io.switchboard.checks.client.WsClient;
import io.switchboard.server.Demo;
import io.switchboard.server.Switchboard;
import io.switchboard.server.config.ConfigException;
import io.switchboard.server.config.ConfigSources;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Two nodes of a preset in this process, linked in memory instead of by its broker. */
public final class TwoNodes implements AfterAllCallback, AutoCloseable {
    private final Demo nodes;

    private TwoNodes(Demo nodes) {
        this.nodes = nodes;
    }

    /** @param settings as they follow {@code --set} */
    public static TwoNodes start(String preset, String... settings) {
        var sources = ConfigSources.none()
                .withPreset(preset)
                .withSet("backplane.type=memory")
                .withSet("node.host=127.0.0.1")
                .withSet("node.port=0")
                .withSet("io.threads=2");
        for (var setting : settings) {
            sources = sources.withSet(setting);
        }
        try {
            return new TwoNodes(Demo.start(sources.load()));
        } catch (ConfigException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    public Switchboard nodeA() {
        return nodes.boards().get(0);
    }

    public Switchboard nodeB() {
        return nodes.boards().get(1);
    }

    public WsClient onA(String path) {
        return WsClient.connect(URI.create(nodeA().url() + path));
    }

    public WsClient onB(String path) {
        return WsClient.connect(URI.create(nodeB().url() + path));
    }

    /** A plain request to node A. */
    public HttpAnswer ask(String method, String path) {
        return WsClient.ask(
                Handshake.to("127.0.0.1", nodeA().port(), path).plain().withMethod(method));
    }

    public HttpAnswer ask(String method, String path, String key, String body) {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        return WsClient.ask(Handshake.to("127.0.0.1", nodeA().port(), path)
                .plain()
                .withMethod(method)
                .with("Authorization", "Bearer " + key)
                .with("Content-Length", "" + bytes.length)
                .followedBy(bytes));
    }

    public static long sessions(Switchboard board) {
        return board.node().hub().sessionCount();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close();
    }

    @Override
    public void close() {
        nodes.close();
    }
}
