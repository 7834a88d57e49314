package io.switchboard.server;

import io.switchboard.server.config.ServerConfig;
import io.switchboard.server.web.DemoKeys;
import io.switchboard.server.web.Web;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** Two nodes in one process, linked in memory, and a page that shows people on both. */
public final class Demo implements Drainable, AutoCloseable {
    private static final List<String> NAMES = List.of("node-a", "node-b");

    private final List<Switchboard> boards = new CopyOnWriteArrayList<>();

    private Demo() {}

    /** @throws CannotRunException if a port is in use */
    public static Demo start(ServerConfig config) {
        return start(config, Optional.empty());
    }

    /**
     * With a page that may speak for anybody: only where {@code config} listens on loopback, and has these keys.
     *
     * @throws CannotRunException if a port is in use
     */
    public static Demo start(ServerConfig config, DemoKeys keys) {
        return start(config, Optional.of(keys));
    }

    private static Demo start(ServerConfig config, Optional<DemoKeys> keys) {
        var demo = new Demo();
        var neighbourhood = new Neighbourhood();
        var shown = new CopyOnWriteArrayList<Web.Shown>();
        var page = new Web.DemoPage(() -> shown, keys);
        int port = config.node().port();
        try {
            for (String name : NAMES) {
                Switchboard board =
                        Switchboard.start(config.withNode(config.node().with(name, port)), neighbourhood, page);
                demo.boards.add(board);
                shown.add(new Web.Shown(name, board.port()));
                port = port == 0 ? 0 : port + 1;
            }
            return demo;
        } catch (RuntimeException e) {
            demo.close();
            throw e;
        }
    }

    public List<Switchboard> boards() {
        return List.copyOf(boards);
    }

    public String page() {
        return boards.getFirst().url().replaceFirst("^ws", "http") + "/";
    }

    public List<String> urls() {
        return boards.stream().map(Switchboard::url).toList();
    }

    @Override
    public CompletionStage<Void> drain(Duration spread) {
        return CompletableFuture.allOf(boards.stream()
                .map(board -> board.drain(spread).toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    @Override
    public void close() {
        boards.reversed().forEach(Switchboard::close);
    }
}
