package io.switchboard.bench.load;

import io.switchboard.bench.target.Spelling.Reply;
import io.switchboard.bench.wire.Link;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A server's heartbeat that is an ordinary message, and the answer it wants. */
final class Heartbeat {
    private final byte[] beat;
    private final byte[] answer;

    Heartbeat(Reply reply) {
        beat = reply.to().getBytes(StandardCharsets.UTF_8);
        answer = reply.with().getBytes(StandardCharsets.UTF_8);
    }

    boolean answered(Link link, byte[] bytes, int from, int to) {
        boolean is = Arrays.equals(bytes, from, to, beat, 0, beat.length);
        if (is) {
            link.send(false, answer, answer.length);
        }
        return is;
    }
}
