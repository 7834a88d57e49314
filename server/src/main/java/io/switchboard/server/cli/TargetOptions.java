package io.switchboard.server.cli;

import io.switchboard.bench.plan.BadPlanException;
import io.switchboard.bench.target.Centrifugal;
import io.switchboard.bench.target.Chat;
import io.switchboard.bench.target.Inbox;
import io.switchboard.bench.target.OneRoom;
import io.switchboard.bench.target.Plain;
import io.switchboard.bench.target.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say how the servers are spoken to. */
final class TargetOptions {
    @Option(
            names = "--target",
            paramLabel = "NAME",
            description = "How connections and messages are spelled: chat (the default), centrifugal, inbox, message,"
                    + " sign, or plain with the templates below. In them %%s is a connection's own number, %%d its"
                    + " partner's, %%g its group's, %%P the payload, %%%% a percent sign.")
    private String name = "chat";

    @Option(names = "--path", paramLabel = "TEMPLATE", description = "plain: where to connect. Default /.")
    private Optional<String> path = Optional.empty();

    @Option(names = "--publish-path", paramLabel = "TEMPLATE", description = "plain: for publishers. Default --path.")
    private Optional<String> publishPath = Optional.empty();

    @Option(
            names = "--on-open",
            paramLabel = "TEMPLATE",
            description = "plain: say this after connecting; may be repeated, in order. await:TEXT instead waits for"
                    + " a message that holds TEXT.")
    private List<String> onOpen = new ArrayList<>();

    @Option(
            names = "--publish-on-open",
            paramLabel = "TEMPLATE",
            description = "plain: the same for publishers. Default --on-open.")
    private List<String> publishOnOpen = new ArrayList<>();

    @Option(names = "--message", paramLabel = "TEMPLATE", description = "plain: a message. Default %%P.")
    private Optional<String> message = Optional.empty();

    @Option(names = "--header", paramLabel = "LINE", description = "plain: a header of the handshake; may be repeated.")
    private List<String> headers = new ArrayList<>();

    @Option(names = "--binary", description = "plain: send binary frames.")
    private boolean binary;

    @Option(
            names = "--reply",
            paramLabel = "HEARD=SAID",
            description = "plain: answer a heartbeat of the server, such as 2=3.")
    private Optional<String> reply = Optional.empty();

    Target target() {
        boolean templates = path.isPresent()
                || publishPath.isPresent()
                || message.isPresent()
                || reply.isPresent()
                || binary
                || !onOpen.isEmpty()
                || !publishOnOpen.isEmpty()
                || !headers.isEmpty();
        if (templates && !name.equals("plain")) {
            throw new BadPlanException(
                    "templates belong to --target plain; --target " + name + " spells everything itself");
        }
        return switch (name) {
            case "plain" ->
                new Plain(
                        path.orElse("/"),
                        publishPath,
                        onOpen,
                        publishOnOpen,
                        message.orElse("%P"),
                        headers,
                        binary,
                        reply);
            case "chat" -> new Chat();
            case "centrifugal" -> new Centrifugal();
            case "inbox" -> new Inbox();
            case "message" -> OneRoom.ofMessage();
            case "sign" -> OneRoom.ofSign();
            default ->
                throw new BadPlanException(
                        "there is no target \"" + name + "\"; give chat, centrifugal, inbox, message, sign or plain");
        };
    }
}
