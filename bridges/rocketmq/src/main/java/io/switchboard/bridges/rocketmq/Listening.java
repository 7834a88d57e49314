package io.switchboard.bridges.rocketmq;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.rocketmq.client.consumer.DefaultLitePullConsumer;
import org.apache.rocketmq.client.consumer.store.OffsetStore;
import org.apache.rocketmq.client.consumer.store.ReadOffsetType;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageQueue;

/**
 * Pulls all queues of one topic of the broker, from where they ended when it began or where the link before has been,
 * on a thread of its own.
 */
final class Listening implements Runnable {
    private static final int POLL_MILLIS = 1_000;
    /** A queue that was added may have been written to before it was noticed. */
    private static final long NOTICED_MILLIS = 40_000;
    /** Queues that may be added before the client runs out of threads. */
    private static final int SPARE_QUEUES = 4;
    /**
     * How long the broker may hold a pull that finds nothing; it looks every 5 s whether that is over. The client has
     * been seen to lose sight of pulls on a connection that was cut: then the queue is deaf until they time out.
     */
    private static final int HOLD_MILLIS = 3_000;

    private static final int PULL_MILLIS = 12_000;

    private final Link link;
    private final PublishedPlace place;
    private final Inbound inbound;
    private final DefaultLitePullConsumer consumer;
    private final Starts starts = new Starts();
    private final Set<MessageQueue> assigned = new HashSet<>();
    private final Map<MessageQueue, Long> positions = new HashMap<>();
    private final int queuesMax;
    private volatile boolean closed;

    private Listening(Link link, Names names, PublishedPlace place, int queues, Inbound inbound) {
        this.link = link;
        this.place = place;
        this.inbound = inbound;
        this.queuesMax = queues + SPARE_QUEUES;
        this.consumer = new DefaultLitePullConsumer(names.group(place.name()), link.credentials()) {
            @Override
            public long getBrokerSuspendMaxTimeMillis() {
                return HOLD_MILLIS;
            }
        };
        consumer.setConsumerTimeoutMillisWhenSuspend(PULL_MILLIS);
        link.configure(consumer);
        // The client's thread waits at the broker for each queue.
        consumer.setPullThreadNums(queuesMax);
        consumer.setAutoCommit(false);
        consumer.setOffsetStore(starts);
        consumer.setPullBatchSize(Bounds.PULL_COUNT);
        consumer.setPullThresholdForQueue(Bounds.CACHED_COUNT);
        consumer.setPullThresholdSizeForQueue(Bounds.CACHED_MIB);
        consumer.setSubExpressionForAssign(place.name(), place.expression(names));
    }

    /**
     * When this returns, nothing put into these queues from now on will be missed. Blocks.
     *
     * @param before where to go on; queues that are not there begin at their ends
     */
    static Listening open(
            Link link,
            Names names,
            PublishedPlace place,
            List<MessageQueue> queues,
            Map<MessageQueue, Long> before,
            Inbound inbound)
            throws MQClientException {
        var listening = new Listening(link, names, place, queues.size(), inbound);
        try {
            listening.consumer.start();
            for (MessageQueue queue : queues) {
                Long position = before.get(queue);
                listening.begin(queue, position == null ? link.endOf(queue) : position);
            }
            listening.assign(new HashSet<>(queues));
            return listening;
        } catch (MQClientException | RuntimeException e) {
            listening.close();
            throw e;
        }
    }

    private synchronized void begin(MessageQueue queue, long offset) {
        starts.put(queue, offset);
        positions.put(queue, offset);
    }

    private synchronized void assign(Set<MessageQueue> queues) {
        assigned.addAll(queues);
        consumer.assign(Set.copyOf(assigned));
    }

    String topic() {
        return place.name();
    }

    /** Takes up queues that were not there before; those of a broker that is away stay. Blocks. */
    synchronized void refresh(Set<MessageQueue> present) throws MQClientException {
        var added = new HashSet<>(present);
        added.removeAll(assigned);
        if (added.isEmpty()) {
            return;
        }
        if (assigned.size() + added.size() > queuesMax) {
            link.die("the topic " + place.name() + " has got many more queues");
            return;
        }
        long since = System.currentTimeMillis() - NOTICED_MILLIS;
        for (MessageQueue queue : added) {
            begin(queue, link.since(queue, since));
        }
        assign(added);
    }

    void go() {
        RocketBackplane.thread("in").start(this);
    }

    @Override
    public void run() {
        while (!closed) {
            List<MessageExt> messages;
            try {
                messages = consumer.poll(POLL_MILLIS);
            } catch (IllegalStateException | IllegalArgumentException e) {
                link.die("the client has stopped listening: " + Failures.explain(e));
                return;
            }
            if (!messages.isEmpty()) {
                handOn(messages);
            }
        }
    }

    private synchronized void handOn(List<MessageExt> messages) {
        if (!closed && inbound.heard(link, place, messages)) {
            for (MessageExt message : messages) {
                positions.put(
                        new MessageQueue(message.getTopic(), message.getBrokerName(), message.getQueueId()),
                        message.getQueueOffset() + 1);
            }
        }
    }

    /** Hands on nothing more; gives where whoever comes after it is to go on. */
    synchronized Map<MessageQueue, Long> end() {
        closed = true;
        return Map.copyOf(positions);
    }

    void close() {
        closed = true;
        consumer.shutdown();
    }

    /** Where queues begin for this node. Nothing is ever kept: not here, and not on the broker. */
    private static final class Starts implements OffsetStore {
        private final Map<MessageQueue, Long> offsets = new ConcurrentHashMap<>();

        void put(MessageQueue queue, long offset) {
            offsets.put(queue, offset);
        }

        @Override
        public long readOffset(MessageQueue queue, ReadOffsetType type) {
            return offsets.getOrDefault(queue, -1L);
        }

        @Override
        public Map<MessageQueue, Long> cloneOffsetTable(String topic) {
            return new HashMap<>();
        }

        @Override
        public void load() {}

        @Override
        public void updateOffset(MessageQueue queue, long offset, boolean increaseOnly) {}

        @Override
        public void updateAndFreezeOffset(MessageQueue queue, long offset) {}

        @Override
        public void persistAll(Set<MessageQueue> queues) {}

        @Override
        public void persist(MessageQueue queue) {}

        @Override
        public void removeOffset(MessageQueue queue) {}

        @Override
        public void updateConsumeOffsetToBroker(MessageQueue queue, long offset, boolean isOneway) {}
    }
}
