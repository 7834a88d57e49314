package io.switchboard.hub;

import io.switchboard.backplane.Backplane;
import io.switchboard.directory.Directory;
import io.switchboard.directory.Groups;
import io.switchboard.directory.LoginRules;
import io.switchboard.directory.Presence;
import io.switchboard.log.Log;
import io.switchboard.loop.Loop;
import io.switchboard.message.Exclusion;
import io.switchboard.message.Fields;
import io.switchboard.message.Message;
import io.switchboard.message.Origin;
import io.switchboard.message.Publication;
import io.switchboard.message.Sender;
import io.switchboard.message.Topic;
import io.switchboard.metrics.Meters;
import io.switchboard.protocol.CloseReason;
import io.switchboard.protocol.Conversation;
import io.switchboard.protocol.Instruction;
import io.switchboard.protocol.Namespace;
import io.switchboard.protocol.RevokedTokens;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All sessions of a node and what they listen to, in one {@link Shard} for each event loop, and the node's end of the
 * backplane. Safe from any thread: work goes to the shard it belongs to.
 */
public final class Hub implements Backplane.Listener {
    private static final System.Logger LOG = System.getLogger(Hub.class.getName());

    /** What a hub is made of. */
    public record Parts(
            Origin origin,
            List<Loop> loops,
            Backplane backplane,
            Log log,
            Optional<Directory> directory,
            LoginRules logins,
            Namespaces namespaces,
            Limits limits,
            Handler handler,
            Authenticator authenticator,
            boolean closeOnGap,
            Meters meters) {}

    final Origin origin;
    final Backplane backplane;
    final boolean hasDirectory;
    final Control control;
    final Uplinks uplinks;
    final Instructions instructions;
    final Inquiries inquiries;
    final Revoking revoking;
    final Logins logins;
    final Namespaces namespaces;
    final Limits limits;
    final Handler handler;
    final Authenticator authenticator;
    final boolean hasHandler;
    final boolean closeOnGap;
    final Interests interests;
    final KnownTopics known;
    final Commands commands;
    final History history;
    final Entry entry;
    final Bindings bindings;
    final Attendance attendance;
    final LongAdder sessions = new LongAdder();
    final Quota addresses;
    final Quota users;
    final LongAdder delivered;
    final SlowMeters slowMeters;
    final LongAdder gaps;
    final LongAdder fences;
    final LongAdder notSent;
    final LongAdder maybeSent;
    final LongAdder admitted;
    final LongAdder degraded;
    final LongAdder refused;
    volatile boolean draining;

    private final Shard[] shards;
    private volatile boolean wasDown;
    private final LongAdder receivedCount;

