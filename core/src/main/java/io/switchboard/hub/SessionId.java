package io.switchboard.hub;

import io.switchboard.message.Origin;

/** The form of a session's id: {@code <incarnation>.<shard>.<slot>.<serial>}, in base 36. */
final class SessionId {
    private static final int RADIX = 36;

    private SessionId() {}

    static String of(Session session, Origin origin) {
        return Long.toString(origin.incarnation(), RADIX)
                + '.'
                + Integer.toString(session.shard.index, RADIX)
                + '.'
                + Integer.toString(session.slot, RADIX)
                + '.'
                + Integer.toUnsignedString(session.serial, RADIX);
    }

    /** The incarnation of the node whose session it is, 0 for a text that is no id. */
    static long incarnation(String id) {
        int dot = id.indexOf('.');
        try {
            return dot < 0 ? 0 : Long.parseLong(id.substring(0, dot), RADIX);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** The shard of an id of this node, -1 for any other text. */
    static int shard(String id, Origin origin) {
        return id.startsWith(Long.toString(origin.incarnation(), RADIX) + '.') ? part(id, 1) : -1;
    }

    /** The slot, -1 where the text has none. */
    static int slot(String id) {
        return part(id, 2);
    }

    private static int part(String id, int index) {
        String[] parts = id.split("\\.", -1);
        if (parts.length != 4) {
            return -1;
        }
        try {
            return Integer.parseInt(parts[index], RADIX);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
