package io.switchboard.hub;

import io.switchboard.directory.Claim;
import io.switchboard.message.Sender;
import io.switchboard.message.Topic;
import io.switchboard.protocol.CloseReason;
import io.switchboard.protocol.Command;
import io.switchboard.protocol.Endpoint;
import io.switchboard.protocol.Event;
import io.switchboard.protocol.Identity;
import io.switchboard.protocol.Instruction;
import io.switchboard.protocol.Listening;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One authenticated connection. It lives on its shard's loop: all but {@link #id} and the other fixed facts is read and
 * written there only. Its user is fixed as well, but for one change: a session that came in as nobody's may become
 * somebody's. Kept small; most sessions are idle most of the time.
 */
public final class Session {
    private static final Members[] NOWHERE = {};
    private static final int[] NO_SEATS = {};
    private static final int COMMAND_UNDER_WAY = 1;
    private static final int SLOWED = 2;

    final Shard shard;
    final Lane lane;
    final Outlet outlet;
    private String user;
    private String device;
    private final Endpoint<?> endpoint;
    private final Object state;
    private final String remoteAddress;

    /** Its place in the shard's list of sessions; with {@link #serial} it makes the id. */
    final int slot;

    final int serial;

    /** The topics it listens to, and its seat among the listeners of each. */
    Members[] joined = NOWHERE;

    int[] seats = NO_SEATS;
    int joinedCount;

    /** Frames for this session alone, gathered during a turn. */
    @Nullable
    FrameBatch own;

    /** What waits for it while its outlet is more than half full; null, as nearly always, while it is not. */
    @Nullable
    Backlog backlog;

    /** Why it is not read from: {@link #COMMAND_UNDER_WAY}, and one {@link #SLOWED} for each listener that asked. */
    private int holds;

    /** Equals the shard's stamp while a batch is fanned out that passes over this session in part. */
    int excludedIn;

    boolean closed;

    /** The client has its answer; before that nothing is said to it. */
    boolean admitted;

    /** Why it was told to go; before it is admitted, why it will be as soon as it is. */
    @Nullable
    CloseReason closedFor;

    /** Told to go; the connection is closing. */
    boolean leaving;

    boolean degraded;

    /** Commands that wait for one under way; null while none is. */
    @Nullable
    ArrayDeque<Command> waiting;

    @Nullable
    Claim claim;

    /** Of the topics it has bound; null while there is none. */
    private @Nullable List<Claim> bound;

    /** What it listens to because others said so; null where the protocol has nothing of the kind. */
    @Nullable
    Belonging belonging;

    private @Nullable Sender sender;

    /** Who it is beyond its user's name; null where nobody has said. */
    private @Nullable Identity identity;

    /** The topics it is present in, or where it wants to hear who is; null while there is none. */
    private @Nullable Map<Topic, Listening> attended;

    /** What it listens to in its own way, or is about to listen to; null while there is none. */
    private @Nullable Map<Topic, Subscription> subscriptions;

    /** The second in which commands are being counted, and the counts. */
    long rateSecond;

    int rateCommands;
    long rateBytes;

    Session(Shard shard, int slot, int serial, Arrival arrival) {
        this.shard = shard;
        this.slot = slot;
        this.serial = serial;
        this.lane = arrival.lane();
        this.outlet = arrival.outlet();
        this.user = arrival.user();
        this.device = arrival.opening().device();
        this.endpoint = arrival.endpoint();
        this.state = arrival.opening().state();
        this.remoteAddress = arrival.request().remoteAddress();
    }

    /** Reads what a command of it will read, as {@link Outlet#prefetch}. On its loop. */
    public int prefetch() {
        Sender known = sender;
        return rateCommands + joinedCount + (known == null ? 0 : known.user().length());
    }

    /** Unique in the cluster, for addressing and for logs. */
    public String id() {
        return SessionId.of(this, shard.hub.origin);
    }

    public String user() {
        return user;
    }

    public String device() {
        return device;
    }

    public String remoteAddress() {
        return remoteAddress;
    }

    public Endpoint<?> endpoint() {
        return endpoint;
    }

