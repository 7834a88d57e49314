package io.switchboard.protocol;

import io.switchboard.message.Topic;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What a user's sessions listen to because others have decided so, as the groups on whose member lists the user stands.
 * Asked on event loops: never block here. Who changes the lists tells the hub, and every session asks again.
 */
public interface Memberships {
    /** Nothing of the kind. */
    Memberships NONE = user -> CompletableFuture.completedFuture(List.of());

    CompletionStage<List<Topic>> of(String user);
}
