package io.switchboard.protocols.centrifugal;

import io.switchboard.protocol.Conversation;
import io.switchboard.protocol.Event;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Asks clients whether they are there. The first time at random within the second half of the interval, so that many
 * that came together are not asked together for ever.
 */
final class Liveness {
    private static final Event PING = new Event.Said(new Reply.Ping());

    private final CentrifugalSettings.Limits limits;

    Liveness(CentrifugalSettings.Limits limits) {
        this.limits = limits;
    }

    /** How often this client is asked, as it is told; 0 for never. */
    int seconds(Client client) {
        return client.nativePing ? 0 : (int) limits.ping().toSeconds();
    }

    /** Whether this client is to answer. */
    boolean wantsPong(Client client) {
        return seconds(client) > 0 && !client.dialect.unidirectional();
    }

    void opened(Client client, Conversation with) {
        with.later(
                () -> {
                    if (client.state != Client.State.CONNECTED) {
                        with.close(Ending.STALE);
                    }
                },
                limits.stale().toMillis());
    }

    void connected(Client client, Conversation with) {
        if (seconds(client) > 0) {
            long interval = limits.ping().toMillis();
            long first = ThreadLocalRandom.current().nextLong(interval / 2, interval);
            with.later(() -> ping(client, with), first);
        }
    }

    private void ping(Client client, Conversation with) {
        with.say(PING);
        int ping = ++client.pings;
        if (wantsPong(client)) {
            client.pinged = true;
            with.later(() -> check(client, with, ping), limits.pong().toMillis());
        }
        with.later(() -> ping(client, with), limits.ping().toMillis());
    }

    private void check(Client client, Conversation with, int ping) {
        if (client.pinged && client.pings == ping) {
            if (client.busy) {
                // It may have answered; what it says waits for its last command.
                with.later(() -> check(client, with, ping), limits.pong().toMillis());
            } else {
                with.close(Ending.NO_PONG);
            }
        }
    }

    /** Only who was asked may answer, and only once. */
    void pong(Client client, Conversation with) {
        if (client.pinged) {
            client.pinged = false;
        } else {
            with.close(Ending.BAD_REQUEST);
        }
    }
}
