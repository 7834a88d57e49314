package io.switchboard.hub;

import io.switchboard.backplane.Outgoing;
import io.switchboard.backplane.RepeatFilter;
import io.switchboard.loop.Loop;
import io.switchboard.message.Message;
import io.switchboard.message.Publication;
import io.switchboard.message.Topic;
import io.switchboard.protocol.CloseReason;
import io.switchboard.protocol.Command;
import io.switchboard.protocol.Endpoint;
import io.switchboard.protocol.Event;
import io.switchboard.protocol.Namespace;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The part of the hub that one event loop owns. There is no lock here, no volatile, no concurrent collection:
 * everything but {@link #run} and {@link #post} happens on the loop.
 *
 * <p>Work is gathered during a turn of the loop and done once at its end ({@link #turn}): publications for other shards
 * go over in one task each, those for other nodes in one batch; frames for one session alone become one send; what was
 * published to a topic is encoded once for each lane and becomes one send per listener ({@link FanOut}). No timer is
 * involved: an idle node delivers at once, a busy one does less work per message.
 */
final class Shard {
    private static final System.Logger LOG = System.getLogger(Shard.class.getName());
    /** A long turn looks for more input before it begins: once for each so many sends, which costs it a percent. */
    private static final int SENDS_PER_LOOK = 128;

    private static final int LOOKS_MAX = 8;
    /** With so many publications at hand a turn begins whatever else may come. */
    private static final int ENOUGH = 256;

    private static final ThreadLocal<@Nullable Shard> CURRENT = new ThreadLocal<>();

    final Hub hub;
    final int index;
    final Loop loop;
    final SessionTable sessions = new SessionTable();
    final PressedSessions pressed;
    final Attendees attendees = new Attendees(this);
    final Fence fence;
    final Tracks tracks;
    private final Map<Topic, Members> topics = new HashMap<>();
    private final FanOut fanOut;
    private final Consumer<Command> commands;
    private @Nullable Session commanding;

    private final List<Members> published = new ArrayList<>();
    private final List<Session> withOwnFrames = new ArrayList<>();
    private final @Nullable List<Publication>[] toShards;
    private List<Outgoing> toBackplane = new ArrayList<>();
    private boolean turnAhead;
    private final Runnable turn = this::turn;

    /** What the turn ahead has to do, and what it had when it last looked for more input. */
    private int sendsAhead;

    private int accepted;
    private int acceptedBefore;
    private int looks;
    private boolean clockRead;
    private long nanos;
    private long millis;
    private long sequence;

    @SuppressWarnings({"unchecked", "rawtypes"}) // An array of lists has no generic form.
    Shard(Hub hub, int index, int count, Loop loop) {
        this.hub = hub;
        this.index = index;
        this.loop = loop;
        this.toShards = new List[count];
        this.fanOut = new FanOut(this);
        this.pressed = new PressedSessions(this);
        this.fence = new Fence(this);
        this.tracks = new Tracks(this);
        this.commands = command -> {
            Session session = commanding;
            if (session != null) {
                hub.commands.accept(session, command);
            }
        };
        loop.execute(() -> CURRENT.set(this));
    }

    /** The shard whose loop is running this thread, of whichever hub. */
    static @Nullable Shard current() {
        return CURRENT.get();
    }

    /** Runs the task on the loop: at once if this is the loop. From any thread. */
    void run(Runnable task) {
        if (loop.isCurrent()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    /** Publications from outside, for the listeners here. From any thread. */
    void post(List<Publication> batch) {
        loop.execute(() -> batch.forEach(this::accept));
    }

    /** A whole message of a client. */
    void message(Session session, Message.Kind kind, ByteBuffer content) {
        fence.hasSlept();
        commanding = session;
        @SuppressWarnings("unchecked") // The state was made by this very endpoint.
        var endpoint = (Endpoint<Object>) session.endpoint();
        try {
            endpoint.decode(session.state(), kind, content, commands);
        } finally {
            commanding = null;
        }
    }

    // Publishing

    /** The top byte is the loop's, so that loops that run apart are not taken for repeats of one another. */
    long nextSequence() {
        return (long) index << RepeatFilter.LOOP_SHIFT | ++sequence;
    }

    /** The second of a clock that only goes forward; read once in a turn. */
    long second() {
        readClock();
        return nanos / 1_000_000_000;
    }

    /** Wall clock, milliseconds since 1970; read once in a turn. */
    long millis() {
        readClock();
        return millis;
    }

    private void readClock() {
        if (!clockRead) {
            clockRead = true;
            nanos = System.nanoTime();
            millis = System.currentTimeMillis();
            expectTurn();
        }
    }

    /** To every shard that has listeners, this one included. */
    void spread(Publication publication) {
        if (toShards.length == 1) {
            // The one there is: its own table says whether anybody listens.
            accept(publication);
            return;
        }
        for (long shards = hub.interests.shardsOf(publication.topic()); shards != 0; shards &= shards - 1) {
            int target = Long.numberOfTrailingZeros(shards);
            if (target == index) {
                accept(publication);
            } else {
                List<Publication> batch = toShards[target];
                if (batch == null) {
                    batch = new ArrayList<>();
                    toShards[target] = batch;
                    expectTurn();
                }
                batch.add(publication);
            }
        }
    }

    /** To the listeners here, at the end of this turn; returns how many there are. */
    int accept(Publication publication) {
        Members members = topics.get(publication.topic());
        if (members == null) {
            return 0;
        }
        if (publication.kind() != Publication.Kind.MESSAGE) {
            attended(members, publication);
            return 0;
        }
        Track track = members.track;
        return track == null ? pend(members, publication) : track.heard(publication);
    }

    int pend(Members members, Publication publication) {
        int listeners = members.listeners();
        if (listeners == 0) {
            return 0;
        }
        accepted++;
        if (members.pend(publication)) {
            sendsAhead += listeners;
            published.add(members);
            expectTurn();
        }
        return listeners;
    }

    /** Somebody has come or gone: told after what was published before. */
    private void attended(Members members, Publication publication) {
        if (attendees.knows(members.topic)) {
            drain(members);
            attendees.hear(publication);
        }
    }

    /** To other nodes, at the end of this turn. */
    void send(Outgoing outgoing) {
        toBackplane.add(outgoing);
        expectTurn();
    }

    void hasOwnFrames(Session session) {
        withOwnFrames.add(session);
        expectTurn();
    }

    private void expectTurn() {
        if (!turnAhead) {
            turnAhead = true;
            loop.execute(turn);
        }
    }

    /**
     * Whether to look for input once more before a turn that will take long: what arrives just now then shares its
     * sends, instead of waiting for its end. It goes on while looking pays.
     */
    private boolean looksForMore() {
        if (accepted > acceptedBefore) {
            acceptedBefore = accepted;
            looks = 0;
        }
        return accepted < ENOUGH && looks++ < Math.min(LOOKS_MAX, sendsAhead / SENDS_PER_LOOK);
    }

    private void turn() {
        if (looksForMore()) {
            loop.afterInput(turn);
            return;
        }
        if (fence.hasSlept()) {
            fence.whenAwake(turn);
            return;
        }
        turnAhead = false;
        clockRead = false;
        sendsAhead = 0;
        accepted = 0;
        acceptedBefore = 0;
        looks = 0;
        for (int target = 0; target < toShards.length; target++) {
            List<Publication> batch = toShards[target];
            if (batch != null) {
                toShards[target] = null;
                hub.shard(target).post(batch);
            }
        }
        if (!toBackplane.isEmpty()) {
            List<Outgoing> batch = toBackplane;
            toBackplane = new ArrayList<>(batch.size());
            publish(batch);
        }
        flushAll();
        fanOutInTurns();
        flushAll();
    }

    /**
     * One batch of each topic after another, until there are no more: a flood of one topic keeps another waiting for
     * one batch of it at most. There is no limit to a turn as a whole: what it has to send is what was read before it,
     * and were it put off, reading would outrun writing.
     */
    private void fanOutInTurns() {
        for (int left = published.size(); left > 0; left = published.size()) {
            int again = 0;
            for (int i = 0; i < left; i++) {
                Members members = published.get(i);
                if (fanOut.drainSome(members)) {
                    published.set(again++, members);
                }
            }
            published.subList(again, left).clear();
        }
    }

    private void publish(List<Outgoing> batch) {
        try {
            hub.backplane.publish(batch);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "the backplane failed to take a batch", e);
        }
    }

    private void flushAll() {
        for (int i = 0; i < withOwnFrames.size(); i++) {
            flush(withOwnFrames.get(i));
        }
        withOwnFrames.clear();
    }

    /** Sends what was gathered for this session alone. */
    Outlet.Offer flush(Session session) {
        FrameBatch batch = session.own;
        if (batch == null) {
            return Outlet.Offer.QUEUED;
        }
        session.own = null;
        Outlet.Offer answer = batch.size() == 0 ? Outlet.Offer.QUEUED : session.outlet.offer(batch, 0, batch.size());
        if (answer == Outlet.Offer.REFUSED && !session.closed && !session.leaving) {
            pressed.refused(session, batch);
            return answer;
        }
        if (answer == Outlet.Offer.PRESSED && !session.closed && !session.leaving) {
            pressed.of(session);
        }
        batch.release();
        return answer;
    }

    void tooSlow(Session session) {
        if (!session.closed && !session.leaving) {
            hub.slowMeters.closed.increment();
            session.leaving = true;
            session.closedFor = CloseReason.SLOW;
            pressed.drop(session);
            leaveAll(session);
            session.outlet.close(CloseReason.SLOW);
        }
    }

    // Sessions and what they listen to

    Session open(Arrival arrival) {
        int slot = sessions.nextSlot();
        var session = new Session(this, slot, ThreadLocalRandom.current().nextInt(), arrival);
        sessions.add(session);
        hub.sessions.increment();
        return session;
    }

    /** The connection is gone: forgets the session. Idempotent. */
    void forget(Session session) {
        if (session.closed) {
            return;
        }
        session.closed = true;
        FrameBatch batch = session.own;
        if (batch != null) {
            session.own = null;
            batch.release();
        }
        pressed.end(session);
        leaveAll(session);
        attendees.gone(session);
        sessions.remove(session);
        hub.sessions.decrement();
    }

    void leaveAll(Session session) {
        while (session.joinedCount > 0) {
            Members members = session.joined[session.joinedCount - 1];
            members.remove(session);
            releaseIfIdle(members);
        }
        List.copyOf(session.subscriptions()).forEach(Subscription::abandon);
    }

    /** Calls back, on this loop, when the topic is subscribed; the session is not yet among its listeners. */
    void acquire(Topic topic, AcquiredTopic then) {
        Members members = topics.get(topic);
        if (members == null) {
            members = new Members(topic);
            topics.put(topic, members);
            tracks.begin(members);
        }
        members.expected++;
        Track track = members.track;
        if (track == null) {
            subscribe(members, then);
        } else {
            subscribe(members, (same, confirmed) -> track.anchored(known -> then.acquired(same, confirmed && known)));
        }
    }

    private void subscribe(Members members, AcquiredTopic then) {
        Topic topic = members.topic;
        boolean local = hub.namespaces.of(topic).scope() == Namespace.Scope.NODE;
        if (members.listeners() > 0 && (local || hub.interests.isConfirmed(topic))) {
            then.acquired(members, local || hub.isUp(topic));
        } else {
            hub.interests.acquire(topic, this, local, confirmed -> then.acquired(members, confirmed));
        }
    }

    /** Told when a topic is subscribed, or that it could not be confirmed in time. */
    interface AcquiredTopic {
        void acquired(Members members, boolean confirmed);
    }

    /** Makes the session a listener of what was acquired for it. */
    void join(Session session, Members members) {
        members.expected--;
        drain(members);
        members.add(session);
        if (members.topic.isIn("group")) {
            hub.known.add(members.topic);
        }
    }

    /** Gives back what was acquired for a session that did not come. */
    void abandon(Members members) {
        members.expected--;
        releaseIfIdle(members);
    }

    void leave(Session session, Topic topic) {
        Subscription own = session.subscription(topic);
        Members members = topics.get(topic);
        if (own != null) {
            own.end();
        } else if (members != null) {
            leaveSeat(session, members);
        }
    }

    void leaveSeat(Session session, Members members) {
        if (session.hasSeatIn(members)) {
            drain(members);
            members.remove(session);
            session.forgetBacklog(members.topic);
            attendees.left(session, members.topic);
            releaseIfIdle(members);
        }
    }

    void releaseIfIdle(Members members) {
        if (!members.isNeeded() && topics.get(members.topic) == members) {
            Track track = members.track;
            if (track != null) {
                tracks.remove(track);
            }
            members.takePending();
            topics.remove(members.topic);
            hub.interests.release(members.topic, this);
        }
    }

    /** Sends what was published before the listeners change: nobody hears what came before it joined. */
    void drain(Members members) {
        if (!members.pending.isEmpty()) {
            flushAll();
            while (fanOut.drainSome(members)) {
                // Batch by batch.
            }
        }
    }

    /** What is listened to here. */
    void forEachTopic(Consumer<Members> action) {
        topics.values().forEach(action);
    }

    /** The topic's listeners here; null if there are none and nobody is on the way. */
    @Nullable
    Members members(Topic topic) {
        return topics.get(topic);
    }

    @Nullable
    Session session(String id) {
        Session session = SessionId.shard(id, hub.origin) == index ? sessions.at(SessionId.slot(id)) : null;
        return session != null && session.id().equals(id) ? session : null;
    }

    /** Sessions of that user on this shard; none for the empty user. */
    List<Session> ofUser(String user) {
        return sessions.ofUser(user);
    }

    /** Publications may have been missed: tells those whose protocol has words for it, or closes all. */
    void afterGap() {
        sessions.forEach(session -> {
            if (!session.admitted) {
                // It is told nothing yet, and promised nothing.
                return;
            }
            if (hub.closeOnGap) {
                session.close(CloseReason.GAP);
            } else {
                session.tell(new Event.Gap());
            }
        });
    }
}
