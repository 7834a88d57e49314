package io.switchboard.tokens;

import io.switchboard.protocol.RevokedTokens;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Tokens that count no more though they are signed well: single ones by their id, and all those of a user that were
 * made before some moment. Remembered for as long as the settings say, and {@link #ENTRIES_MAX} at most of each; should
 * there be more, the oldest are forgotten, which is counted. Safe from any thread.
 */
public final class Revocations implements RevokedTokens {
    static final int ENTRIES_MAX = 100_000;

    private final long keptMillis;
    private final LongSupplier millis;

    // Guarded by this. In the order of revocation, so the oldest come first.
    private final Map<String, Long> ids = new LinkedHashMap<>();
    private final Map<String, Cut> users = new LinkedHashMap<>();
    private long forgotten;

    /** What was made before counts no more. */
    private record Cut(long beforeMillis, long revokedMillis) {}

    Revocations(long keptMillis, LongSupplier millis) {
        this.keptMillis = keptMillis;
        this.millis = millis;
    }

    /** One token counts no more. */
    public synchronized void revokeToken(String id) {
        if (!id.isEmpty()) {
            long now = millis.getAsLong();
            ids.remove(id);
            ids.put(id, now);
            forgotten += trim(ids, now, Long::longValue);
        }
    }

    /** No token of that user counts that was made before, or does not say when it was made. */
    public synchronized void revokeUser(String user, long beforeMillis) {
        if (!user.isEmpty()) {
            long now = millis.getAsLong();
            Cut before = users.remove(user);
            users.put(user, new Cut(before == null ? beforeMillis : Math.max(beforeMillis, before.beforeMillis), now));
            forgotten += trim(users, now, Cut::revokedMillis);
        }
    }

    /** Whether it was revoked. */
    synchronized boolean has(String id, String user, long issuedAtMillis) {
        long now = millis.getAsLong();
        Long revoked = id.isEmpty() ? null : ids.get(id);
        if (revoked != null && now - revoked < keptMillis) {
            return true;
        }
        Cut cut = users.get(user);
        return cut != null && now - cut.revokedMillis < keptMillis && issuedAtMillis < cut.beforeMillis;
    }

    /** How many were forgotten before their time. */
    synchronized long forgotten() {
        return forgotten;
    }

    synchronized int size() {
        return ids.size() + users.size();
    }

    @Override
    public void add(Revocation revocation) {
        revokeToken(revocation.token());
        revokeUser(revocation.user(), revocation.beforeMillis());
    }

    @Override
    public Duration kept() {
        return Duration.ofMillis(keptMillis);
    }

    @Override
    public synchronized List<Revocation> newest(int max) {
        Stream<Revocation> tokens =
                ids.keySet().stream().skip(Math.max(0, ids.size() - max / 2)).map(id -> new Revocation(id, "", 0));
        Stream<Revocation> cuts = users.entrySet().stream()
                .skip(Math.max(0, users.size() - max / 2))
                .map(cut -> new Revocation("", cut.getKey(), cut.getValue().beforeMillis));
        return Stream.concat(tokens, cuts).toList().reversed();
    }

    private interface Moment<T> {
        long of(T entry);
    }

    private <T> int trim(Map<String, T> entries, long now, Moment<T> moment) {
        int early = 0;
        var oldest = entries.values().iterator();
        while (oldest.hasNext()) {
            boolean old = now - moment.of(oldest.next()) >= keptMillis;
            if (!old && entries.size() <= ENTRIES_MAX) {
                break;
            }
            early += old ? 0 : 1;
            oldest.remove();
        }
        return early;
    }
}
