package io.switchboard.hub;

/** How a transport frames what an encoder writes. One per kind of transport; safe from any event loop. */
public interface Framing {
    FrameBatch open(int sizeHint);
}
