package io.switchboard.hub;

import io.switchboard.message.MalformedException;
import io.switchboard.message.Message;
import io.switchboard.message.Origin;
import io.switchboard.message.Position;
import io.switchboard.message.Topic;
import io.switchboard.metrics.Meters;
import io.switchboard.protocol.CloseReason;
import io.switchboard.protocol.Instruction;
import io.switchboard.protocol.Listening;
import io.switchboard.protocol.Namespace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Instructions for sessions, from whichever node to those on whichever node. Of one session the id says where it is; of
 * a user or a token all nodes are asked. Each node answers how many sessions it has told.
 */
final class Instructions {
    private static final String WORD = "instruct";
    private static final long ANSWER_MILLIS = 2_000;

    /** Before the words of the instruction stand: the word itself, user, session, token, and who is not meant. */
    private static final int WHOM_WORDS = 5;

    private final Hub hub;
    private final LongAdder told;
    private final LongAdder silent;

    Instructions(Hub hub, Meters meters) {
        this.hub = hub;
        told = meters.counter(
                "switchboard.instructed", "Sessions of this node that the application had something done with");
        silent = meters.counter(
                "switchboard.instructions.silent", "Nodes that did not answer to an instruction in time");
        hub.control.on(WORD, this::heard);
    }

    /** From any thread. A listening's filter goes no further than this node: give none. */
    CompletionStage<Reached> instruct(Whom whom, Instruction instruction) {
        String[] words = words(whom, instruction);
        if (!whom.session().isEmpty()) {
            return toNodeOf(whom.session(), words);
        }
        return hub.control.askAll(ANSWER_MILLIS, words).thenApply(answers -> {
            silent.add(answers.silent());
            int sessions = answers.given().values().stream()
                    .mapToInt(Integer::parseInt)
                    .sum();
            return new Reached(sessions, answers.given().size(), answers.silent());
        });
    }

    private CompletionStage<Reached> toNodeOf(String session, String[] words) {
        Optional<Origin> node = hub.control.nodeOf(SessionId.incarnation(session));
        if (node.isEmpty()) {
            return CompletableFuture.completedFuture(new Reached(0, 0, 0));
        }
        return hub.control.ask(node.get(), ANSWER_MILLIS, words).handle((answer, failure) -> {
            if (failure != null) {
                silent.increment();
                return new Reached(0, 0, 1);
            }
            return new Reached(Integer.parseInt(answer), 1, 0);
        });
    }

    private CompletionStage<String> heard(String[] words) {
        try {
            return here(whom(words), instruction(words)).thenApply(count -> Integer.toString(count));
        } catch (MalformedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Those of this node. */
    private CompletionStage<Integer> here(Whom whom, Instruction instruction) {
        var count = new int[1];
        return hub.overShards(count, shard -> {
                    var meant = new ArrayList<Session>();
                    if (!whom.session().isEmpty()) {
                        Session one = shard.session(whom.session());
                        if (one != null) {
                            meant.add(one);
                        }
                    } else if (!whom.user().isEmpty()) {
                        meant.addAll(shard.ofUser(whom.user()));
                    } else {
                        shard.sessions.forEach(meant::add);
                    }
                    for (Session session : meant) {
                        if (whom.means(session) && session.admitted && session.lives()) {
                            session.instruct(instruction);
                            count[0]++;
                        }
                    }
                })
                .thenApply(all -> {
                    told.add(all[0]);
                    return all[0];
                });
    }

    // How it is spelled

    private static String[] words(Whom whom, Instruction instruction) {
        var words = new ArrayList<String>(
                List.of(WORD, whom.user(), whom.session(), whom.token(), String.join("\t", whom.except())));
        switch (instruction) {
            case Instruction.Subscribe(var topic, var listening, var data, var expires) -> {
                words.addAll(List.of("subscribe", topic.name(), line(data), number(expires)));
                words.addAll(words(listening));
            }
            case Instruction.Unsubscribe(var topic, var code, var reason) ->
                words.addAll(List.of("unsubscribe", topic.name(), Integer.toString(code), line(Message.text(reason))));
            case Instruction.Disconnect(var reason) ->
                words.addAll(List.of("disconnect", Integer.toString(reason.code()), line(Message.text(reason.text()))));
            case Instruction.Refresh(var expired, var expires, var info) ->
                words.addAll(List.of("refresh", Boolean.toString(expired), number(expires), line(info)));
        }
        return words.toArray(String[]::new);
    }

    private static List<String> words(Listening listening) {
        Position since = listening.since();
        return List.of(
                Boolean.toString(listening.positioned()),
                since == null ? "" : since.offset() + " " + since.epoch(),
                listening.recovery().name(),
                Boolean.toString(listening.delta()),
                Boolean.toString(listening.present()),
                Boolean.toString(listening.announced()),
                line(listening.info()));
    }

    private static Whom whom(String[] words) {
        return new Whom(words[1], words[2], words[3], words[4].isEmpty() ? Set.of() : Set.of(words[4].split("\t", -1)));
    }

    private static Instruction instruction(String[] words) throws MalformedException {
        int at = WHOM_WORDS;
        return switch (words[at]) {
            case "subscribe" ->
                new Instruction.Subscribe(
                        Topic.of(words[at + 1]),
                        listening(words, at + 4),
                        message(words[at + 2]),
                        number(words[at + 3]));
            case "unsubscribe" ->
                new Instruction.Unsubscribe(
                        Topic.of(words[at + 1]), Integer.parseInt(words[at + 2]), text(words[at + 3]));
            case "disconnect" ->
                new Instruction.Disconnect(new CloseReason(Integer.parseInt(words[at + 1]), text(words[at + 2])));
            case "refresh" ->
                new Instruction.Refresh(
                        Boolean.parseBoolean(words[at + 1]), number(words[at + 2]), message(words[at + 3]));
            default -> throw new MalformedException("no such instruction: " + words[at]);
        };
    }

    private static Listening listening(String[] words, int at) throws MalformedException {
        int space = words[at + 1].indexOf(' ');
        Position since = space < 0
                ? null
                : new Position(Long.parseLong(words[at + 1].substring(0, space)), words[at + 1].substring(space + 1));
        return new Listening(
                Boolean.parseBoolean(words[at]),
                since,
                Namespace.Recovery.valueOf(words[at + 2]),
                Boolean.parseBoolean(words[at + 3]),
                Boolean.parseBoolean(words[at + 4]),
                Boolean.parseBoolean(words[at + 5]),
                message(words[at + 6]),
                null);
    }

    private static String number(OptionalLong number) {
        return number.isPresent() ? Long.toString(number.getAsLong()) : "";
    }

    private static OptionalLong number(String text) {
        return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
    }

    private static String line(@Nullable Message message) {
        return message == null ? "" : message.asLine();
    }

    private static @Nullable Message message(String line) throws MalformedException {
        return line.isEmpty() ? null : Message.ofLine(line);
    }

    private static String text(String line) throws MalformedException {
        return Message.ofLine(line).asText();
    }
}
