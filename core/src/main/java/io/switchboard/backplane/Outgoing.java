package io.switchboard.backplane;

import io.switchboard.message.Publication;

/** A publication on its way out, told once what became of it. */
public interface Outgoing {
    Publication publication();

    /** Called exactly once, on any thread; must not block. */
    void settled(Remote remote);
}
