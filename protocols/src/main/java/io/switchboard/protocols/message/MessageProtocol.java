package io.switchboard.protocols.message;

import io.switchboard.message.Exclusion;
import io.switchboard.message.Topic;
import io.switchboard.metrics.Meters;
import io.switchboard.protocol.Encoder;
import io.switchboard.protocol.Endpoint;
import io.switchboard.protocol.Namespace;
import io.switchboard.protocols.plain.PlainEncoder;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * The endpoints of the message protocol: whatever text a client sends goes unchanged to every client of every node.
 * The exact text {@code ping} is a heartbeat and goes nowhere; binary messages are ignored.
 */
public final class MessageProtocol {
    /** What everybody here listens to. */
    public static final Topic EVERYBODY = Topic.of("message:all");

    private final boolean toSender;
    private final Encoder encoder;
    private final LongAdder ignored;

    /** @param toSender whether a client hears its own messages, as published */
    public MessageProtocol(boolean toSender, Meters meters) {
        this.toSender = toSender;
        encoder = new PlainEncoder(meters.counter(
                "switchboard.message.skipped", "Binary messages that the message protocol has no form for"));
        ignored = meters.counter("switchboard.message.ignored", "Pings in text, and binary messages, of its clients");
    }

    public List<Endpoint<?>> endpoints(List<String> paths) {
        return paths.stream()
                .<Endpoint<?>>map(path ->
                        new MessageEndpoint(path, encoder, toSender ? Exclusion.NONE : Exclusion.SESSION, ignored))
                .toList();
    }

    /**
     * Clients have no names here, so anyone may publish; nobody else comes to listen. A text is for everybody: if it
     * cannot be sent to the other nodes, nobody has it and its sender is told.
     */
    public static List<Namespace> namespaces() {
        return List.of(
                new Namespace("message", Namespace.Access.NOBODY, Namespace.Access.ANYONE, Namespace.Scope.WHOLE));
    }
}