    public Hub(Parts parts) {
        origin = parts.origin();
        backplane = parts.backplane();
        hasDirectory = parts.directory().isPresent();
        namespaces = parts.namespaces();
        limits = parts.limits();
        handler = parts.handler();
        authenticator = parts.authenticator();
        hasHandler = !handler.equals(Handler.NONE);
        closeOnGap = parts.closeOnGap();
        interests = new Interests(
                this, limits.subscribeTimeout().toMillis(), parts.loops().size());
        known = new KnownTopics(limits.knownTopics());
        addresses = new Quota(limits.sessionsPerAddress());
        users = new Quota(limits.sessionsPerUser());
        Meters meters = parts.meters();
        history = new History(this, parts.log(), meters);
        delivered = meters.counter("switchboard.delivered", "Messages handed to a session's outlet");
        slowMeters = new SlowMeters(meters);
        gaps = meters.counter("switchboard.gaps", "Times messages may have been missed because the link was down");
        fences = meters.counter("switchboard.fences", "Times a loop slept past half the lease and renewed it");
        notSent = meters.counter("switchboard.publish.refused", "Clients' messages certainly not sent to other nodes");
        maybeSent = meters.counter("switchboard.publish.unknown", "Clients' messages perhaps not sent to other nodes");
        admitted = meters.counter("switchboard.admitted", "Sessions admitted");
        degraded = meters.counter("switchboard.admitted.degraded", "Of those, without the broker's confirmation");
        refused = meters.counter("switchboard.admission.refused", "Connections refused");
        receivedCount = meters.counter("switchboard.received", "Publications received from other nodes");
        meters.gauge("switchboard.sessions", "Sessions on this node", sessions::sum);
        meters.gauge("switchboard.topics", "Topics with listeners on this node", interests::size);
        commands = new Commands(this, meters);
        entry = new Entry(this);
        bindings = new Bindings(this);
        attendance = new Attendance(
                this,
                parts.directory().map(directory -> directory.presence(origin)).orElseGet(Presence::local),
                meters);
        control = new Control(this, meters);
        uplinks = new Uplinks(this);
        instructions = new Instructions(this, meters);
        inquiries = new Inquiries(this);
        revoking = new Revoking(this, parts.directory().orElseGet(Directory::local));
        logins = new Logins(this, parts.directory().orElse(null), parts.logins(), meters);
        int count = parts.loops().size();
        if (count < 1 || count > Long.SIZE) {
            throw new IllegalArgumentException("a node has 1 to 64 event loops, not " + count);
        }
        shards = new Shard[count];
        for (int i = 0; i < count; i++) {
            shards[i] = new Shard(this, i, count, parts.loops().get(i));
        }
    }

    Shard shard(int index) {
        return shards[index];
    }

    int shardCount() {
        return shards.length;
    }

    /** Begins to listen to other nodes, and to show them that this one lives. */
    public void open() {
        history.open();
        control.open();
        if (hasDirectory) {
            logins.open();
            for (Shard shard : shards) {
                shard.fence.watch(logins.leaseNanos() / 2);
            }
        }
    }

    /** Ends what {@link #open} began. */
    public void close() {
        control.close();
        logins.close();
        history.close();
    }

    /** The shard whose loop owns the topic's interest. */
    Shard home(Topic topic) {
        int hash = topic.hashCode();
        return shards[Math.floorMod(hash ^ hash >>> 16, shards.length)];
    }

    /** The rules of a topic's namespace. */
    public Namespace namespace(Topic topic) {
        return namespaces.of(topic);
    }

    public long sessionCount() {
        return sessions.sum();
    }

    // From the transport, on the loop of that index

    /** A connection asks to become a session; it is answered by {@link Arrival#admitted} or {@link Arrival#refused}. */
    public void connect(int loop, Arrival arrival) {
        new Admission(this, shards[loop], arrival).start();
    }

    /** A whole message of a client; TEXT has been checked to be UTF-8. The buffer is read during the call only. */
    public void message(Session session, Message.Kind kind, ByteBuffer content) {
        session.shard.message(session, kind, content);
    }

    /** The connection is gone. Idempotent. */
    public void disconnected(Session session) {
        if (!session.closed) {
            session.shard.forget(session);
            Admission.leave(this, session);
        }
    }

    /** The session's outlet, which was pressed or had to refuse something, has drained. Not from within an offer. */
    public void drained(Session session) {
        session.shard.pressed.drained(session);
    }

    // Publishing

    /** Numbered by the loop that will send it, in the order it will send: receivers rely on it. */
    Publication publication(
            Shard at, Topic topic, Message message, Sender sender, Exclusion exclusion, boolean notice, Fields fields) {
        return new Publication(
                Publication.Kind.MESSAGE,
                topic,
                message,
                sender,
                exclusion,
                notice,
                at.millis(),
                origin,
                at.nextSequence(),
                null,
                fields);
    }

    /** From the application, on any thread. The order of one thread's publications to a topic is kept. */
    public CompletionStage<Outcome> publish(
            Topic topic, Message message, Sender sender, Exclusion exclusion, PublishOptions options) {
        var result = new CompletableFuture<Outcome>();
        Shard home = home(topic);
        home.loop.execute(() -> Delivery.counted(
                home, publication(home, topic, message, sender, exclusion, false, options.fields()), options, result));
        return result;
    }

