package io.switchboard.bridges.rocketmq;

import io.switchboard.backplane.BackplaneProvider.Settings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.rocketmq.acl.common.AclClientRPCHook;
import org.apache.rocketmq.acl.common.SessionCredentials;
import org.apache.rocketmq.client.ClientConfig;
import org.apache.rocketmq.client.exception.MQBrokerException;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.SendCallback;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.remoting.RPCHook;
import org.apache.rocketmq.remoting.exception.RemotingConnectException;
import org.apache.rocketmq.remoting.exception.RemotingException;
import org.apache.rocketmq.remoting.exception.RemotingTooMuchRequestException;
import org.apache.rocketmq.remoting.protocol.ResponseCode;
import org.jspecify.annotations.Nullable;

/**
 * One life of the client: a producer, and a consumer for each topic of the broker, all on the same connections. The
 * client mends its connections by itself, but a link that was down is not used again: the next one goes on with native
 * publications where this one was, unless that is long ago, and listens to published ones from their end. Nobody is
 * told a backlog.
 */
final class Link {
    /** What nodes tell themselves by a ping. */
    static final String PING = "ping";

    private static final String TEMPLATE_TOPIC = "TBW102";
    private static final int API_MILLIS = 3_000;
    private static final int ROUTES_MILLIS = 5_000;
    private static final int HEARTBEAT_MILLIS = 10_000;
    private static final int RETRY_MILLIS = 200;

    private final RocketTarget target;
    private final Names names;
    private final Inbound inbound;
    private final DefaultMQProducer producer;
    private final String instance;
    private final Map<String, MessageQueue> ownQueues = new ConcurrentHashMap<>();
    private final List<MessageQueue> pingQueues = new CopyOnWriteArrayList<>();
    private final List<Listening> listenings = new CopyOnWriteArrayList<>();
    private final AtomicReference<@Nullable String> end = new AtomicReference<>();
    private final Map<MessageQueue, Long> before;
    private final Runnable died;
    private volatile boolean cut;
    private volatile long heardAt;
    private volatile boolean silenced;

    private Link(
            RocketTarget target,
            Settings settings,
            Names names,
            int number,
            Map<MessageQueue, Long> before,
            Inbound inbound,
            Runnable died) {
        this.target = target;
        this.names = names;
        this.inbound = inbound;
        this.before = before;
        this.died = died;
        this.instance = settings.self().node() + "-" + names.incarnation() + "-" + number;
        this.producer = new DefaultMQProducer(names.nativeTopic(), credentials());
    }

    /**
     * Blocks for some round trips; leaves nothing open if it fails.
     *
     * @param before where the link before has been in the queues, unless that is too long ago
     */
    static Link open(
            RocketTarget target,
            Settings settings,
            Names names,
            int number,
            Map<MessageQueue, Long> before,
            Inbound inbound,
            Runnable died)
            throws MQClientException {
        var link = new Link(target, settings, names, number, before, inbound, died);
        try {
            link.startProducer();
            link.listen(new PublishedPlace(names.nativeTopic(), "", true));
            return link;
        } catch (MQClientException | RuntimeException e) {
            link.close();
            throw e;
        }
    }

    @Nullable
    RPCHook credentials() {
        String user = target.servers().user();
        return user.isEmpty()
                ? null
                : new AclClientRPCHook(
                        new SessionCredentials(user, target.servers().password()));
    }

    void configure(ClientConfig client) {
        client.setNamesrvAddr(target.nameServers());
        client.setInstanceName(instance);
        client.setPollNameServerInterval(ROUTES_MILLIS);
        client.setHeartbeatBrokerInterval(HEARTBEAT_MILLIS);
        client.setMqClientApiTimeout(API_MILLIS);
        client.setPullTimeDelayMillsWhenException(RETRY_MILLIS);
        client.setVipChannelEnabled(false);
    }

    private void startProducer() throws MQClientException {
        configure(producer);
        producer.setRetryTimesWhenSendFailed(0);
        producer.setRetryTimesWhenSendAsyncFailed(0);
        producer.setCompressMsgBodyOverHowmuch(Integer.MAX_VALUE);
        producer.setSendMsgTimeout(Bounds.SEND_MILLIS);
        producer.start();
    }

    /** Listens to a topic of the broker from its end, and makes it if it is not there. Blocks. */
    void listen(PublishedPlace place) throws MQClientException {
        var queues = queues(place.name());
        boolean isNative = place.name().equals(names.nativeTopic());
        var listening = Listening.open(this, names, place, queues, isNative ? before : Map.of(), inbound);
        listenings.add(listening);
        var own = queues.get(Math.floorMod(names.self().node().hashCode(), queues.size()));
        ownQueues.put(place.name(), own);
        if (isNative) {
            pingQueues.addAll(onePerBroker(own, queues));
        }
        listening.go();
    }

    private static List<MessageQueue> onePerBroker(MessageQueue own, List<MessageQueue> queues) {
        var ofBroker = new HashMap<String, MessageQueue>();
        ofBroker.put(own.getBrokerName(), own);
        queues.forEach(queue -> ofBroker.putIfAbsent(queue.getBrokerName(), queue));
        return List.copyOf(ofBroker.values());
    }

    /** Those of the topic, which is made if no broker has it. */
    private List<MessageQueue> queues(String topic) throws MQClientException {
        try {
            return presentQueues(topic);
        } catch (MQClientException e) {
            // Only then: making a topic that is there would change its number of queues.
            if (!(e.getCause() instanceof MQClientException absent)
                    || absent.getResponseCode() != ResponseCode.TOPIC_NOT_EXIST) {
                throw e;
            }
            create(topic);
            return presentQueues(topic);
        }
    }

