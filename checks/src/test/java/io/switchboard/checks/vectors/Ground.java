package io.switchboard.checks.vectors;

import java.net.URI;
import java.util.Collection;

/** Two nodes that vectors are played on, and what can be seen of the broker between them. */
interface Ground {
    /** @param node as vectors call it: ends with A or B */
    URI uri(String node, String path);

    /** The application's push to a connection of the sign protocol. */
    void push(String node, String sign, String data);

    /** Somebody else publishes on the broker, without properties. */
    void publish(String exchange, String body);

    void stopBroker();

    /** Everything that was published until now has reached these players, if they listen. */
    void fence(Collection<Player> players);

    /** Before a vector. */
    void clear();

    /** What differs from the vector's list of what the broker saw; empty if nothing does, or it cannot be seen. */
    String difference(Json vector);

    boolean isEmpty();
}
