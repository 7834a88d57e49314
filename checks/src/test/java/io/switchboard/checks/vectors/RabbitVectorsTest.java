package io.switchboard.checks.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.AMQP;
import io.switchboard.checks.client.Await;
import io.switchboard.checks.components.RabbitServer;
import io.switchboard.checks.components.RedisServer;
import io.switchboard.checks.published.RabbitPair;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/** Every vector of the two published designs on RabbitMQ: two node processes each, real RabbitMQ, real Redis. */
@Tag("component")
@Tag("node")
class RabbitVectorsTest {
    private static final String SIGN_EXCHANGE = "saas.reltimewsmes.exchange";
    private static final String MESSAGE_EXCHANGE = "PUBLISH_SUBSCRIBE_EXCHANGE";
    private static RabbitServer rabbit;
    private static RedisServer redis;
    private static RabbitGround signs;
    private static RabbitGround messages;

    @BeforeAll
    static void start() {
        rabbit = RabbitServer.start();
        redis = RedisServer.start();
        var first = CompletableFuture.supplyAsync(() -> pair("sign-rabbitmq"));
        var second = CompletableFuture.supplyAsync(() -> pair("message-rabbitmq"));
        signs = new RabbitGround(
                rabbit, redis, first.join(), SIGN_EXCHANGE, sign -> "{\"conId\":\"" + sign + "\",\"data\":\"FENCE\"}");
        messages = new RabbitGround(rabbit, redis, second.join(), MESSAGE_EXCHANGE, ignored -> "FENCE");
    }

    private static RabbitPair pair(String preset) {
        return RabbitPair.start(rabbit, redis, preset, settings -> settings.with("backplane.queue_expires", "3s"));
    }

    @AfterAll
    static void stop() {
        signs.close();
        messages.close();
        redis.close();
        rabbit.close();
    }

    @TestFactory
    Stream<DynamicTest> signRabbitmq() {
        return VectorFile.raw("sign-rabbitmq").stream().map(vector -> test(vector, new PairVector(signs, vector)::run));
    }

    @TestFactory
    Stream<DynamicTest> rabbitFanout() {
        Map<String, Executable> special = Map.of(
                "topology", RabbitVectorsTest::topology,
                "dead_node_queue", RabbitVectorsTest::deadNodeQueue,
                "foreign_publisher", RabbitVectorsTest::foreignPublisher,
                "broker_down", RabbitVectorsTest::brokerDown);
        return VectorFile.raw("rabbit-fanout").stream()
                .map(vector -> test(vector, special.getOrDefault(vector.text("name"), message(vector))));
    }

    private static DynamicTest test(Json vector, Executable play) {
        return DynamicTest.dynamicTest(vector.text("name"), play);
    }

    private static Executable message(Json vector) {
        return new PairVector(messages, vector)::run;
    }

    private static Json vector(String name) {
        return VectorFile.raw("rabbit-fanout").stream()
                .filter(vector -> vector.text("name").equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** The exchange is the published one, and what published nodes bind to it is welcome beside our queues. */
    private static void topology() throws IOException {
        var exchanges = rabbit.control("list_exchanges", "name", "type", "durable", "auto_delete");
        assertTrue(exchanges.contains(MESSAGE_EXCHANGE + "\tfanout\ttrue\tfalse"), exchanges);
        var channel = messages.tap().channel();
        var queue = "ps_192.0.2.2_28080";
        channel.queueDeclare(queue, true, false, false, Map.of());
        channel.queueBind(queue, MESSAGE_EXCHANGE, "");
        List<String> ours;
        try (var anna = messages.nodes().onA("/message");
                var ben = messages.nodes().onB("/message")) {
            anna.sendText("for the old ones as well");
            anna.awaitText("for the old ones as well");
            ben.awaitText("for the old ones as well");
            Await.until("the published node's queue to have it", () -> channel.messageCount(queue) == 1);
            ours = rabbit.control("list_bindings", "source_name", "destination_name", "routing_key")
                    .lines()
                    .filter(line -> line.startsWith(MESSAGE_EXCHANGE + "\tmessage-rabbitmq."))
                    .toList();
        } finally {
            channel.queueDelete(queue);
        }
        assertEquals(2, ours.size(), ours::toString);
        assertTrue(ours.stream().allMatch(line -> line.endsWith("\t")), "an empty routing key");
    }

    private static void deadNodeQueue() {
        messages.nodes().nodeB().kill9();
        try (var anna = messages.nodes().onA("/message")) {
            for (int i = 0; i < 50; i++) {
                anna.sendText("while B was dead " + i);
            }
            for (int i = 0; i < 50; i++) {
                anna.awaitText("while B was dead " + i);
            }
            messages.nodes().startAgainB();
            messages.nodes().awaitLinks(true);
            try (var ben = messages.nodes().onB("/message")) {
                anna.sendText("now");
                ben.awaitText("now");
                ben.expectNothingMore();
            }
        }
        Await.until(
                "the dead one's queue to be gone",
                () -> queues("message-rabbitmq.B").size() == 1);
    }

    private static List<String> queues(String prefix) {
        return rabbit.control("list_queues", "name")
                .lines()
                .filter(name -> name.startsWith(prefix) && !name.endsWith(".sender"))
                .toList();
    }

    private static void foreignPublisher() throws Throwable {
        message(vector("foreign_publisher")).execute();
        try (var anna = messages.nodes().onA("/message")) {
            for (var type : List.of("text/plain", "application/json", "application/octet-stream")) {
                var properties =
                        new AMQP.BasicProperties.Builder().contentType(type).build();
                messages.tap().publish(MESSAGE_EXCHANGE, properties, "{\"as\":\"it is\"}");
                anna.awaitText("{\"as\":\"it is\"}");
            }
        }
    }

    private static void brokerDown() throws Throwable {
        try {
            message(vector("broker_down")).execute();
        } finally {
            messages.startBroker();
        }
        messages.nodes().verifyLive();
        try (var anna = messages.nodes().onA("/message");
                var ben = messages.nodes().onB("/message")) {
            anna.sendText("back");
            anna.awaitText("back");
            ben.awaitText("back");
        }
        assertFalse(queues("message-rabbitmq.A").isEmpty());
    }
}
