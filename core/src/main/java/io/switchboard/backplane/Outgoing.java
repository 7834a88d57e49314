package io.switchboard.backplane;

import io.switchboard.message.Position;
import io.switchboard.message.Publication;

/** A publication on its way out, told once what became of it. */
public interface Outgoing {
    Publication publication();

    /** It stands there in its topic's log. Called before {@link #settled}, if at all. */
    default void placed(Position position) {}

    /** Called exactly once, on any thread; must not block. */
    void settled(Remote remote);
}
