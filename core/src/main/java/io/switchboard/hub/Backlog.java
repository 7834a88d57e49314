package io.switchboard.hub;

import io.switchboard.message.Publication;
import io.switchboard.message.Topic;
import io.switchboard.protocol.Event;
import io.switchboard.protocol.Namespace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What waits for a session whose outlet is more than half full: references to publications, events for it alone, and
 * bytes that the outlet refused, in the order in which they go out. It is encoded in portions while the outlet drains.
 *
 * <p>It is bounded by bytes and by age. What does not fit is dealt with as the publication's own namespace says: see
 * {@link Namespace.Slow}. A session is never closed for a publication while there is another here that may be dropped.
 * For every topic of which something was dropped one {@link Event.Gap} stands where it is missing, before the rest of
 * the topic or after what was kept, until the client has been told.
 *
 * <p>A ring: positions run on and are compared by difference, what was dropped leaves a hole.
 */
final class Backlog {
    private static final System.Logger LOG = System.getLogger(Backlog.class.getName());
    private static final int ROOM = 16;

    /** Stands where something of the topic is missing. */
    private record Mark(Topic topic, boolean before) {}

    /** Bytes that the outlet has refused, and how many publications they are of. */
    private record Refused(FrameBatch batch, int publications) {}

    private final Session session;
    private final SlowMeters meters;
    private final int bytesMax;
    private @Nullable Object[] items = new Object[ROOM];

    /** The tick in which each came. */
    private int[] came = new int[ROOM];

    private int first;
    private int end;
    private int count;
    private long bytes;

    /** How many may be dropped; none of them stands before {@link #droppableFrom}. */
    private int droppable;

    private int droppableFrom;

    /** Where the newest publication of a topic stands whose namespace conflates. */
    private final Map<Topic, Integer> newest = new HashMap<>(0);

    /** Topics with a gap the client has yet to be told of: before what is here of the topic, or after some of it. */
    private final Set<Topic> missedBefore = new HashSet<>(0);

    private final Set<Topic> missedAfter = new HashSet<>(0);

    /** Its place among the pressed sessions of the shard. */
    int seat;

    /** It is about to be sent from. */
    boolean sending;

    /** The sessions that are not read from for the sake of this one, by id. */
    final Set<String> slowed = new LinkedHashSet<>(0);

    /** The tick in which the episode began. */
    final int since;

    /** Whether publishers have been slowed for as long as they may be. */
    boolean patienceOver;

    /** The topic that was last judged, when, and whether its publishers are to be slowed. */
    @Nullable
    Members judged;

    int judgedAt;
    boolean slows;

    Backlog(Session session, int now, SlowMeters meters) {
        this.session = session;
        this.since = now;
        this.meters = meters;
        this.bytesMax = session.shard.hub.limits.backlogBytes();
    }

    boolean isEmpty() {
        return count == 0;
    }

    long bytes() {
        return bytes;
    }

    // Coming in

    /** Returns false if it does not fit and may not be dropped: then the session must be closed. */
    boolean add(Event event, int now) {
        if (event instanceof Event.Published(Publication publication)) {
            return add(publication, now);
        }
        boolean fits = makeRoom(bytesOf(event), now);
        if (fits) {
            append(event, now);
        }
        return fits;
    }

    /** Returns false if it does not fit and may not be dropped: then the session must be closed. */
    boolean add(Publication publication, int now) {
        if (isLost(publication.topic())) {
            return true;
        }
        Namespace.Slow policy = policyOf(publication);
        if (policy == Namespace.Slow.CONFLATE) {
            dropOlder(publication.topic(), now);
        }
        int size = bytesOf(publication);
        boolean fits = policy == Namespace.Slow.DROP_NEWEST ? fits(size) : makeRoom(size, now);
        if (isLost(publication.topic())) {
            return true;
        }
        if (fits) {
            int position = append(publication, now);
            if (policy != Namespace.Slow.DISCONNECT) {
                if (droppable++ == 0) {
                    droppableFrom = position;
                }
                if (policy == Namespace.Slow.CONFLATE) {
                    newest.put(publication.topic(), position);
                }
            }
        } else if (policy == Namespace.Slow.DISCONNECT) {
            return false;
        } else {
            meters.dropped(policy).increment();
            if (!loses(publication.topic())
                    && !missedBefore.contains(publication.topic())
                    && missedAfter.add(publication.topic())) {
                append(new Mark(publication.topic(), false), now);
            }
        }
        return true;
    }

