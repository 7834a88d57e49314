package io.switchboard.protocols.centrifugal;

import io.switchboard.message.Message;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a client can ask for. What it leaves out is empty, zero or false. */
sealed interface Ask {
    /** A topic heard before the connection broke: where the client stands in it. */
    record Resume(boolean recover, long offset, String epoch) {}

    record Connect(
            String token,
            @Nullable Message data,
            Map<String, Resume> subs,
            String name,
            String version,
            Map<String, String> headers)
            implements Ask {
        /** Without the token, and the headers that may hold another. */
        @Override
        public String toString() {
            return "Connect[" + name + " " + version + "]";
        }
    }

    record Subscribe(
            String channel,
            String token,
            Resume resume,
            @Nullable Message data,
            boolean positioned,
            boolean recoverable,
            boolean joinLeave,
            String delta,
            @Nullable Filter filter,
            long flag,
            int type)
            implements Ask {
        /** Answer 112 instead of a subscription that has not been recovered. */
        static final long MUST_RECOVER = 2;

        @Override
        public String toString() {
            return "Subscribe[" + channel + "]";
        }
    }

    /** A condition on tags, as it came. */
    record Filter(String op, String key, String cmp, String val, List<String> vals, List<Filter> nodes) {}

    record Unsubscribe(String channel) implements Ask {}

    record Publish(String channel, @Nullable Message data, int type) implements Ask {}

    record Presence(String channel) implements Ask {}

    record PresenceStats(String channel) implements Ask {}

    /** @param since null for the beginning, or for the end if it goes backwards */
    record History(String channel, int limit, @Nullable Resume since, boolean reverse) implements Ask {}

    record Ping() implements Ask {}

    record Send(@Nullable Message data) implements Ask {}

    record Rpc(@Nullable Message data, String method) implements Ask {}

    record Refresh(String token) implements Ask {
        @Override
        public String toString() {
            return "Refresh";
        }
    }

    record SubRefresh(String channel, String token, int type) implements Ask {
        @Override
        public String toString() {
            return "SubRefresh[" + channel + "]";
        }
    }
}
