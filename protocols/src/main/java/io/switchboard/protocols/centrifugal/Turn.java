package io.switchboard.protocols.centrifugal;

import io.switchboard.protocol.CloseReason;
import io.switchboard.protocol.Conversation;
import io.switchboard.protocol.Event;
import io.switchboard.protocols.centrifugal.Reply.Result;

/** One command being carried out: whoever has it ends it, once, in one of these ways; then comes the next. */
record Turn(Client client, Conversation with, long id, Runnable done) {
    void answer(Result result) {
        boolean pushed = client.dialect.unidirectional();
        if (pushed && result instanceof Result.Connected connected) {
            with.say(new Event.Said(new Reply.Pushed("", connected)));
        } else if (!pushed) {
            with.say(new Event.Said(new Reply.Answer(id, result)));
        }
        done.run();
    }

    void fail(ErrorCode code) {
        fail(code.failure());
    }

    void fail(ErrorCode.Failure why) {
        if (client.dialect.unidirectional()) {
            end(why.asEnd());
            return;
        }
        with.say(new Event.Said(new Reply.Failed(id, why)));
        done.run();
    }

    /** There is nothing to say. */
    void pass() {
        done.run();
    }

    /** The client has to go. */
    void end(CloseReason reason) {
        with.close(reason);
        done.run();
    }
}