    /** Bytes that the outlet refused: they come before all others. */
    void addFirst(FrameBatch refused, int now) {
        prepend(new Refused(refused, 0), now);
    }

    /** The session does not listen to it any more: what comes after it listens again is not a newer form of this. */
    void left(Topic topic) {
        newest.remove(topic);
    }

    private boolean fits(int size) {
        return count == 0 || bytes + size <= bytesMax;
    }

    private boolean makeRoom(int size, int now) {
        while (!fits(size)) {
            if (!dropOldest(now)) {
                return false;
            }
        }
        return true;
    }

    // Dropping

    private boolean dropOldest(int now) {
        if (droppable == 0) {
            return false;
        }
        int position = droppableFrom - first < 0 ? first : droppableFrom;
        while (!(at(position) instanceof Publication publication && mayBeDropped(publication))) {
            position++;
        }
        droppableFrom = position + 1;
        Topic topic = drop(position, publication).topic();
        mark(topic, now);
        return true;
    }

    private void dropOlder(Topic topic, int now) {
        Integer position = newest.get(topic);
        if (position != null && at(position) instanceof Publication publication) {
            drop(position, publication);
            mark(topic, now);
        }
    }

    private Publication drop(int position, Publication publication) {
        meters.dropped(policyOf(publication)).increment();
        items[slot(position)] = null;
        takenOut(publication, position);
        return publication;
    }

    private void mark(Topic topic, int now) {
        if (!loses(topic) && missedBefore.add(topic)) {
            prepend(new Mark(topic, true), now);
        }
    }

    /** Its listener is about to be told that it has missed something, and hears no more of it. */
    private boolean isLost(Topic topic) {
        Subscription own = session.subscription(topic);
        return own != null && own.isLosing();
    }

    /** Whether it listens by position: then what is here of the topic goes too, for it follows a hole. */
    private boolean loses(Topic topic) {
        Subscription own = session.subscription(topic);
        if (own == null || !own.listening.positioned()) {
            return false;
        }
        if (!own.isLosing()) {
            own.loseSoon();
            for (int position = first; position != end; position++) {
                if (at(position) instanceof Publication publication
                        && publication.topic().equals(topic)) {
                    drop(position, publication);
                }
            }
        }
        return true;
    }

    /**
     * Deals with what has waited longer than that many ticks as with what does not fit; returns false if the session
     * must be closed.
     */
    boolean expire(int now, int ticksMax) {
        List<Topic> dropped = new ArrayList<>(0);
        boolean stays = true;
        for (int position = first; position != end; position++) {
            Object item = at(position);
            if (item == null || item instanceof Refused || item instanceof Mark) {
                continue;
            }
            if (now - came[slot(position)] <= ticksMax) {
                break;
            }
            if (!(item instanceof Publication publication && mayBeDropped(publication))) {
                stays = false;
                break;
            }
            dropped.add(drop(position, publication).topic());
        }
        dropped.forEach(topic -> mark(topic, now));
        return stays;
    }

    // Going out

    /** Encodes what came first, about that many bytes, and offers it. What is refused stays. */
    Outlet.Offer send(int portion, int now) {
        Object head = peek();
        int publications = 0;
        FrameBatch batch;
        if (head instanceof Refused refused) {
            poll();
            batch = refused.batch();
            publications = refused.publications();
        } else {
            batch = session.lane.framing().open(Math.clamp(bytes, 1, portion));
            while (count > 0 && batch.size() < portion && !(peek() instanceof Refused)) {
                publications += encode(poll(), batch);
            }
        }
        Outlet.Offer answer = batch.size() == 0 ? Outlet.Offer.QUEUED : session.outlet.offer(batch, 0, batch.size());
        if (answer == Outlet.Offer.REFUSED) {
            prepend(new Refused(batch, publications), now);
        } else {
            session.shard.hub.delivered.add(publications);
            batch.release();
        }
        return answer;
    }

