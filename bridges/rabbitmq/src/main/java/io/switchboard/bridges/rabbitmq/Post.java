package io.switchboard.bridges.rabbitmq;

import com.rabbitmq.client.AMQP;
import io.switchboard.backplane.Outgoing;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One message as RabbitMQ wants it.
 *
 * @param outgoing null for a ping
 * @param published null for what is native
 * @param mandatory whether it is to come back if no queue takes it
 */
record Post(
        @Nullable Outgoing outgoing,
        @Nullable PublishedExchange published,
        String exchange,
        String key,
        boolean mandatory,
        AMQP.BasicProperties properties,
        ByteBuffer body) {}
