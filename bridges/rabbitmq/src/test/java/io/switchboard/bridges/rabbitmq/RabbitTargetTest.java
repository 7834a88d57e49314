package io.switchboard.bridges.rabbitmq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.backplane.Address;
import io.switchboard.backplane.Authority;
import io.switchboard.message.Origin;
import java.util.List;
import org.junit.jupiter.api.Test;

class RabbitTargetTest {
    private static RabbitTarget target(boolean tls, String vhost, String user, String password, Address... at) {
        return new RabbitTarget(new Authority(user, password, List.of(at)), tls, vhost);
    }

    @Test
    void allFormsAreUnderstood() {
        assertEquals(target(false, "/", "", "", new Address("h", 5672)), RabbitTarget.parse("amqp://h"));
        assertEquals(target(false, "/", "", "", new Address("h", 5672)), RabbitTarget.parse("amqp://h/"));
        assertEquals(
                target(true, "a/b", "bob", "p@ss:w+rd", new Address("h", 5671), new Address("::1", 9)),
                RabbitTarget.parse("amqps://bob:p%40ss%3Aw+rd@h,[::1]:9/a%2Fb"));
        assertEquals(target(false, "/", "u", "p", new Address("h", 1)), RabbitTarget.parse("amqp://u:p@h:1/%2f"));
    }

    @Test
    void whatIsWrongIsSaidWithoutTheSecret() {
        for (String wrong : List.of(
                "",
                "h:5672",
                "redis://:geheim@h",
                "amqp://",
                "amqp://:geheim@",
                "amqp://u:geheim@h:70000",
                "amqp://geheim@h",
                "amqp://u:geheim %@h",
                "amqp://u:geheim@h,,i",
                "amqp://u:geheim@h/a/b",
                "amqp://u:geheim@h/a?heartbeat=5")) {
            var refused = assertThrows(IllegalArgumentException.class, () -> RabbitTarget.parse(wrong), wrong);
            String text = String.valueOf(refused.getMessage());
            assertTrue(text.contains("amqp://"), text);
            assertFalse(text.contains("geheim"), text);
        }
        assertFalse(RabbitTarget.parse("amqp://u:geheim@h").toString().contains("geheim"));
    }

    @Test
    void namesThatRabbitMqKeepsToItselfOrCannotHoldAreRefused() {
        var self = new Origin("n1", 255);
        assertEquals("board.n1.ff", Names.of("board", self).queue());
        assertThrows(IllegalArgumentException.class, () -> Names.of("amq", self));
        var longName = new Origin("n".repeat(250), 1);
        assertThrows(IllegalArgumentException.class, () -> Names.of("board", longName));
    }
}
