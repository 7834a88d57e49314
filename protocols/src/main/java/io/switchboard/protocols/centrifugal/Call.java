package io.switchboard.protocols.centrifugal;

import org.jspecify.annotations.Nullable;

/**
 * One command of a client.
 *
 * @param id by which it knows the reply; 0 where it wants none
 * @param ask null for the empty command, which answers a ping
 */
record Call(long id, @Nullable Ask ask) {
    static final Call PONG = new Call(0, null);

    boolean isPong() {
        return id == 0 && ask == null;
    }
}
