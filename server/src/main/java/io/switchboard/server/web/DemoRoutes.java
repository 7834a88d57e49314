package io.switchboard.server.web;

import io.switchboard.tokens.TokenSigner;
import io.switchboard.transport.http.HttpAnswer;
import io.switchboard.transport.http.HttpRequest;
import io.switchboard.transport.http.HttpRoute;
import io.switchboard.transport.http.Resources;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The demo page, and what it asks for. */
final class DemoRoutes {
    private static final List<String> PAGE = List.of(
            "index.html",
            "demo.css",
            "demo.js",
            "board.js",
            "entries.js",
            "chat-client.js",
            "centrifugal-client.js",
            "api-caller.js",
            "icon.svg");
    private static final Duration TOKEN_LIFETIME = Duration.ofHours(1);
    private static final int USER_MAX = 200;

    private final Web.DemoPage page;

    DemoRoutes(Web.DemoPage page) {
        this.page = page;
    }

    List<HttpRoute> all() {
        var files = new Resources(DemoRoutes.class, "/io/switchboard/server/demo", PAGE);
        var routes = new ArrayList<HttpRoute>();
        routes.add(HttpRoute.get("/", request -> files.answer("index.html", request)));
        routes.add(files.under("/demo/"));
        routes.add(HttpRoute.get("/demo/nodes", request -> HttpAnswer.json(200, nodes())));
        page.keys()
                .ifPresent(keys -> routes.add(HttpRoute.get(
                        "/demo/keys", request -> keys(keys, request).with("Cache-Control", "no-store"))));
        return routes;
    }

    private String nodes() {
        return page.nodes().get().stream()
                .map(node -> "{\"name\":\"" + node.name() + "\",\"port\":" + node.port() + ",\"keys\":"
                        + page.keys().isPresent() + "}")
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static HttpAnswer keys(DemoKeys keys, HttpRequest request) {
        if (!isFromThisPage(request)) {
            return HttpAnswer.text(403, "Only the demo page on this machine is given keys");
        }
        String user = request.query().getOrDefault("user", "");
        if (user.isEmpty() || user.length() > USER_MAX) {
            return HttpAnswer.text(400, "For whom? Give ?user= with at most " + USER_MAX + " characters");
        }
        String token = new TokenSigner(keys.tokenSecret())
                .sign(user, Optional.empty(), Optional.of(TOKEN_LIFETIME), TokenSigner.Wanted.NOTHING);
        return HttpAnswer.json(200, "{\"token\":\"" + token + "\",\"key\":\"" + keys.apiKey() + "\"}");
    }

    /**
     * Browsers let pages of others ask but not read the answer, unless a name of theirs is made to lead here: then the
     * host is theirs. What a proxy on this machine brings is not from this machine.
     */
    private static boolean isFromThisPage(HttpRequest request) {
        return isLoopback(request.remoteAddress())
                && request.header("host").filter(DemoRoutes::isLoopback).isPresent()
                && request.header("sec-fetch-site")
                        .filter(site -> !site.equals("same-origin"))
                        .isEmpty()
                && request.header("x-forwarded-for").isEmpty()
                && request.header("forwarded").isEmpty();
    }

    /** @param address with or without a port */
    private static boolean isLoopback(String address) {
        String host = address.toLowerCase(Locale.ROOT).replaceFirst("(?<=[\\].\\w]):\\d{1,5}$", "");
        return host.equals("localhost")
                || host.matches("127(\\.\\d{1,3}){3}")
                || host.equals("[::1]")
                || host.matches("(0:){7}1|::1|\\[::1]");
    }
}
