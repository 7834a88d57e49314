package io.switchboard.server.web;

import io.switchboard.backplane.Remote;
import io.switchboard.hub.Outcome;
import io.switchboard.message.Message;
import io.switchboard.node.Node;
import io.switchboard.protocols.message.MessageProtocol;
import io.switchboard.server.config.ServerConfig;
import io.switchboard.transport.http.HttpAnswer;
import io.switchboard.transport.http.HttpRoute;
import io.switchboard.transport.http.Resources;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** What the published message program answers to plain HTTP: its page, and the path that greets everybody. */
final class MessageRoutes {
    private static final String FOLDER = "/io/switchboard/server/message/";
    private static final String PATH_IN_PAGE = "@path@";

    private final Node node;
    private final ServerConfig.MessageProtocol settings;

    MessageRoutes(Node node, ServerConfig.MessageProtocol settings) {
        this.node = node;
        this.settings = settings;
    }

    /** The page at {@code /} and {@code /index.html}. */
    List<HttpRoute> page() {
        String page = read("index.html")
                .replace(PATH_IN_PAGE, attribute(settings.paths().getFirst()));
        var html = HttpAnswer.of(200, "text/html;charset=UTF-8", page);
        return List.of(
                HttpRoute.get("/", request -> html),
                HttpRoute.get("/index.html", request -> html),
                new Resources(MessageRoutes.class, "/io/switchboard/server/message", List.of("page.js", "page.css"))
                        .under("/message-page/"));
    }

    private static String read(String name) {
        try (InputStream in = MessageRoutes.class.getResourceAsStream(FOLDER + name)) {
            if (in == null) {
                throw new IllegalStateException(FOLDER + name + " is missing from this build");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String attribute(String text) {
        return text.replace("&", "&amp;").replace("\"", "&quot;").replace("<", "&lt;");
    }

    /** The path that sends the published greeting; published it answers 404, for want of a page named "ok". */
    List<HttpRoute> hello() {
        return settings.hello().filter(path -> settings.enabled()).stream()
                .map(path -> new HttpRoute(
                        path,
                        false,
                        Set.of("GET"),
                        request -> node.publish(MessageProtocol.EVERYBODY, Message.text("publish/subscribe hello"))
                                .thenApply(MessageRoutes::answer)))
                .toList();
    }

    private static HttpAnswer answer(Outcome outcome) {
        HttpAnswer answer = outcome.remote() == Remote.ACCEPTED
                ? HttpAnswer.text(200, "ok")
                : HttpAnswer.text(503, "only clients of this node have it: the link to other nodes is down");
        return answer.with("Cache-Control", "no-store");
    }
}
