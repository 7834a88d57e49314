package io.switchboard.hub;

import io.switchboard.message.Message;
import io.switchboard.message.Position;
import io.switchboard.protocol.Conversation;
import io.switchboard.protocol.Event;
import io.switchboard.protocol.Listening;
import java.util.stream.Collectors;

/** What it said of its beginning, as {@code start 3 recovered [2, 3]}. */
final class Beginning implements Listening.Answer {
    private final Conversation with;

    Beginning(Conversation with) {
        this.with = with;
    }

    @Override
    public void begins(Listening.Start begun) {
        Position position = begun.position();
        String missed = begun.missed().stream()
                .map(publication -> publication.message().asText())
                .collect(Collectors.joining(" "));
        say("start " + (position == null ? "nowhere" : position.offset()) + (begun.recovered() ? " recovered" : "")
                + (missed.isEmpty() ? "" : " " + missed));
    }

    @Override
    public void fails(Event.Reason reason, String detail) {
        say("failed " + reason);
    }

    private void say(String text) {
        with.say(new Event.Echoed(Message.text(text)));
    }
}