    /** In an order that all nodes agree on. */
    private List<MessageQueue> presentQueues(String topic) throws MQClientException {
        List<MessageQueue> queues = new ArrayList<>(producer.fetchPublishMessageQueues(topic));
        if (queues.isEmpty() || queues.size() > Bounds.QUEUES_MAX) {
            throw new MQClientException(
                    "the topic " + topic + " has " + queues.size() + " queues; give it 1 to " + Bounds.QUEUES_MAX,
                    null);
        }
        Collections.sort(queues);
        return queues;
    }

    @SuppressWarnings("deprecation") // There is no other way without the tools for operators.
    private void create(String topic) throws MQClientException {
        try {
            producer.createTopic(TEMPLATE_TOPIC, topic, Bounds.QUEUES, Map.of());
        } catch (MQClientException e) {
            throw new MQClientException(
                    "no broker has the topic " + topic
                            + " yet, and it could not be made (by hand: mqadmin updateTopic -t " + topic + "): "
                            + Failures.explain(e),
                    null);
        }
    }

    /** Where a topic's queue ends now. */
    @SuppressWarnings("deprecation") // As above.
    long endOf(MessageQueue queue) throws MQClientException {
        return producer.maxOffset(queue);
    }

    /** Where what was stored since then begins. */
    @SuppressWarnings("deprecation") // As above.
    long since(MessageQueue queue, long timeMillis) throws MQClientException {
        return producer.searchOffset(queue, timeMillis);
    }

    /** Takes up queues that have been added. Blocks. */
    void refresh() throws MQClientException {
        for (Listening listening : listenings) {
            listening.refresh(new HashSet<>(presentQueues(listening.topic())));
        }
    }

    /** Sends in one piece, and blocks until the broker has answered. */
    Fate send(String topic, List<Message> messages) {
        MessageQueue queue = ownQueues.get(topic);
        if (queue == null) {
            // Nobody here listens to it: the place is looked up for the sake of sending alone.
            try {
                var queues = queues(topic);
                queue = queues.get(Math.floorMod(names.self().node().hashCode(), queues.size()));
                ownQueues.put(topic, queue);
            } catch (MQClientException _absent) {
                return Fate.UNWRITTEN;
            }
        }
        try {
            if (messages.size() == 1) {
                producer.send(messages.getFirst(), queue, Bounds.SEND_MILLIS);
            } else {
                producer.send(messages, queue, Bounds.SEND_MILLIS);
            }
            return Fate.ACCEPTED;
        } catch (MQBrokerException e) {
            return refusal(e.getResponseCode());
        } catch (RemotingConnectException | RemotingTooMuchRequestException | MQClientException _unsent) {
            return Fate.UNWRITTEN;
        } catch (RemotingException e) {
            return Fate.UNKNOWN;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Fate.UNKNOWN;
        }
    }

    /**
     * It is down: what it still hears of published topics would come after what is delivered here from now on. Once
     * this returns, nothing of that is under way any more.
     */
    void fallSilent() {
        inbound.silence(this);
    }

    /** As {@link #fallSilent} wants it. */
    void silence() {
        silenced = true;
    }

    boolean isSilenced() {
        return silenced;
    }

    /** Its pings have come back over all brokers. */
    void heard(long at) {
        heardAt = at;
    }

    /** When that was last so. */
    long heardAt() {
        return heardAt;
    }

    /** Whether a connection to a broker has broken since this link was opened. */
    boolean wasCut() {
        return cut;
    }

    private static Fate refusal(int code) {
        return switch (code) {
            case ResponseCode.SYSTEM_BUSY, ResponseCode.FLOW_CONTROL -> Fate.BUSY;
            case ResponseCode.NO_PERMISSION,
                    ResponseCode.TOPIC_NOT_EXIST,
                    ResponseCode.MESSAGE_ILLEGAL,
                    ResponseCode.SERVICE_NOT_AVAILABLE -> Fate.REFUSED;
            default -> Fate.UNKNOWN;
        };
    }

    /** Names of the brokers that are to carry pings. */
    List<String> brokers() {
        return pingQueues.stream().map(MessageQueue::getBrokerName).toList();
    }

    /** Has every broker bring this number back. Does not wait. */
    void ping(long number) {
        for (MessageQueue queue : pingQueues) {
            var ping = new Message(names.nativeTopic(), names.nodeTag(), new byte[] {'p'});
            ping.putUserProperty(PING, names.incarnation() + ":" + number);
            try {
                producer.send(ping, queue, pinged, Bounds.SEND_MILLIS);
            } catch (MQClientException | RemotingException | RuntimeException e) {
                // Then it does not come back, which is noticed.
                pinged.onException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private final SendCallback pinged = new SendCallback() {
        @Override
        public void onSuccess(SendResult result) {
            // What counts is that it comes back.
        }

        @Override
        public void onException(Throwable e) {
            if (!Failures.isSlowness(e)) {
                cut = true;
            }
        }
    };

    boolean isAlive() {
        return end.get() == null;
    }

    /** Why it has ended; empty while it has not. */
    String why() {
        String why = end.get();
        return why == null ? "" : why;
    }

    /** It cannot be used any more. From any thread; does not block. */
    void die(String why) {
        if (end.compareAndSet(null, why)) {
            died.run();
        }
    }

    /** Hands on nothing more; gives where its successor is to go on. */
    Map<MessageQueue, Long> end() {
        var positions = new HashMap<MessageQueue, Long>();
        listenings.forEach(listening -> positions.putAll(listening.end()));
        return positions;
    }

    /** Ends the client and its threads. Returns at once: the client says farewell to brokers that may be gone. */
    void close() {
        end.compareAndSet(null, "closed");
        RocketBackplane.thread("end").start(() -> {
            listenings.forEach(Listening::close);
            producer.shutdown();
        });
    }
}
