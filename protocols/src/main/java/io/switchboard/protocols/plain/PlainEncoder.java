package io.switchboard.protocols.plain;

import io.switchboard.message.Message;
import io.switchboard.protocol.Encoder;
import io.switchboard.protocol.Event;
import io.switchboard.protocol.FrameSink;
import io.switchboard.protocols.json.JsonReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.LongAdder;

/** Messages as they are, each one text frame; and one line of our own, {@code error: …}, when something was refused. */
public final class PlainEncoder implements Encoder {
    private final LongAdder skipped;

    /** @param skipped counts binary messages, which these protocols have no form for */
    public PlainEncoder(LongAdder skipped) {
        this.skipped = skipped;
    }

    @Override
    public void encode(Event event, FrameSink out) {
        switch (event) {
            case Event.Published(var publication) -> text(publication.message(), out);
            case Event.Echoed(var message) -> text(message, out);
            case Event.Refused refused -> {
                byte[] words = ("error: " + refused.detail()).getBytes(StandardCharsets.UTF_8);
                out.begin(true, words.length);
                out.write(words);
                out.end();
            }
            case Event.Joined joined -> {}
            case Event.Left left -> {}
            case Event.Gap gap -> {}
            case Event.Closing closing -> {}
            case Event.Attended attended -> {}
            case Event.Said said -> {}
        }
    }

    private void text(Message message, FrameSink out) {
        if (message.kind() == Message.Kind.BINARY) {
            skipped.increment();
            return;
        }
        Message compact = JsonReader.compacted(message);
        out.begin(true, compact.length());
        compact.writeTo(out);
        out.end();
    }
}
