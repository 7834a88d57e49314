package io.switchboard.protocols.centrifugal;

import io.switchboard.message.Message;
import io.switchboard.message.Position;
import io.switchboard.message.Publication;
import io.switchboard.protocol.Conversation;
import io.switchboard.protocol.Event;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What this protocol alone says to a client. */
sealed interface Reply extends Event.Special {
    /** The empty reply, which asks whether the client is there. */
    record Ping() implements Reply {}

    record Answer(long id, Result result) implements Reply {}

    record Failed(long id, ErrorCode.Failure why) implements Reply {}

    /** What was not asked for. */
    record Pushed(String channel, Push push) implements Reply {}

    /** What came of a command. A {@code ttl} is the seconds until something expires that only the client can renew. */
    sealed interface Result {
        /**
         * @param pingSeconds how often the server asks whether the client is there; 0 for never
         * @param subs what it listens to without having asked, by channel
         * @param session by which requests of the client find its connection, empty where they need not
         * @param node where they find it
         */
        record Connected(
                String client,
                String version,
                OptionalLong ttl,
                @Nullable Message data,
                Map<String, Subscribed> subs,
                int pingSeconds,
                boolean pong,
                String session,
                String node)
                implements Result, Push {}

        /**
         * @param position null where the channel has none
         * @param wasRecovering whether it was tried to make up for what the client missed
         * @param recovered whether it has been
         * @param publications what it missed
         */
        record Subscribed(
                OptionalLong ttl,
                boolean recoverable,
                boolean positioned,
                @Nullable Position position,
                boolean wasRecovering,
                boolean recovered,
                List<Publication> publications,
                @Nullable Message data,
                boolean delta)
                implements Result {}

        record Unsubscribed() implements Result {}

        record Published() implements Result {}

        record Present(Map<String, Conversation.Attendee> attendees) implements Result {}

        record Counted(int clients, int users) implements Result {}

        record Past(List<Publication> publications, Position top) implements Result {}

        record Returned(@Nullable Message data) implements Result {}

        record Refreshed(String client, String version, OptionalLong ttl) implements Result {}

        record SubRefreshed(OptionalLong ttl) implements Result {}
    }

    /** What was not asked for, and is no publication. */
    sealed interface Push permits Push.Unsubscribe, Push.Subscribe, Push.Refresh, Result.Connected {
        record Unsubscribe(int code, String reason) implements Push {}

        record Subscribe(
                boolean recoverable,
                boolean positioned,
                @Nullable Position position,
                @Nullable Message data) implements Push {}

        record Refresh(OptionalLong ttl) implements Push {}
    }
}