    public CompletionStage<Outcome> publish(Topic topic, Message message, Sender sender, Exclusion exclusion) {
        return publish(topic, message, sender, exclusion, PublishOptions.NONE);
    }

    /** Completes when the log answers for the first time. */
    public CompletableFuture<Void> historyLinked() {
        return history.linked.copy();
    }

    /** Whether the log answers now. */
    public boolean isHistoryUp() {
        return history.isUp();
    }

    /** Reads what is kept of a topic. Fails where nothing is, or the log does not answer. From any thread. */
    public CompletionStage<Conversation.History> history(Topic topic, Conversation.HistoryQuery query) {
        return history.history(topic, query);
    }

    /** Forgets what is kept of a topic; its positions go on. From any thread. */
    public CompletionStage<Void> removeHistory(Topic topic) {
        return history.remove(topic);
    }

    // Which way: the log has topics with history, the backplane all others

    CompletionStage<Void> subscribe(Topic topic) {
        return history.keeps(topic) ? history.subscribe(topic) : backplane.subscribe(topic);
    }

    void unsubscribe(Topic topic) {
        if (history.keeps(topic)) {
            history.unsubscribe(topic);
        } else {
            backplane.unsubscribe(topic);
        }
    }

    boolean isUp(Topic topic) {
        return history.keeps(topic) ? history.isUp() : backplane.isUp(topic);
    }

    // From the backplane, on any thread

    @Override
    public void received(List<Publication> batch) {
        receivedCount.add(batch.size());
        spread(batch);
    }

    /** To the shards that have listeners. From any thread. */
    void spread(List<Publication> batch) {
        Shard current = Shard.current();
        if (current != null && current.hub == this && current.loop.isCurrent()) {
            for (int i = 0; i < batch.size(); i++) {
                deliver(current, batch.get(i));
            }
            return;
        }
        for (Publication publication : batch) {
            if (publication.kind() == Publication.Kind.CONTROL) {
                control.received(publication);
            }
        }
        // Not one of our threads: each shard gets its part in one task.
        List<List<Publication>> parts = new ArrayList<>();
        for (Shard shard : shards) {
            long bit = 1L << shard.index;
            parts.add(batch.stream()
                    .filter(publication -> publication.kind() != Publication.Kind.CONTROL
                            && (interests.shardsOf(publication.topic()) & bit) != 0)
                    .toList());
        }
        for (Shard shard : shards) {
            if (!parts.get(shard.index).isEmpty()) {
                shard.post(parts.get(shard.index));
            }
        }
    }

    private void deliver(Shard current, Publication publication) {
        switch (publication.kind()) {
            case MESSAGE, JOIN, LEAVE -> current.spread(publication);
            case CONTROL -> control.received(publication);
        }
    }

    @Override
    public void linkUp() {
        // Before the first time it was not up either: whoever came in meanwhile may have missed something.
        if (wasDown || sessionCount() > 0) {
            wasDown = false;
            LOG.log(System.Logger.Level.INFO, "link to other nodes is up after all");
            gaps.increment();
            guarded(() -> handler.onGap());
            logins.settleSoon();
            for (Shard shard : shards) {
                shard.run(shard::afterGap);
            }
        }
    }