    /** A broken rule as this protocol words it. */
    public CloseReason worded(CloseReason reason) {
        return reason.equals(CloseReason.TOO_BIG) ? endpoint.tooBig(shard.hub.limits.messageBytes()) : reason;
    }

    /** An end that the transport found out as this protocol words it. */
    public CloseReason ending(CloseReason reason) {
        return endpoint.ending(reason);
    }

    Object state() {
        return state;
    }

    Sender sender() {
        Sender known = sender;
        if (known == null) {
            known = new Sender(user, id());
            sender = known;
        }
        return known;
    }

    /** It came in as nobody's, and is this user's from now on. */
    void become(String newUser, String newDevice) {
        shard.sessions.unindex(this);
        user = newUser;
        device = newDevice;
        sender = null;
        shard.sessions.index(this);
    }

    Identity identity() {
        Identity known = identity;
        return known == null ? Identity.of(user) : known;
    }

    void know(Identity better) {
        identity = better;
    }

    Map<Topic, Listening> attended() {
        return attended == null ? Map.of() : attended;
    }

    void attend(Topic topic, Listening listening) {
        if (attended == null) {
            attended = new HashMap<>(4);
        }
        attended.put(topic, listening);
    }

    void attendNoMore(Topic topic) {
        if (attended != null) {
            attended.remove(topic);
        }
    }

    @Nullable
    Subscription subscription(Topic topic) {
        return subscriptions == null ? null : subscriptions.get(topic);
    }

    void keep(Subscription subscription) {
        if (subscriptions == null) {
            subscriptions = new HashMap<>(4);
        }
        subscriptions.put(subscription.topic, subscription);
    }

    void drop(Subscription subscription) {
        if (subscriptions != null) {
            subscriptions.remove(subscription.topic, subscription);
            if (subscriptions.isEmpty()) {
                subscriptions = null;
            }
        }
    }

    Collection<Subscription> subscriptions() {
        return subscriptions == null ? List.of() : subscriptions.values();
    }

    /** Neither gone nor told to go. */
    boolean lives() {
        return !closed && !leaving;
    }

    /** Whether it was admitted without the broker's confirmation. */
    public boolean degraded() {
        return degraded;
    }

    public List<Topic> topics() {
        var topics = new ArrayList<Topic>(joinedCount);
        for (int i = 0; i < joinedCount; i++) {
            topics.add(joined[i].topic);
        }
        for (Subscription subscription : subscriptions()) {
            if (subscription.listens() && subscription.isParticular()) {
                topics.add(subscription.topic);
            }
        }
        return topics;
    }

    boolean hasBound() {
        return bound != null;
    }

    List<Claim> bound() {
        List<Claim> claims = bound;
        if (claims == null) {
            claims = new ArrayList<>(2);
            bound = claims;
        }
        return claims;
    }

    boolean listensTo(Topic topic) {
        for (int i = 0; i < joinedCount; i++) {
            if (joined[i].topic.equals(topic)) {
                return true;
            }
        }
        Subscription own = subscription(topic);
        return own != null && own.listens();
    }

    void forgetBacklog(Topic topic) {
        if (backlog != null) {
            backlog.left(topic);
        }
    }

    boolean hasSeatIn(Members members) {
        for (int i = 0; i < joinedCount; i++) {
            if (joined[i] == members) {
                return true;
            }
        }
        return false;
    }

    /** Tells the client, with whatever else this turn has for it. */
    void tell(Event event) {
        if (admitted && !closed && !leaving) {
            Backlog waits = backlog;
            if (waits == null) {
                encode(event);
            } else {
                shard.pressed.tell(this, waits, event);
            }
        }
    }

    /** The same, where the event has been encoded already for another session of the lane. */
    void tell(Event event, FrameBatch encoded) {
        if (backlog != null) {
            tell(event);
        } else if (admitted && !closed && !leaving && encoded.size() > 0) {
            FrameBatch batch = own();
            batch.append(encoded);
            flushIfFull(batch);
        }
    }

