package io.switchboard.server.web;

import io.switchboard.directory.Groups;
import io.switchboard.metrics.Meters;
import io.switchboard.node.Node;
import io.switchboard.server.api.ApiCalls;
import io.switchboard.server.api.ApiKey;
import io.switchboard.server.api.ServerApi;
import io.switchboard.server.config.Secret;
import io.switchboard.server.config.ServerConfig;
import io.switchboard.transport.http.HttpAnswer;
import io.switchboard.transport.http.HttpRoute;
import io.switchboard.transport.http.HttpRoutes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;

/** What the port answers to plain HTTP. */
public final class Web implements AutoCloseable {
    /** A node that the demo page shows. */
    public record Shown(String name, int port) {}

    /**
     * What the demo page is told.
     *
     * @param nodes asked at each request, when their ports are known
     * @param keys that it may have, if any
     */
    public record DemoPage(Supplier<List<Shown>> nodes, Optional<DemoKeys> keys) {}

    private final Node node;
    private final AtomicBoolean leaving = new AtomicBoolean();
    private final ServerConfig config;
    private final Groups groups;
    private final ApiCalls calls;
    private final Health health;
    private final Prometheus prometheus;
    private final ExecutorService scraper = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("switchboard-metrics").factory());

    /** @param calls what the application adds to the server API */
    public Web(Node node, Meters meters, ServerConfig config, Groups groups, ApiCalls calls) {
        this.calls = calls;
        this.node = node;
        this.config = config;
        this.groups = groups;
        health = new Health(
                node,
                config.health().readyRequiresLinks(),
                config.limits().sessions() == 0
                        ? Integer.MAX_VALUE
                        : config.limits().sessions(),
                leaving::get);
        prometheus = new Prometheus(meters);
    }

    /** From now on the node is not ready, though it still serves. */
    public void leave() {
        leaving.set(true);
    }

    /** What {@code /health/ready} says. */
    public boolean isReady() {
        return health.ready().status() == 200;
    }

    public HttpRoutes routes(DemoPage page) {
        var routes = new ArrayList<HttpRoute>();
        routes.add(HttpRoute.get("/health/live", request -> answer(health.live())));
        routes.add(HttpRoute.get("/health/ready", request -> answer(health.ready())));
        routes.add(HttpRoute.get("/health/links", request -> answer(health.links())));
        routes.add(
                HttpRoute.get("/metrics", request -> HttpAnswer.of(200, Prometheus.CONTENT_TYPE, prometheus.scrape()))
                        .on(scraper));
        var messages = new MessageRoutes(node, config.protocols().message());
        routes.addAll(messages.hello());
        Function<String, Optional<HttpAnswer>> missing = ServerApi::off;
        if (config.api().isServed()) {
            var key = new ApiKey(
                    config.api().open() ? Optional.empty() : config.api().key().map(Secret::text));
            Optional<Groups> lists =
                    Optional.of(groups).filter(all -> config.protocols().inbox().enabled());
            routes.addAll(new ApiRoutes(node, config, groups, key).all());
            var api = new ServerApi(node, key, config.api().errorsByStatus(), calls, lists);
            routes.addAll(api.routes());
            missing = api::missing;
        }
        switch (config.http().root()) {
            case MESSAGE_PAGE -> routes.addAll(messages.page());
            case HELLO -> routes.add(HttpRoute.get("/", request -> HttpAnswer.text(200, "Hello World!")));
            case DEMO -> routes.addAll(new DemoRoutes(page).all());
            case NONE -> {}
        }
        return new HttpRoutes(routes).withMissing(missing);
    }

    private static HttpAnswer answer(Health.Answer health) {
        return HttpAnswer.json(health.status(), health.json()).with("Cache-Control", "no-store");
    }

    @Override
    public void close() {
        scraper.shutdownNow();
        prometheus.close();
    }
}
