package io.switchboard.server.api;

import io.switchboard.directory.Groups;
import io.switchboard.message.MalformedException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** The member lists of groups, which all nodes know. Groups and their members are numbers, as texts. */
final class GroupMethods {
    private final Groups groups;

    GroupMethods(Groups groups) {
        this.groups = groups;
    }

    void addTo(Map<String, ApiMethod> methods) {
        methods.put("group_members", this::members);
        methods.put("group_set", this::set);
        methods.put("group_update", this::update);
        methods.put("group_remove", this::remove);
        methods.put("user_groups", this::ofUser);
    }

    private static String number(String name, String text) throws MalformedException {
        if (!text.matches("-?\\d{1,19}")) {
            throw new MalformedException("field " + name + " has something that is not a number, as a string");
        }
        return text;
    }

    private static String group(JsonIn params) throws MalformedException {
        return number("group", params.needed("group"));
    }

    private static Set<String> users(JsonIn params, String name) throws MalformedException {
        var users = new TreeSet<String>();
        for (String user : params.texts(name)) {
            users.add(number(name, user));
        }
        return users;
    }

    private CompletionStage<Consumer<JsonOut>> members(JsonIn params) throws MalformedException {
        return groups.members(group(params)).thenApply(GroupMethods::told);
    }

    private static Consumer<JsonOut> told(Optional<Set<String>> members) {
        return out ->
                out.put("listed", members.isPresent()).strings("members", new TreeSet<>(members.orElse(Set.of())));
    }

    private CompletionStage<Consumer<JsonOut>> set(JsonIn params) throws MalformedException {
        if (!params.has("members")) {
            throw new MalformedException("field members is missing: an empty array is a list, group_remove removes it");
        }
        return groups.set(group(params), Optional.of(users(params, "members"))).thenApply(done -> out -> {});
    }

    private CompletionStage<Consumer<JsonOut>> update(JsonIn params) throws MalformedException {
        return groups.update(group(params), users(params, "add"), users(params, "remove"))
                .thenApply(done -> out -> {});
    }

    private CompletionStage<Consumer<JsonOut>> remove(JsonIn params) throws MalformedException {
        return groups.set(group(params), Optional.empty()).thenApply(done -> out -> {});
    }

    private CompletionStage<Consumer<JsonOut>> ofUser(JsonIn params) throws MalformedException {
        return groups.of(number("user", params.needed("user")))
                .thenApply(found -> out -> out.strings("groups", new TreeSet<>(found)));
    }
}
