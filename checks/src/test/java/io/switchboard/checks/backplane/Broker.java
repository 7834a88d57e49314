package io.switchboard.checks.backplane;

import io.switchboard.message.Topic;

/** What tests do to the broker under a backplane. */
interface Broker {
    /** Opens the backplanes that the contract is tried with. */
    BridgeOpener opener();

    /** It keeps its connections, and does nothing. */
    void freeze();

    void thaw();

    /** It dies without a word, and forgets everything. */
    void kill();

    void restart();

    /** Puts any bytes where publications to the topic are expected. */
    void putGarbage(String cluster, Topic topic, byte[] bytes);
}
