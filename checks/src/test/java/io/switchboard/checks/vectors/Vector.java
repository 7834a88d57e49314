package io.switchboard.checks.vectors;

import io.switchboard.checks.components.Traffic;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One recorded conversation: who connects, what happens before it counts, what is put in, and what every client and the
 * broker must see. A client that {@code expected} does not name may hear anything.
 */
record Vector(
        String name,
        String endpoint,
        List<Connection> connections,
        List<Step> before,
        List<Step> inputs,
        Map<String, List<Expectation>> expected,
        Optional<Json> http,
        Optional<List<Traffic>> broker,
        String required) {

    /** One client of the set-up. The path may be followed by words that say how the client behaves. */
    record Connection(String client, String node, String path) {}

    static Vector of(Json json) {
        var setup = json.field("setup").orElse(new Json.Sequence(List.of()));
        var connections = setup instanceof Json.Struct ? setup.list("connections") : setup.items();
        return new Vector(
                json.text("name"),
                json.text("endpoint"),
                connections.stream().map(Vector::connection).toList(),
                setup.list("before").stream().map(Step::of).toList(),
                json.list("input").stream().map(Step::of).toList(),
                expectations(json),
                json.field("expected").flatMap(expected -> expected.field("http")),
                json.field("broker").map(Vector::traffic),
                json.text("required"));
    }

    private static Connection connection(Json json) {
        return new Connection(json.text("client"), json.text("node"), json.text("path"));
    }

    private static Map<String, List<Expectation>> expectations(Json json) {
        var expectations = new TreeMap<String, List<Expectation>>();
        if (json.field("expected").orElseThrow() instanceof Json.Struct(var fields)) {
            fields.forEach((client, frames) -> {
                if (!client.equals("http")) {
                    expectations.put(client, Expectation.all(frames));
                }
            });
        }
        return expectations;
    }

    private static List<Traffic> traffic(Json broker) {
        return broker.items().stream()
                .map(one ->
                        new Traffic(one.text("op"), one.text("channel"), Placeholders.expand(one.text("payload"), 0)))
                .toList();
    }

    boolean hasRepetition() {
        return inputs.stream().anyMatch(step -> step instanceof Step.Send send && send.repeat() > 1);
    }

    /** Nothing is said about the broker, or what is said is not meant as a list of all that happens there. */
    boolean leavesBrokerOpen() {
        boolean eitherWay = required.contains("accept") && required.contains("or reject");
        return broker.isEmpty() || (broker.get().isEmpty() && (hasRepetition() || eitherWay));
    }

    /** The sender of bad input must be told. */
    boolean wantsErrorToSender() {
        return required.matches("(?s).*error to (the )?sender.*");
    }

    /** Groups that were joined on a node are remembered there, so this vector needs nodes without a past. */
    boolean needsFreshNodes() {
        return expected.values().stream()
                .flatMap(List::stream)
                .anyMatch(one -> one instanceof Expectation.Text(var text) && text.contains("not exists"));
    }

    /** A client answered in binary may be one that was written to in binary. */
    boolean hasBinaryInput() {
        return inputs.stream()
                .anyMatch(
                        step -> step instanceof Step.Send send && send.opcode().equals("binary"));
    }

    @Override
    public String toString() {
        return name;
    }
}