    /** The application's callbacks may fail; nothing of ours may fail with them. */
    static void guarded(Runnable callback) {
        try {
            callback.run();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "the application's handler failed", e);
        }
    }

    @Override
    public void linkDown(String why) {
        if (!draining) {
            LOG.log(System.Logger.Level.WARNING, "link to other nodes is down: {0}", why);
        }
        wasDown = true;
    }

    /** Has something done with sessions, wherever they are. From any thread. */
    public CompletionStage<Reached> instruct(Whom whom, Instruction instruction) {
        return instructions.instruct(whom, instruction);
    }

    /**
     * Closes sessions on whichever node they are, and lets nobody in any more with the token that is meant, or with any
     * of the user that was made before now.
     */
    public CompletionStage<Reached> revoke(Whom whom, CloseReason reason) {
        return revoking.revoke(whom, reason);
    }

    /**
     * Where what is revoked on any node shall be remembered. Completes when what the directory keeps is there as well,
     * for which it is asked until it answers: before that a revoked token may be believed.
     */
    public CompletionStage<Void> rememberRevoked(RevokedTokens list) {
        return revoking.tell(list);
    }

    /** What all nodes know together. */
    public Inquiries inquiries() {
        return inquiries;
    }

    /** Who listens to a topic, on all nodes. */
    public Attendance attendance() {
        return attendance;
    }

    /** Does something on each loop, one after another, and goes on with what that came to. From any thread. */
    <T> CompletionStage<T> overShards(T gathered, Consumer<Shard> action) {
        var done = new CompletableFuture<T>();
        overShards(0, gathered, action, done);
        return done;
    }

    private <T> void overShards(int index, T gathered, Consumer<Shard> action, CompletableFuture<T> done) {
        if (index == shards.length) {
            done.complete(gathered);
            return;
        }
        shards[index].run(() -> {
            try {
                action.accept(shards[index]);
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
                return;
            }
            overShards(index + 1, gathered, action, done);
        });
    }

    /** Ways in for clients that speak over requests of their own. */
    public Uplinks uplinks() {
        return uplinks;
    }

    // Sessions by id

    /**
     * Runs the action with the session on its loop, with null if it is gone. From any thread, with any text as id;
     * false, and without running anything, if the id is not one of this node's.
     */
    boolean withSession(String id, Consumer<@Nullable Session> action) {
        int shard = SessionId.shard(id, origin);
        if (shard < 0 || shard >= shards.length) {
            return false;
        }
        shards[shard].run(() -> action.accept(shards[shard].session(id)));
        return true;
    }

    /** Tells a session the reason and closes it. From any thread; false if the id is not one of this node's. */
    public boolean close(String sessionId, CloseReason reason) {
        return withSession(sessionId, session -> {
            if (session != null) {
                session.close(reason);
            }
        });
    }

    /** What a user belongs to has changed: each of its sessions that this concerns asks again. From any thread. */
    public void membershipsChanged(String user) {
        for (Shard shard : shards) {
            shard.run(() -> List.copyOf(shard.ofUser(user)).forEach(session -> {
                Belonging belonging = session.belonging;
                if (belonging != null) {
                    belonging.refresh();
                }
            }));
        }
    }

    /** Anybody's may have changed: each session that belongs to something asks again. From any thread. */
    public void membershipsChanged() {
        for (Shard shard : shards) {
            shard.run(() -> shard.sessions.forEach(session -> {
                Belonging belonging = session.belonging;
                if (belonging != null) {
                    belonging.refresh();
                }
            }));
        }
    }

    /** Member lists in that store; sessions follow their changes, and all nodes are told of those made here. */
    public Groups groups(Groups store) {
        return new SharedGroups(this, store);
    }

    // Draining

    /**
     * Refuses new sessions and closes those there are, spread over the given time; completes when all are gone. What
     * was taken for a session is sent before it is closed.
     */
    public CompletionStage<Void> drain(long spreadMillis) {
        draining = true;
        var done = new CompletableFuture<Void>();
        var left = new AtomicInteger(shards.length);
        for (Shard shard : shards) {
            var pace = new DrainPace(shard, spreadMillis, () -> {
                if (left.decrementAndGet() == 0) {
                    control.bye();
                    done.complete(null);
                }
            });
            shard.run(pace);
        }
        return done;
    }

    public boolean isDraining() {
        return draining;
    }
}
