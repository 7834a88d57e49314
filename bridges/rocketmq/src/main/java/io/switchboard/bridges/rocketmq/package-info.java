/** The backplane on RocketMQ: every node pulls one topic of the cluster from its end and keeps no offsets. */
@NullMarked
package io.switchboard.bridges.rocketmq;

import org.jspecify.annotations.NullMarked;
