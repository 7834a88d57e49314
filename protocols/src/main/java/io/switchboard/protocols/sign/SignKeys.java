package io.switchboard.protocols.sign;

import io.switchboard.directory.Claim;
import io.switchboard.directory.PublishedKeys;
import java.time.Duration;
import java.util.Optional;

/**
 * The published keys of identities: {@code T_7_3_tenant_1} holds the sign of the connection that bound it, for twelve
 * hours. Where the published program forgets a connection that lasts longer, and keeps one that has ended, the key here
 * is renewed while the connection lasts and goes with it.
 */
public final class SignKeys implements PublishedKeys {
    private static final Duration KEPT = Duration.ofHours(12);

    @Override
    public Optional<Entry> of(Claim claim) {
        return claim.boundTopic()
                .filter(topic -> topic.isIn(SignProtocol.IDENTITY))
                .map(topic -> new Entry(topic.rest(), claim.device(), Optional.of(KEPT)));
    }
}
