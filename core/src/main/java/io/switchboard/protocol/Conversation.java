package io.switchboard.protocol;

import io.switchboard.message.Fields;
import io.switchboard.message.Message;
import io.switchboard.message.Position;
import io.switchboard.message.Publication;
import io.switchboard.message.Sender;
import io.switchboard.message.Topic;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a protocol may do with one session when its clients ask for more than the plain {@link Command}s, and want an
 * answer to each request. Called, and calling back, on the session's loop only; after the session has ended nothing is
 * called back any more. It decides nothing: what a client may do, the protocol has asked before.
 */
public interface Conversation {
    /** The session's id, unique in the cluster. */
    String id();

    /** Who it is, {@link Identity#NOBODY} until {@link #identify}. */
    Identity identity();

    /** Wall clock, milliseconds since 1970. */
    long millis();

    /** The rules of a topic's namespace; {@link Namespace#UNKNOWN} where there is none. */
    Namespace namespace(Topic topic);

    /** Tells the client; in order. */
    void say(Event event);

    /** Says so where the protocol has words for it, and closes the connection. */
    void close(CloseReason reason);

    /** Runs the task after about that time, if the session still lives. */
    void later(Runnable task, long millis);

    /** Goes on with the result on the session's loop: with a value, or with a failure. */
    <T> void await(CompletionStage<T> stage, BiConsumer<@Nullable T, @Nullable Throwable> then);

    /**
     * The session becomes this user's: limits and login policies apply, and others of the user may be closed. Again
     * with the same user, it replaces what else is known of it.
     *
     * @param then with a refusal, or null once it is that user's
     */
    void identify(Identity identity, Consumer<@Nullable Refusal> then);

    /** How many topics it listens to, or is about to. */
    int topicCount();

    boolean listensTo(Topic topic);

    /** Listens to a topic. A topic it listens to already, or is about to, is our caller's mistake. */
    void listen(Topic topic, Listening listening, Listening.Answer answer);

    /**
     * Listens to several topics from the same moment: the first time that any answer begins, all of them do, one after
     * another in the order of the wishes, and no publication of any goes out before the last has returned. If one
     * fails, that answer alone is told, and the session listens to none of them.
     */
    default void listenTogether(List<Wish> wishes) {
        wishes.forEach(wish -> listen(wish.topic(), wish.listening(), wish.answer()));
    }

    /** One of several topics. */
    record Wish(Topic topic, Listening listening, Listening.Answer answer) {}

    /** Listens no more, and is present no more. */
    void leave(Topic topic);

    /**
     * Publishes in the session's name.
     *
     * @param fields what else goes along, as {@link Fields#TAGS}
     * @param kept whether it is kept, where the topic's namespace keeps anything; else it has no position
     */
    void publish(Topic topic, Message message, Fields fields, boolean kept, Consumer<Published> then);

    /** What came of a publication: null as reason if it was taken. */
    record Published(
            Event.@Nullable Reason reason, @Nullable Position position) {}

    /** Reads what is kept of a topic. */
    CompletionStage<History> history(Topic topic, HistoryQuery query);

    /**
     * What of a topic is asked for.
     *
     * @param limit at most so many; 0 for the position alone, negative for all there are
     * @param since exclusive, null for the beginning (backwards: the end)
     * @param backwards newest first
     */
    record HistoryQuery(int limit, @Nullable Position since, boolean backwards) {}

    /**
     * @param top where the topic stands
     * @param epochMatches false if {@code since} is of an epoch that has gone
     */
    record History(List<Publication> publications, Position top, boolean epochMatches) {}

    /** Who listens to a topic, on all nodes: by session id. */
    CompletionStage<Map<String, Attendee>> presence(Topic topic);

    /** How many sessions and users listen to it, on all nodes. */
    CompletionStage<Headcount> headcount(Topic topic);

    /** One who listens. */
    record Attendee(
            Sender who, @Nullable Message info, @Nullable Message topicInfo) {}

    /** @param exact false if {@code users} is an estimate, as it may be beyond 10,000 */
    record Headcount(int sessions, int users, boolean exact) {}
}
