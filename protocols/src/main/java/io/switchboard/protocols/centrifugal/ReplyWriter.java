package io.switchboard.protocols.centrifugal;

import io.switchboard.message.Message;
import io.switchboard.message.Position;
import io.switchboard.message.Publication;
import io.switchboard.protocol.CloseReason;
import io.switchboard.protocol.Conversation;
import io.switchboard.protocols.centrifugal.Reply.Push;
import io.switchboard.protocols.centrifugal.Reply.Result;
import java.util.List;
import java.util.OptionalLong;

/** Spells replies and pushes, in whichever form they are written. */
final class ReplyWriter {
    private static final int CONNECT_PUSH = 10;

    private ReplyWriter() {}

    static void failed(Reply.Failed failed, WireWriter out) {
        out.number(1, failed.id());
        out.begin(2, Shape.ERROR);
        out.number(1, failed.why().code());
        out.text(2, failed.why().text());
        out.flag(3, failed.why().temporary());
        out.end();
    }

    static void answer(Reply.Answer answer, WireWriter out) {
        out.number(1, answer.id());
        switch (answer.result()) {
            case Result.Connected connected -> {
                out.begin(5, Shape.CONNECTED);
                connected(connected, out);
            }
            case Result.Subscribed subscribed -> {
                out.begin(6, Shape.SUBSCRIBED);
                subscribed(subscribed, out);
            }
            case Result.Unsubscribed unsubscribed -> out.begin(7, Shape.NOTHING);
            case Result.Published published -> out.begin(8, Shape.NOTHING);
            case Result.Present(var attendees) -> {
                out.begin(9, Shape.PRESENCE);
                out.map(1, Shape.CLIENT_INFO, attendees, ReplyWriter::attendee);
            }
            case Result.Counted(int clients, int users) -> {
                out.begin(10, Shape.HEADCOUNT);
                out.fullNumber(1, clients);
                out.fullNumber(2, users);
            }
            case Result.Past(var publications, Position top) -> {
                out.begin(11, Shape.PAST);
                out.list(1, Shape.PUBLICATION, publications, PublicationWriter::members);
                out.fullText(2, top.epoch());
                out.fullNumber(3, top.offset());
            }
            case Result.Returned(Message data) -> {
                out.begin(13, Shape.DATA);
                out.data(1, data);
            }
            case Result.Refreshed refreshed -> {
                out.begin(14, Shape.REFRESHED);
                out.text(1, refreshed.client());
                out.text(2, refreshed.version());
                expiry(3, refreshed.ttl(), out);
            }
            case Result.SubRefreshed(OptionalLong ttl) -> {
                out.begin(15, Shape.EXPIRY);
                expiry(1, ttl, out);
            }
        }
        out.end();
    }

    /** Whether something expires, and in how many seconds: two members that follow each other. */
    private static void expiry(int number, OptionalLong ttl, WireWriter out) {
        out.flag(number, ttl.isPresent());
        out.number(number + 1, ttl.orElse(0));
    }

    private static void connected(Result.Connected connected, WireWriter out) {
        out.text(1, connected.client());
        out.text(2, connected.version());
        expiry(3, connected.ttl(), out);
        out.data(5, connected.data());
        if (!connected.subs().isEmpty()) {
            out.map(6, Shape.SUBSCRIBED, connected.subs(), ReplyWriter::subscribed);
        }
        life(connected, out);
    }

    /** What a connect reply and a connect push number alike. */
    private static void life(Result.Connected connected, WireWriter out) {
        out.number(7, connected.pingSeconds());
        out.flag(8, connected.pong());
        out.text(9, connected.session());
        out.text(10, connected.node());
    }

    private static void connectedPush(Result.Connected connected, WireWriter out) {
        out.text(1, connected.client());
        out.text(2, connected.version());
        out.data(3, connected.data());
        if (!connected.subs().isEmpty()) {
            out.map(4, Shape.SUBSCRIBED, connected.subs(), ReplyWriter::subscribed);
        }
        expiry(5, connected.ttl(), out);
        life(connected, out);
    }

    private static void subscribed(Result.Subscribed subscribed, WireWriter out) {
        expiry(1, subscribed.ttl(), out);
        out.flag(3, subscribed.recoverable());
        Position position = subscribed.position();
        if (position != null) {
            out.text(6, position.epoch());
        }
        if (!subscribed.publications().isEmpty()) {
            publications(subscribed, out);
        }
        out.flag(8, subscribed.recovered());
        if (position != null) {
            out.number(9, position.offset());
        }
        out.flag(10, subscribed.positioned());
        out.data(11, subscribed.data());
        out.flag(12, subscribed.wasRecovering());
        out.flag(13, subscribed.delta());
    }

    private static void publications(Result.Subscribed subscribed, WireWriter out) {
        List<Publication> publications = subscribed.publications();
        if (!subscribed.delta()) {
            out.list(7, Shape.PUBLICATION, publications, PublicationWriter::members);
            return;
        }
        var chain = new PublicationWriter.Chain();
        out.list(7, Shape.PUBLICATION, publications, chain);
    }

    private static void attendee(Conversation.Attendee attendee, WireWriter out) {
        out.fullText(1, attendee.who().user());
        out.fullText(2, attendee.who().session());
        out.data(3, attendee.info());
        out.data(4, attendee.topicInfo());
    }

    /** The members of a push. */
    static void pushed(String channel, Push push, WireWriter out) {
        out.text(2, channel);
        switch (push) {
            case Push.Unsubscribe(int code, String reason) -> {
                out.begin(7, Shape.UNSUBSCRIBED);
                out.number(2, code);
                out.text(3, reason);
            }
            case Push.Subscribe subscribe -> {
                out.begin(9, Shape.SUBSCRIBED_PUSH);
                out.flag(1, subscribe.recoverable());
                Position position = subscribe.position();
                if (position != null) {
                    out.text(4, position.epoch());
                    out.number(5, position.offset());
                }
                out.flag(6, subscribe.positioned());
                out.data(7, subscribe.data());
            }
            case Push.Refresh(OptionalLong ttl) -> {
                out.begin(12, Shape.EXPIRY);
                expiry(1, ttl, out);
            }
            case Result.Connected connected -> {
                out.begin(CONNECT_PUSH, Shape.CONNECTED_PUSH);
                connectedPush(connected, out);
            }
        }
        out.end();
    }

    /** The members of a push that says that the connection ends. */
    static void disconnected(CloseReason reason, WireWriter out) {
        out.begin(11, Shape.CODE_AND_REASON);
        out.number(1, reason.code());
        out.text(2, reason.text());
        out.flag(3, Ending.reconnects(reason.code()));
        out.end();
    }
}
