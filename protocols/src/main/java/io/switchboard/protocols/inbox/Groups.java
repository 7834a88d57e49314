package io.switchboard.protocols.inbox;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Who belongs to which group. All methods may be called from any thread, and none blocks.
 *
 * <ol>
 *   <li>A group is <em>listed</em> from the first time it is given members until its list is removed; an empty list is
 *       a list.
 *   <li>After every change each user whose groups it changes is told to those who {@link #listen}, once the change can
 *       be read.
 *   <li>{@link #isListed} answers at once, from what is known here.
 * </ol>
 */
public interface Groups {
    /** Whether the group has a member list. */
    boolean isListed(String group);

    /** The groups on whose lists the user stands. */
    CompletionStage<Set<String>> of(String user);

    /** The group's list, empty if it has none. */
    CompletionStage<Optional<Set<String>>> members(String group);

    /** Gives the group this list instead of the one it has; an empty optional removes it. */
    CompletionStage<Void> set(String group, Optional<Set<String>> members);

    /** @param changed told each user whose groups have changed, on any thread; must not block */
    void listen(Consumer<String> changed);

    /** Lists in this process's memory. */
    static Groups local() {
        return new LocalGroups();
    }
}
