package io.switchboard.backplane;

import io.switchboard.message.Publication;

/** A publication on its way out, told once what became of it. */
public abstract class Outgoing {
    private final Publication publication;

    protected Outgoing(Publication publication) {
        this.publication = publication;
    }

    public final Publication publication() {
        return publication;
    }

    /** Called exactly once, on any thread; must not block. */
    public abstract void settled(Remote remote);
}
