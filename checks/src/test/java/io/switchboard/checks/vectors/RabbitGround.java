package io.switchboard.checks.vectors;

import com.rabbitmq.client.AMQP;
import io.switchboard.checks.client.Await;
import io.switchboard.checks.components.NodeProcess;
import io.switchboard.checks.components.RabbitServer;
import io.switchboard.checks.components.RabbitTap;
import io.switchboard.checks.components.RedisServer;
import io.switchboard.checks.published.RabbitPair;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** Two node processes of a published design on a real RabbitMQ, a real Redis, and a stranger who sees what is there. */
final class RabbitGround implements Ground, AutoCloseable {
    private static final AtomicInteger FENCES = new AtomicInteger();
    /** Seconds that may have passed since a key was written. */
    private static final int PASSED_MAX = 30;

    private final RabbitServer rabbit;
    private final RedisServer redis;
    private final RabbitPair nodes;
    private final String exchange;
    /** From a client's name, which is its sign where it has one, to a body on the exchange that says FENCE to it. */
    private final UnaryOperator<String> fenceBody;

    private RabbitTap tap;

    RabbitGround(
            RabbitServer rabbit,
            RedisServer redis,
            RabbitPair nodes,
            String exchange,
            UnaryOperator<String> fenceBody) {
        this.rabbit = rabbit;
        this.redis = redis;
        this.nodes = nodes;
        this.exchange = exchange;
        this.fenceBody = fenceBody;
        this.tap = RabbitTap.on(rabbit, exchange);
    }

    RabbitPair nodes() {
        return nodes;
    }

    RabbitTap tap() {
        return tap;
    }

    private NodeProcess node(String name) {
        return name.endsWith("B") ? nodes.nodeB() : nodes.nodeA();
    }

    @Override
    public URI uri(String node, String path) {
        return node(node).uri(path);
    }

    @Override
    public void push(String node, String sign, String data) {
        RabbitPair.push(node(node), "sign=" + sign, data);
    }

    @Override
    public void publish(String to, String body) {
        tap.publish(to, null, body);
    }

    @Override
    public void stopBroker() {
        rabbit.stop();
        nodes.awaitLinks(false);
    }

    void startBroker() {
        tap.close();
        rabbit.restart();
        nodes.awaitLinks(true);
        tap = RabbitTap.on(rabbit, exchange);
    }

    private boolean brokerRuns() {
        return tap.channel().isOpen();
    }

    @Override
    public void fence(Collection<Player> players) {
        if (!brokerRuns()) {
            return;
        }
        var fence = Player.FENCE + "b" + FENCES.incrementAndGet();
        var listening = players.stream().filter(Player::listens).toList();
        listening.stream()
                .map(player -> fenceBody.apply(player.name()).replace("FENCE", fence))
                .distinct()
                .forEach(body -> tap.publish(exchange, null, body));
        listening.forEach(player -> player.awaitFence(fence));
        if (!listening.isEmpty()) {
            Await.until(
                    "the stranger to hear it",
                    () -> tap.seen().stream().anyMatch(seen -> seen.body().contains(fence)));
        }
    }

    @Override
    public void clear() {
        tap.forget();
    }

    @Override
    public String difference(Json vector) {
        var listed = vector.list("broker");
        if (!brokerRuns() || vector.list("input").stream().anyMatch(RabbitGround::isNotListed)) {
            return "";
        }
        return published(listed) + keys(listed);
    }

    /** Where so many messages go that the vector does not list them, or somebody else publishes. */
    private static boolean isNotListed(Json step) {
        return step.whole("repeat", 1) > 1 || step.text("from").equals("amqp");
    }

    private String published(List<Json> listed) {
        var wanted = listed.stream()
                .filter(one -> one.text("op").equals("AMQP publish"))
                .toList();
        var seen = tap.seen().stream()
                .filter(one -> !one.body().contains(Player.FENCE))
                .toList();
        if (wanted.size() != seen.size()) {
            return "\n  on the broker must be " + wanted + ", there was " + seen;
        }
        var text = new StringBuilder();
        for (int i = 0; i < seen.size(); i++) {
            if (!fits(wanted.get(i), seen.get(i))) {
                text.append("\n  on the broker must be ").append(wanted.get(i));
                text.append(", there was ").append(seen.get(i));
            }
        }
        return text.toString();
    }

    private static boolean fits(Json wanted, RabbitTap.Seen seen) {
        boolean body = wanted.field("body").stream().allMatch(one -> fitsBody(one, seen.body()));
        boolean properties =
                wanted.field("properties").stream().allMatch(one -> fitsProperties(one, seen.properties()));
        return body
                && properties
                && seen.exchange().equals(wanted.text("exchange"))
                && seen.routingKey().equals(wanted.text("routing_key"));
    }

    private static boolean fitsBody(Json wanted, String body) {
        return wanted instanceof Json.Struct
                ? body.matches("\\{\"conId\":\"" + wanted.text("conId") + "\",\"data\":" + PairVector.PUSHED + "}")
                : body.equals(Placeholders.expand(wanted.text(), 0));
    }

    private static boolean fitsProperties(Json wanted, AMQP.BasicProperties seen) {
        var headers = seen.getHeaders();
        return wanted.text("content_type").equals(seen.getContentType())
                && wanted.text("content_encoding").equals(seen.getContentEncoding())
                && wanted.text("delivery_mode").equals("" + seen.getDeliveryMode())
                && wanted.text("priority").equals("" + seen.getPriority())
                && (headers == null || headers.isEmpty());
    }

    /** The published keys that are there now: those that the vector sets, and no others. */
    private String keys(List<Json> listed) {
        var text = new StringBuilder();
        var wanted = new TreeSet<String>();
        try (var wire = redis.wire()) {
            for (var one : listed) {
                var key = one.text("key");
                if (one.text("op").equals("SET")) {
                    wanted.add(key);
                    boolean there = wire.call("EXISTS", key).number() == 1;
                    if (!there || !wire.call("GET", key).text().equals(one.text("value"))) {
                        text.append("\n  in Redis must be ").append(one);
                    }
                } else if (one.text("op").equals("EXPIRE")) {
                    long left = wire.call("TTL", key).number();
                    int most = one.whole("seconds", 0);
                    if (left > most || left < most - PASSED_MAX) {
                        text.append("\n  ").append(key).append(" expires in ").append(left);
                    }
                }
            }
            var there = new ArrayList<String>();
            wire.call("KEYS", "*").items().stream()
                    .map(reply -> reply.text())
                    .filter(key -> !key.startsWith("sign-rabbitmq:") && !key.startsWith("message-rabbitmq:"))
                    .forEach(there::add);
            if (!wanted.equals(new TreeSet<>(there))) {
                text.append("\n  in Redis must be ")
                        .append(wanted)
                        .append(", there is ")
                        .append(there);
            }
        }
        return text.toString();
    }

    @Override
    public boolean isEmpty() {
        return nodes.all().stream().allMatch(node -> node.metric("switchboard_sessions") == 0);
    }

    @Override
    public void close() {
        tap.close();
        nodes.close();
    }
}
