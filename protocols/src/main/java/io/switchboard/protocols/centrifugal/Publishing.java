package io.switchboard.protocols.centrifugal;

import io.switchboard.message.Fields;
import io.switchboard.message.Message;
import io.switchboard.protocol.Backend;
import io.switchboard.protocol.Conversation;
import io.switchboard.protocols.centrifugal.Channels.Channel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A client publishes to a channel, or says something to the application. */
final class Publishing {
    private final Parts parts;

    Publishing(Parts parts) {
        this.parts = parts;
    }

    void publish(Turn turn, Ask.Publish ask) {
        if (ask.channel().isEmpty()) {
            turn.end(Ending.BAD_REQUEST);
            return;
        }
        if (ask.type() != 0) {
            turn.fail(ErrorCode.NOT_AVAILABLE);
            return;
        }
        try {
            Channel channel = parts.channels().find(ask.channel(), turn.with());
            Message data = ask.data();
            if (data == null) {
                throw new Channels.Refused(ErrorCode.BAD_REQUEST);
            }
            decide(turn, channel, data);
        } catch (Channels.Refused e) {
            turn.fail(e.code());
        }
    }

    private void decide(Turn turn, Channel channel, Message data) {
        Conversation with = turn.with();
        Client.Sub sub = turn.client().sub(channel.topic());
        boolean listens = sub != null && sub.active;
        if (!Channels.isNobodys(channel)
                && parts.backend()
                        .decides(Backend.Question.PUBLISH, channel.namespace().name())) {
            var question = new Backend.Publish(parts.caller(turn.client(), with), channel.topic(), data);
            with.await(parts.backend().publish(question), (reply, failure) -> replied(turn, channel, data, reply));
        } else if (parts.channels().mayPublish(channel, with.identity().user(), listens)) {
            send(turn, channel, data, true);
        } else {
            turn.fail(ErrorCode.PERMISSION_DENIED);
        }
    }

    private void replied(Turn turn, Channel channel, Message data, Backend.@Nullable Reply<Backend.ToPublish> reply) {
        switch (reply) {
            case Backend.Reply.Granted<Backend.ToPublish>(Backend.ToPublish permitted) -> {
                Message instead = permitted.data();
                send(turn, channel, instead == null ? data : instead, !permitted.skipHistory());
            }
            case Backend.Reply.Denied<Backend.ToPublish>(int code, String text, boolean temporary) ->
                turn.fail(new ErrorCode.Failure(code, text, temporary));
            case Backend.Reply.Dismissed<Backend.ToPublish>(var reason) -> turn.end(reason);
            case null -> turn.fail(ErrorCode.INTERNAL);
        }
    }

    /**
     * The next command does not wait until this publication has its answer: those of one client stay in order on the
     * way, and share it.
     */
    private static void send(Turn turn, Channel channel, Message data, boolean kept) {
        Conversation with = turn.with();
        Client.Sub sub = turn.client().sub(channel.topic());
        Fields fields = with(Fields.NONE, Fields.INFO, with.identity().info());
        fields = with(fields, Fields.TOPIC_INFO, sub == null ? null : sub.info);
        var answer = new Turn(turn.client(), with, turn.id(), () -> {});
        with.publish(channel.topic(), data, fields, kept, published -> {
            if (published.reason() == null) {
                answer.answer(new Reply.Result.Published());
            } else {
                answer.fail(ErrorCode.INTERNAL);
            }
        });
        turn.pass();
    }

    private static Fields with(Fields fields, int number, @Nullable Message info) {
        if (info == null) {
            return fields;
        } else if (info.kind() == Message.Kind.JSON) {
            return fields.with(number, info.toByteArray());
        }
        // Others read it as JSON.
        return fields.with(number, JsonWriter.value(info).getBytes(StandardCharsets.UTF_8));
    }

    // To the application

    void rpc(Turn turn, Ask.Rpc ask) {
        if (!parts.backend().decides(Backend.Question.RPC, "")) {
            turn.fail(ErrorCode.NOT_AVAILABLE);
            return;
        }
        Conversation with = turn.with();
        Message data = ask.data();
        var question = new Backend.Rpc(
                parts.caller(turn.client(), with), ask.method(), data == null ? Message.binary(new byte[0]) : data);
        with.await(parts.backend().rpc(question), (reply, failure) -> {
            switch (reply) {
                case Backend.Reply.Granted<Backend.Returned>(Backend.Returned returned) ->
                    turn.answer(new Reply.Result.Returned(returned.data()));
                case Backend.Reply.Denied<Backend.Returned>(int code, String text, boolean temporary) ->
                    turn.fail(new ErrorCode.Failure(code, text, temporary));
                case Backend.Reply.Dismissed<Backend.Returned>(var reason) -> turn.end(reason);
                case null -> turn.fail(ErrorCode.INTERNAL);
            }
        });
    }

    void send(Turn turn, Ask.Send ask) {
        if (!parts.backend().decides(Backend.Question.SEND, "")) {
            turn.end(Ending.NOT_AVAILABLE);
            return;
        }
        Message data = ask.data();
        parts.backend()
                .sent(parts.caller(turn.client(), turn.with()), data == null ? Message.binary(new byte[0]) : data);
        turn.pass();
    }
}
