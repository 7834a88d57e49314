package io.switchboard.hub;

import io.switchboard.directory.Groups;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Member lists whose changes all nodes know of by the time that whoever made one is told so: each is asked to look at
 * the store again. One that does not answer in time finds out by itself.
 */
final class SharedGroups implements Groups {
    private static final String LOOK = "groups";
    private static final long ANSWER_MILLIS = 1_000;

    private final Hub hub;
    private final Groups store;

    SharedGroups(Hub hub, Groups store) {
        this.hub = hub;
        this.store = store;
        hub.control.on(LOOK, words -> store.look().thenApply(done -> ""));
        store.listen(hub::membershipsChanged, hub::membershipsChanged);
    }

    @Override
    public CompletionStage<Void> change(Change change) {
        return store.change(change)
                .thenCompose(done -> hub.control.askAll(ANSWER_MILLIS, LOOK))
                .thenAccept(answers -> {});
    }

    @Override
    public boolean isListed(String group) {
        return store.isListed(group);
    }

    @Override
    public CompletionStage<Set<String>> of(String user) {
        return store.of(user);
    }

    @Override
    public CompletionStage<Optional<Set<String>>> members(String group) {
        return store.members(group);
    }

    @Override
    public void begin(Map<String, Set<String>> lists) {
        store.begin(lists);
    }

    @Override
    public CompletionStage<Void> look() {
        return store.look();
    }

    @Override
    public void listen(Consumer<String> changed, Runnable unsure) {
        store.listen(changed, unsure);
    }
}
