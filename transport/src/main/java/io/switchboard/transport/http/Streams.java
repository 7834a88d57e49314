package io.switchboard.transport.http;

import io.switchboard.protocol.Refusal;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;

/** What becomes of requests on the paths of endpoints whose answer goes on. */
public interface Streams {
    /** Looks at a request's head; empty if there is no such endpoint at its path. */
    Optional<Judged> judge(RequestHead head) throws Refusal.Thrown;

    /** What is to be done with a request. */
    sealed interface Judged {}

    record Answered(HttpAnswer answer) implements Judged {}

    /**
     * Its body is waited for.
     *
     * @param refusalHeaders of the answer if the request is refused after all
     */
    record Expected(int bodyBytesMax, Map<String, String> refusalHeaders, Taker taker) implements Judged {}

    /** Takes over a connection whose request is whole. */
    interface Taker {
        /** Answers now or later, by {@link HttpConnection#giveWay} or {@link HttpConnection#refuse}. */
        void take(ByteBuffer body, HttpConnection connection) throws Refusal.Thrown;
    }
}
