package io.switchboard.directory;

import java.time.Duration;
import java.util.Optional;

/**
 * Keys in which programs of a published design look for who is where. A directory that has such a store writes them as
 * published, beside its own, while the claim holds.
 */
@FunctionalInterface
public interface PublishedKeys {
    /** No such programs. */
    PublishedKeys NONE = claim -> Optional.empty();

    /**
     * A key and what stands in it.
     *
     * @param kept how long the store keeps it unless it is written again; empty for ever
     */
    record Entry(String key, String value, Optional<Duration> kept) {}

    /** What is published of a claim, if anything. */
    Optional<Entry> of(Claim claim);

    /** These, and where they say nothing those. */
    default PublishedKeys or(PublishedKeys others) {
        return claim -> of(claim).or(() -> others.of(claim));
    }
}
