package io.switchboard.directory;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Member lists in memory, kept both ways. Changes are made one at a time; reading takes no lock. */
final class LocalGroups implements Groups {
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();

    // The sets in them are never changed.
    private final Map<String, Set<String>> lists = new ConcurrentHashMap<>();
    private final Map<String, Set<String>> groupsOf = new ConcurrentHashMap<>();

    @Override
    public boolean isListed(String group) {
        return lists.containsKey(group);
    }

    @Override
    public CompletionStage<Set<String>> of(String user) {
        return CompletableFuture.completedFuture(groupsOf.getOrDefault(user, Set.of()));
    }

    @Override
    public CompletionStage<Optional<Set<String>>> members(String group) {
        return CompletableFuture.completedFuture(Optional.ofNullable(lists.get(group)));
    }

    @Override
    public CompletionStage<Void> change(Change change) {
        Set<String> concerned;
        try {
            concerned = carryOut(change);
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedFuture(e);
        }
        concerned.forEach(user -> listeners.forEach(listener -> listener.accept(user)));
        return CompletableFuture.completedFuture(null);
    }

    /** Returns the users who have come or gone. */
    private synchronized Set<String> carryOut(Change change) {
        String group = change.group();
        Set<String> before = lists.getOrDefault(group, Set.of());
        boolean listed = lists.containsKey(group);
        Set<String> after = switch (change.kind()) {
            case SET -> change.added();
            case BEGIN -> listed ? before : change.added();
            case UPDATE -> {
                var members = new HashSet<>(before);
                members.addAll(change.added());
                members.removeAll(change.removed());
                yield Set.copyOf(members);
            }
            case REMOVE -> Set.of();
        };
        if (after.size() > MEMBERS_MAX) {
            throw new IllegalArgumentException(TOO_MANY_MEMBERS);
        }
        if (change.kind() == Change.Kind.REMOVE) {
            lists.remove(group);
        } else if (!listed && lists.size() >= LISTS_MAX) {
            throw new IllegalArgumentException(TOO_MANY_LISTS);
        } else {
            lists.put(group, after);
        }
        var concerned = new HashSet<String>();
        before.stream().filter(user -> !after.contains(user)).forEach(user -> {
            concerned.add(user);
            var left = new HashSet<>(groupsOf.getOrDefault(user, Set.of()));
            left.remove(group);
            if (left.isEmpty()) {
                groupsOf.remove(user);
            } else {
                groupsOf.put(user, Set.copyOf(left));
            }
        });
        after.stream().filter(user -> !before.contains(user)).forEach(user -> {
            concerned.add(user);
            var more = new HashSet<>(groupsOf.getOrDefault(user, Set.of()));
            more.add(group);
            groupsOf.put(user, Set.copyOf(more));
        });
        return concerned;
    }

    @Override
    public void begin(Map<String, Set<String>> begun) {
        begun.forEach((group, members) -> {
            var ignored = change(new Change(Change.Kind.BEGIN, group, members, Set.of()));
        });
    }

    /** There are no others. */
    @Override
    public CompletionStage<Void> look() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void listen(Consumer<String> changed, Runnable unsure) {
        listeners.add(changed);
    }
}