    /** Returns how many publications it is. A message that cannot be encoded must not take the others with it. */
    private int encode(Object item, FrameBatch batch) {
        int before = batch.size();
        try {
            switch (item) {
                case Publication publication -> encode(publication, batch);
                case Mark(Topic topic, boolean ignored) -> {
                    encode(new Event.Gap(topic), batch);
                    (batch.size() > before ? meters.gapsTold : meters.gapsUntold).increment();
                }
                case Event event -> encode(event, batch);
                default -> throw new IllegalStateException("what waits is none of these: " + item);
            }
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "what waited for a session could not be encoded", e);
        }
        return item instanceof Publication ? 1 : 0;
    }

    private void encode(Publication publication, FrameBatch batch) {
        Subscription own = session.subscription(publication.topic());
        if (own != null && own.listening.delta()) {
            session.lane.encoder().encodeDelta(publication, null, batch);
        } else {
            encode(new Event.Published(publication), batch);
        }
    }

    private void encode(Event event, FrameBatch batch) {
        session.lane.encoder().encode(event, batch);
    }

    /** Gives back what it holds; returns how many publications there were. */
    int discard() {
        int publications = 0;
        while (count > 0) {
            Object item = poll();
            if (item instanceof Refused refused) {
                refused.batch().release();
                publications += refused.publications();
            } else if (item instanceof Publication) {
                publications++;
            }
        }
        return publications;
    }

    // The ring

    private int slot(int position) {
        return position & (items.length - 1);
    }

    private @Nullable Object at(int position) {
        return items[slot(position)];
    }

    private Object peek() {
        Object item = at(first);
        while (item == null) {
            item = at(++first);
        }
        return item;
    }

    private Object poll() {
        Object item = peek();
        items[slot(first)] = null;
        takenOut(item, first++);
        return item;
    }

    private int append(Object item, int now) {
        makeSlot();
        put(end, item, now);
        return end++;
    }

    private void prepend(Object item, int now) {
        makeSlot();
        put(--first, item, now);
    }

    private void put(int position, Object item, int now) {
        items[slot(position)] = item;
        came[slot(position)] = now;
        count++;
        weigh(bytesOf(item));
    }

    private void takenOut(Object item, int position) {
        count--;
        weigh(-bytesOf(item));
        if (item instanceof Publication publication && mayBeDropped(publication)) {
            droppable--;
            newest.remove(publication.topic(), position);
        } else if (item instanceof Mark(Topic topic, boolean before)) {
            (before ? missedBefore : missedAfter).remove(topic);
        }
    }

    private void weigh(int more) {
        bytes += more;
        meters.backlogBytes.add(more);
    }

    private void makeSlot() {
        if (end - first < items.length) {
            return;
        }
        // Holes are worth closing where there are many, or a topic that conflates would grow the ring for ever.
        @Nullable Object[] before = items;
        int[] cameBefore = came;
        int mask = before.length - 1;
        int room = count > before.length / 2 ? before.length * 2 : before.length;
        items = new Object[room];
        came = new int[room];
        int to = first;
        for (int from = first; from != end; from++) {
            Object item = before[from & mask];
            if (item != null) {
                items[slot(to)] = item;
                came[slot(to)] = cameBefore[from & mask];
                if (item instanceof Publication publication) {
                    newest.replace(publication.topic(), from, to);
                }
                to++;
            }
        }
        end = to;
        droppableFrom = first;
    }

    private Namespace.Slow policyOf(Publication publication) {
        return session.shard.hub.namespaces.of(publication.topic()).slow();
    }

    private boolean mayBeDropped(Publication publication) {
        return policyOf(publication) != Namespace.Slow.DISCONNECT;
    }

    private static int bytesOf(Object item) {
        return switch (item) {
            case Publication publication -> publication.message().length() + FanOut.OVERHEAD;
            case Refused refused -> refused.batch().size();
            case Event.Echoed echoed -> echoed.message().length() + FanOut.OVERHEAD;
            // There are few of a topic, and they must not be what makes the ring too full.
            case Mark mark -> 0;
            default -> FanOut.OVERHEAD;
        };
    }
}
