package io.switchboard.directory;

import io.switchboard.message.Names;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Who belongs to which group, as lists that nodes share where they share a directory. All methods may be called from
 * any thread, and none blocks; a stage that fails says that the store is down, or that nobody knows whether it has done
 * what was asked.
 *
 * <ol>
 *   <li>A group is <em>listed</em> from the first time it is given members until its list is removed; an empty list is
 *       a list.
 *   <li>After every change each user whose groups it changes is told to those who {@link #listen}, once the change can
 *       be read: here before the change's stage completes, on other nodes when they {@link #look}.
 *   <li>{@link #isListed} answers at once, from what is known here. Where nothing is known yet every group is listed:
 *       what may be meant for a few must not reach everybody.
 * </ol>
 */
public interface Groups {
    /** Members of one group: a list is changed in one step, and nobody shall wait for it long. */
    int MEMBERS_MAX = 10_000;

    /** Groups with a list. */
    int LISTS_MAX = 100_000;

    int NAME_BYTES_MAX = 200;

    /**
     * What shall become of a group's list.
     *
     * @param added with {@code SET} and {@code BEGIN} all members
     */
    record Change(Kind kind, String group, Set<String> added, Set<String> removed) {
        /** {@code BEGIN} leaves a group that has a list as it is; {@code UPDATE} gives it one if it has none. */
        public enum Kind {
            SET,
            BEGIN,
            UPDATE,
            REMOVE
        }

        /** @throws IllegalArgumentException if a name is no name, or there are too many */
        public Change {
            Names.check("the group's name", group, NAME_BYTES_MAX);
            added = Set.copyOf(added);
            removed = Set.copyOf(removed);
            if (added.size() > MEMBERS_MAX || removed.size() > MEMBERS_MAX) {
                throw new IllegalArgumentException(TOO_MANY_MEMBERS);
            }
            for (String user : added) {
                Names.check("a member's name", user, NAME_BYTES_MAX);
                if (removed.contains(user)) {
                    throw new IllegalArgumentException("a member is both to be added and to be removed: " + user);
                }
            }
            removed.forEach(user -> Names.check("a member's name", user, NAME_BYTES_MAX));
        }
    }

    String TOO_MANY_MEMBERS = "a group has at most " + MEMBERS_MAX + " members";
    String TOO_MANY_LISTS = "there are at most " + LISTS_MAX + " groups with a list: remove some";

    /** Whether the group has a member list. */
    boolean isListed(String group);

    /** The groups on whose lists the user stands. */
    CompletionStage<Set<String>> of(String user);

    /** The group's list, empty if it has none. */
    CompletionStage<Optional<Set<String>>> members(String group);

    /** Fails with {@link IllegalArgumentException}, and changes nothing, if there would be too many. */
    CompletionStage<Void> change(Change change);

    /** Gives the group this list instead of the one it has; an empty optional removes it. */
    default CompletionStage<Void> set(String group, Optional<Set<String>> members) {
        return change(new Change(
                members.isPresent() ? Change.Kind.SET : Change.Kind.REMOVE, group, members.orElse(Set.of()), Set.of()));
    }

    /** Takes some members in, and others out. */
    default CompletionStage<Void> update(String group, Set<String> added, Set<String> removed) {
        return change(new Change(Change.Kind.UPDATE, group, added, removed));
    }

    /** What groups without a list begin with, now and whenever the store has lost its data. */
    void begin(Map<String, Set<String>> lists);

    /** Learns what others have changed. */
    CompletionStage<Void> look();

    /**
     * Told on any thread; must not block.
     *
     * @param changed told each user whose groups have changed
     * @param unsure told when they may be anybody's
     */
    void listen(Consumer<String> changed, Runnable unsure);

    /** Lists in this process's memory. */
    static Groups local() {
        return new LocalGroups();
    }
}
