package io.switchboard.protocol;

import io.switchboard.message.Message;
import io.switchboard.message.Topic;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a token says that has been found true. Times are wall clock, milliseconds since 1970.
 *
 * @param user empty for somebody who has not signed in
 * @param topic the one it lets its bearer listen to, by the name the client used; empty in a token for a connection
 * @param client the session that alone may use it, empty for any
 * @param device the class within which login policies count, empty if it says nothing
 * @param id of the token, empty if it has none: by it the token can be revoked
 * @param issuedAtMillis when it was made
 * @param validUntilMillis until when somebody may come with it; empty for ever
 * @param expiresAtMillis until when what it says holds: the session's, or the listening's, end; empty for ever
 * @param issuer who made it, empty if it does not say
 * @param audience for whom it was made
 * @param info what others are told of its bearer, JSON unless it was given as binary
 * @param meta what only the application is told of its bearer
 * @param topics what its bearer listens to without asking
 * @param overrides what a token for a topic changes in the rules of the namespace
 */
public record Token(
        String user,
        String topic,
        String client,
        String device,
        String id,
        OptionalLong issuedAtMillis,
        OptionalLong validUntilMillis,
        OptionalLong expiresAtMillis,
        String issuer,
        List<String> audience,
        @Nullable Message info,
        @Nullable Message meta,
        List<Grant> topics,
        Overrides overrides) {

    public Token {
        audience = List.copyOf(audience);
        topics = List.copyOf(topics);
    }

    /** What others have decided that somebody listens to, and how. */
    public record Grant(
            Topic topic, @Nullable Message info, @Nullable Message data, Overrides overrides) {
        public Grant(Topic topic) {
            this(topic, null, null, Overrides.NONE);
        }
    }

    /**
     * How one who listens differs from what the namespace says; what is empty stays as it says.
     *
     * @param present whether it is counted among those who listen
     * @param announced whether they are told of its coming and going
     * @param recoverable whether it may catch up, though it did not ask for it
     * @param positioned whether it is told of gaps, though it did not ask for it
     * @param pushed whether it hears who comes and goes, though it did not ask for it
     */
    public record Overrides(
            Optional<Boolean> present,
            Optional<Boolean> announced,
            Optional<Boolean> recoverable,
            Optional<Boolean> positioned,
            Optional<Boolean> pushed) {
        public static final Overrides NONE =
                new Overrides(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

        /** The namespace, as it is for this listener. */
        public Namespace of(Namespace usual) {
            if (equals(NONE)) {
                return usual;
            }
            Namespace.History history = usual.history();
            Namespace.Attendance attendance = usual.attendance();
            return new Namespace(
                    usual.name(),
                    usual.subscribe(),
                    usual.publish(),
                    usual.scope(),
                    usual.slow(),
                    usual.shortCut(),
                    new Namespace.History(
                            history.size(),
                            history.ttl(),
                            history.read(),
                            positioned.orElse(history.positioned()),
                            recoverable.orElse(history.recoverable()),
                            history.recovery(),
                            history.delta()),
                    new Namespace.Attendance(
                            present.orElse(attendance.kept()),
                            attendance.read(),
                            announced.orElse(attendance.announced()),
                            pushed.orElse(attendance.pushed())));
        }
    }
}
