package io.switchboard.hub;

import io.switchboard.protocol.Identity;
import io.switchboard.protocol.Refusal;
import io.switchboard.protocol.Request;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The application's door: decides who a connection is. Called on an event loop: never block here. */
public interface Authenticator {
    /** The answer of the door. */
    sealed interface Verdict {
        /** It is somebody: until its identity expires, if it does; then it is closed. */
        record Accepted(Identity identity) implements Verdict {
            public Accepted(String user) {
                this(Identity.of(user));
            }
        }

        record Rejected(Refusal refusal) implements Verdict {}
    }

    /** @param claimed the user the endpoint read from the request, empty if none */
    CompletionStage<Verdict> authenticate(Request request, String claimed);

    /** Believes what the path says. Only for networks where every client is trusted. */
    static Authenticator path() {
        return (request, claimed) -> CompletableFuture.completedFuture(new Verdict.Accepted(claimed));
    }
}
