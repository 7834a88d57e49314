/** The backplane on RabbitMQ: one queue per node, bound to what the node listens to; publisher confirms. */
@NullMarked
package io.switchboard.bridges.rabbitmq;

import org.jspecify.annotations.NullMarked;
