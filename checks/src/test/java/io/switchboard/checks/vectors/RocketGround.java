package io.switchboard.checks.vectors;

import io.switchboard.checks.cluster.InboxCluster;
import io.switchboard.checks.components.PublishedInboxNode;
import io.switchboard.checks.components.PublishedInboxNode.Heard;
import io.switchboard.checks.components.Reply;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/** Two node processes of the inbox design on a real RocketMQ; a published node sees all that goes over it. */
final class RocketGround implements Ground, AutoCloseable {
    private final InboxCluster cluster = InboxCluster.start(settings -> settings);
    private final PublishedInboxNode witness = PublishedInboxNode.startWitness(cluster.rocket());
    private int seen;

    @Override
    public URI uri(String node, String path) {
        return (node.endsWith("B") ? cluster.nodeB() : cluster.nodeA()).uri(path);
    }

    @Override
    public void push(String node, String sign, String data) {
        throw new IllegalStateException("this design has no such push");
    }

    @Override
    public void publish(String exchange, String body) {
        throw new IllegalStateException("no vector of this design does so");
    }

    @Override
    public void stopBroker() {
        throw new IllegalStateException("no vector of this design does so");
    }

    @Override
    public void fence(Collection<Player> players) {}

    @Override
    public void clear() {
        seen = witness.heard().size();
    }

    @Override
    public String difference(Json vector) {
        var text = new StringBuilder();
        var messages = vector.list("broker").stream()
                .filter(one -> one.text("op").equals("ROCKETMQ"))
                .toList();
        var heard = witness.heard();
        heard = heard.subList(seen, heard.size());
        if (heard.size() != messages.size() || !fit(messages, heard)) {
            text.append("\n  over RocketMQ must go ").append(messages);
            text.append("\n  over RocketMQ went ").append(heard);
        }
        vector.list("broker").forEach(one -> text.append(keyDifference(one)));
        return text.toString();
    }

    private static boolean fit(List<Json> messages, List<Heard> heard) {
        for (int i = 0; i < heard.size(); i++) {
            var expected = messages.get(i);
            var body = Pattern.quote(expected.text("body")).replace("<epoch ms>", "\\E\\d{13}\\Q");
            var one = heard.get(i);
            if (!one.topic().equals(expected.text("topic"))
                    || !one.tag().equals(expected.text("tag"))
                    || !one.body().matches(body)) {
                return false;
            }
        }
        return true;
    }

    /** What stands in a key after all: who is there, or nothing. */
    private String keyDifference(Json one) {
        String key = one.text("key");
        if (key.isEmpty()) {
            return "";
        }
        String expected = one.text("op").equals("DEL") ? "" : one.text("value");
        try (var wire = cluster.redis().wire()) {
            String value = wire.call("GET", key) instanceof Reply.Bulk bulk ? bulk.text() : "";
            return value.equals(expected) ? "" : "\n  " + key + " must be " + expected + " and is " + value;
        }
    }

    @Override
    public boolean isEmpty() {
        return cluster.sum("switchboard_sessions") == 0;
    }

    @Override
    public void close() {
        witness.close();
        cluster.close();
    }
}
