package io.switchboard.server;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Something that can say goodbye to its clients before it closes. */
public interface Drainable {
    /** Refuses new connections and closes the others, spread over the time; completes when all are gone. */
    CompletionStage<Void> drain(Duration spread);
}