    private void encode(Event event) {
        FrameBatch batch = own();
        lane.encoder().encode(event, batch);
        flushIfFull(batch);
    }

    private FrameBatch own() {
        FrameBatch batch = own;
        if (batch == null) {
            batch = lane.framing().open(256);
            own = batch;
            shard.hasOwnFrames(this);
        }
        return batch;
    }

    private void flushIfFull(FrameBatch batch) {
        if (batch.size() > FanOut.BATCH_BYTES) {
            shard.flush(this);
        }
    }

    /** Sends what was taken, then closes. From here on it hears nothing more; the rest is the connection's affair. */
    void close(CloseReason reason) {
        if (!admitted) {
            closedFor = reason;
        } else if (!closed && !leaving) {
            leaving = true;
            CloseReason worded = endpoint.ending(reason);
            closedFor = worded;
            try {
                shard.pressed.sendLast(this);
                encode(new Event.Closing(worded));
                shard.flush(this);
            } finally {
                shard.leaveAll(this);
                outlet.close(worded);
            }
        }
    }

    /** Whether it is closing, or will as soon as it is admitted. */
    boolean isToldToGo() {
        return leaving || closedFor != null;
    }

    // What its protocol is told

    @SuppressWarnings("unchecked") // The state was made by this very endpoint.
    private Endpoint<Object> typedEndpoint() {
        return (Endpoint<Object>) endpoint;
    }

    void opened() {
        Commands.guarded(this, () -> typedEndpoint().opened(state, new Talk(this)));
    }

    /** Something is to be done with it. On its loop. */
    void instruct(Instruction instruction) {
        if (admitted && lives()) {
            Commands.guarded(this, () -> typedEndpoint().instructed(state, new Talk(this), instruction));
        }
    }

    /** It listens to the topic no more, for it may have missed some of it. */
    void lost(Topic topic) {
        if (admitted && lives()) {
            Commands.guarded(this, () -> typedEndpoint().lost(state, new Talk(this), topic));
        }
    }

    void ended() {
        Commands.guarded(this, () -> typedEndpoint().ended(state, closedFor));
    }

    // Reading from it

    /** A command of it waits: until it has been carried out the client is not read from. */
    void hold() {
        hold((holds & COMMAND_UNDER_WAY) == 0 ? COMMAND_UNDER_WAY : 0);
    }

    void proceed() {
        release(holds & COMMAND_UNDER_WAY);
    }

    /** A listener of what it publishes does not keep up. As often as this is called, so often {@link #speedUp} is. */
    void slowDown() {
        hold(SLOWED);
    }

    void speedUp() {
        release(SLOWED);
    }

    private void hold(int reason) {
        boolean first = holds == 0 && reason != 0;
        holds += reason;
        if (first) {
            outlet.pause();
        }
    }

    private void release(int reason) {
        holds -= reason;
        if (reason != 0 && holds == 0 && !closed) {
            outlet.resume();
        }
    }

    void take(Members members, int seat) {
        if (joinedCount == joined.length) {
            int room = Math.max(2, joinedCount * 2);
            joined = Arrays.copyOf(joined, room);
            seats = Arrays.copyOf(seats, room);
        }
        joined[joinedCount] = members;
        seats[joinedCount++] = seat;
    }

    int seatIn(Members members) {
        return seats[indexOf(members)];
    }

    void moveTo(Members members, int seat) {
        seats[indexOf(members)] = seat;
    }

    @SuppressWarnings("NullAway") // The free end of the array is never read.
    void give(Members members) {
        int index = indexOf(members);
        joinedCount--;
        System.arraycopy(joined, index + 1, joined, index, joinedCount - index);
        System.arraycopy(seats, index + 1, seats, index, joinedCount - index);
        joined[joinedCount] = null;
    }

    private int indexOf(Members members) {
        for (int i = 0; i < joinedCount; i++) {
            if (joined[i] == members) {
                return i;
            }
        }
        throw new IllegalStateException("not a listener of " + members.topic);
    }

    @Override
    public String toString() {
        return "Session(" + id() + ", user " + user + ", " + endpoint.protocol() + ")";
    }
}
