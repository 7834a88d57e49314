package io.switchboard.protocols.centrifugal;

import io.switchboard.message.Position;
import io.switchboard.protocol.Conversation;
import io.switchboard.protocols.centrifugal.Channels.Channel;
import io.switchboard.protocols.centrifugal.Reply.Result;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A client wants to know who listens to a channel, or what was published there. */
final class Looking {
    private final Parts parts;

    Looking(Parts parts) {
        this.parts = parts;
    }

    void presence(Turn turn, Ask.Presence ask) {
        Channel channel = attended(turn, ask.channel());
        if (channel != null) {
            answer(turn, turn.with().presence(channel.topic()), Result.Present::new);
        }
    }

    void stats(Turn turn, Ask.PresenceStats ask) {
        Channel channel = attended(turn, ask.channel());
        if (channel != null) {
            answer(
                    turn,
                    turn.with().headcount(channel.topic()),
                    count -> new Result.Counted(count.sessions(), count.users()));
        }
    }

    /** The channel, if the client may know who listens to it; else it has been told that not. */
    private @Nullable Channel attended(Turn turn, String name) {
        Channel channel = found(turn, name);
        if (channel == null) {
            return null;
        } else if (!channel.namespace().attendance().kept()) {
            turn.fail(ErrorCode.NOT_AVAILABLE);
            return null;
        } else if (!parts.channels()
                .mayReadPresence(channel, turn.with().identity().user(), listens(turn, channel))) {
            turn.fail(ErrorCode.PERMISSION_DENIED);
            return null;
        }
        return channel;
    }

    private @Nullable Channel found(Turn turn, String name) {
        if (name.isEmpty()) {
            turn.end(Ending.BAD_REQUEST);
            return null;
        }
        try {
            return parts.channels().find(name, turn.with());
        } catch (Channels.Refused e) {
            turn.fail(e.code());
            return null;
        }
    }

    private static boolean listens(Turn turn, Channel channel) {
        Client.Sub sub = turn.client().sub(channel.topic());
        return sub != null && sub.active;
    }

    private static <T> void answer(Turn turn, CompletionStage<T> stage, Function<T, Result> result) {
        turn.with().await(stage, (value, failure) -> {
            if (value == null) {
                turn.fail(ErrorCode.INTERNAL);
            } else {
                turn.answer(result.apply(value));
            }
        });
    }

    void history(Turn turn, Ask.History ask) {
        Channel channel = found(turn, ask.channel());
        if (channel == null) {
            return;
        }
        Ask.Resume since = ask.since();
        if (!channel.namespace().history().isKept()) {
            turn.fail(ErrorCode.NOT_AVAILABLE);
        } else if (!parts.channels()
                .mayReadHistory(channel, turn.with().identity().user(), listens(turn, channel))) {
            turn.fail(ErrorCode.PERMISSION_DENIED);
        } else if (ask.reverse() && since != null && since.offset() == 0) {
            turn.fail(ErrorCode.BAD_REQUEST);
        } else {
            var query = new Conversation.HistoryQuery(
                    ask.limit(), since == null ? null : new Position(since.offset(), since.epoch()), ask.reverse());
            turn.with().await(turn.with().history(channel.topic(), query), (past, failure) -> {
                if (past == null) {
                    turn.fail(ErrorCode.INTERNAL);
                } else if (!past.epochMatches()
                        && since != null
                        && !since.epoch().isEmpty()) {
                    turn.fail(ErrorCode.UNRECOVERABLE_POSITION);
                } else {
                    turn.answer(new Result.Past(past.publications(), past.top()));
                }
            });
        }
    }
}
