package io.switchboard.hub;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The sessions of one shard, by slot and by user. Slots are used again: the table is as long as it ever was full. */
final class SessionTable {
    private @Nullable Session[] slots = new Session[64];
    private int[] free = new int[64];
    private int freeCount;
    private int used;
    private int count;

    /** Most users have one session: then the value is the session itself, else a list. */
    private final Map<String, Object> byUser = new HashMap<>();

    int size() {
        return count;
    }

    int nextSlot() {
        if (freeCount > 0) {
            return free[--freeCount];
        }
        if (used == slots.length) {
            slots = Arrays.copyOf(slots, used + (used >> 1));
        }
        return used++;
    }

    void add(Session session) {
        slots[session.slot] = session;
        count++;
        index(session);
    }

    /** From now on it is found by its user. */
    void index(Session session) {
        if (session.user().isEmpty()) {
            // Nobody in particular: they are not one user, and there may be many.
            return;
        }
        byUser.merge(session.user(), session, (present, added) -> {
            if (present instanceof SessionList list) {
                list.sessions.add((Session) added);
                return list;
            }
            var list = new SessionList();
            list.sessions.add((Session) present);
            list.sessions.add((Session) added);
            return list;
        });
    }

    void remove(Session session) {
        slots[session.slot] = null;
        count--;
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, freeCount * 2);
        }
        free[freeCount++] = session.slot;
        unindex(session);
    }

    void unindex(Session session) {
        byUser.computeIfPresent(session.user(), (user, present) -> {
            if (present instanceof SessionList list) {
                list.sessions.remove(session);
                return list.sessions.size() == 1 ? list.sessions.getFirst() : list;
            }
            return null;
        });
    }

    @Nullable
    Session at(int slot) {
        return slot >= 0 && slot < used ? slots[slot] : null;
    }

    List<Session> ofUser(String user) {
        Object present = byUser.get(user);
        return switch (present) {
            case null -> List.of();
            case SessionList list -> list.sessions;
            default -> List.of((Session) present);
        };
    }

    /** Those that have sessions here, whose name is not empty. */
    Set<String> users() {
        return byUser.keySet();
    }

    /** The action may remove the session it is given. */
    void forEach(Consumer<Session> action) {
        for (int i = 0; i < used; i++) {
            Session session = slots[i];
            if (session != null) {
                action.accept(session);
            }
        }
    }

    private static final class SessionList {
        final List<Session> sessions = new ArrayList<>(2);
    }
}
