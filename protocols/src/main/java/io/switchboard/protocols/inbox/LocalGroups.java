package io.switchboard.protocols.inbox;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Member lists in memory, kept both ways. Changes are made one at a time; reading takes no lock. */
final class LocalGroups implements Groups {
    private record Lists(Map<String, Set<String>> members, Map<String, Set<String>> groups) {}

    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
    private volatile Lists lists = new Lists(Map.of(), Map.of());

    @Override
    public boolean isListed(String group) {
        return lists.members().containsKey(group);
    }

    @Override
    public CompletionStage<Set<String>> of(String user) {
        return CompletableFuture.completedFuture(lists.groups().getOrDefault(user, Set.of()));
    }

    @Override
    public CompletionStage<Optional<Set<String>>> members(String group) {
        return CompletableFuture.completedFuture(
                Optional.ofNullable(lists.members().get(group)));
    }

    @Override
    public CompletionStage<Void> set(String group, Optional<Set<String>> members) {
        Set<String> changed = replace(group, members.map(Set::copyOf));
        changed.forEach(user -> listeners.forEach(listener -> listener.accept(user)));
        return CompletableFuture.completedFuture(null);
    }

    /** Returns the users who have come or gone. Lists change seldom and are read often: hence the copies. */
    private synchronized Set<String> replace(String group, Optional<Set<String>> now) {
        var members = new HashMap<>(lists.members());
        var groups = new HashMap<>(lists.groups());
        Set<String> before = members.getOrDefault(group, Set.of());
        Set<String> after = now.orElse(Set.of());
        if (now.isPresent()) {
            members.put(group, after);
        } else {
            members.remove(group);
        }
        var changed = new HashSet<String>();
        before.stream().filter(user -> !after.contains(user)).forEach(user -> {
            changed.add(user);
            var left = new HashSet<>(groups.getOrDefault(user, Set.of()));
            left.remove(group);
            if (left.isEmpty()) {
                groups.remove(user);
            } else {
                groups.put(user, Set.copyOf(left));
            }
        });
        after.stream().filter(user -> !before.contains(user)).forEach(user -> {
            changed.add(user);
            var more = new HashSet<>(groups.getOrDefault(user, Set.of()));
            more.add(group);
            groups.put(user, Set.copyOf(more));
        });
        lists = new Lists(Map.copyOf(members), Map.copyOf(groups));
        return changed;
    }

    @Override
    public void listen(Consumer<String> changed) {
        listeners.add(changed);
    }
}
