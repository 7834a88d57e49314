package io.switchboard.hub;

import io.switchboard.message.Exclusion;
import io.switchboard.message.Fields;
import io.switchboard.message.Message;
import io.switchboard.message.Topic;
import io.switchboard.metrics.Meters;
import io.switchboard.protocol.CloseReason;
import io.switchboard.protocol.Command;
import io.switchboard.protocol.Event;
import io.switchboard.protocol.Event.Reason;
import io.switchboard.protocol.Namespace;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Carries out what clients ask, strictly in order for each session: while one command waits (for the broker's
 * confirmation, for the application), later ones queue and the client is not read from. Runs on the session's loop.
 */
final class Commands {
    private static final System.Logger LOG = System.getLogger(Commands.class.getName());
    private static final long HANDLER_MILLIS = 5_000;

    private final Hub hub;
    private final LongAdder published;
    private final LongAdder[] refusals = new LongAdder[Reason.values().length];

    Commands(Hub hub, Meters meters) {
        this.hub = hub;
        published = meters.counter("switchboard.published", "Messages published by clients");
        for (Reason reason : Reason.values()) {
            refusals[index(reason)] = meters.counter(
                    "switchboard.commands.refused",
                    "Commands not carried out",
                    "reason",
                    reason.name().toLowerCase(Locale.ROOT));
        }
    }

    @SuppressWarnings("EnumOrdinal") // An index into an array made from the same enum.
    private static int index(Reason reason) {
        return reason.ordinal();
    }

    void accept(Session session, Command command) {
        ArrayDeque<Command> waiting = session.waiting;
        if (waiting != null) {
            waiting.add(command);
        } else if (!session.closed && !session.leaving) {
            if (session.shard.fence.isFenced()) {
                holdUntilAwake(session, command);
            } else {
                run(session, command);
            }
        }
    }

    /** The place of this session may be another's by now. */
    private void holdUntilAwake(Session session, Command command) {
        hold(session);
        ArrayDeque<Command> waiting = session.waiting;
        if (waiting != null) {
            waiting.add(command);
        }
        session.shard.fence.whenAwake(() -> {
            if (!session.closed && !session.leaving) {
                guarded(session, () -> proceed(session));
            }
        });
    }

    private void run(Session session, Command command) {
        if (!withinRate(session, command)) {
            session.close(CloseReason.TOO_FAST);
            return;
        }
        switch (command) {
            case Command.Publish publish -> publish(session, publish);
            case Command.Join join -> join(session, join);
            case Command.Leave(Topic topic) -> leave(session, topic);
            case Command.Bind bind -> bind(session, bind);
            case Command.Echo(Message message) -> session.tell(new Event.Echoed(message));
            case Command.Act act -> act(session, act.action());
            case Command.Malformed(String why) -> refuse(session, Reason.MALFORMED, "", why);
        }
    }

    private boolean withinRate(Session session, Command command) {
        long second = session.shard.second();
        if (second != session.rateSecond) {
            session.rateSecond = second;
            session.rateCommands = 0;
            session.rateBytes = 0;
        }
        if (command instanceof Command.Publish publish) {
            session.rateBytes += publish.message().length();
        } else if (command instanceof Command.Act act) {
            session.rateBytes += act.cost();
        }
        return ++session.rateCommands <= hub.limits.commandsPerSecond()
                && session.rateBytes <= hub.limits.publishBytesPerSecond();
    }

    private void refuse(Session session, Reason reason, String subject, String detail) {
        refusals[index(reason)].increment();
        session.tell(new Event.Refused(reason, subject, session.user(), detail));
    }

    // Publish

    private void publish(Session session, Command.Publish publish) {
        Topic topic = publish.topic();
        Namespace.Access access = hub.namespaces.of(topic).publish();
        if (access == Namespace.Access.LISTENER && !session.listensTo(topic)) {
            boolean known = hub.known.contains(topic);
            refuse(session, known ? Reason.NOT_A_LISTENER : Reason.UNKNOWN_TOPIC, topic.name(), "");
        } else if (!permits(access, session, topic)) {
            refuse(session, Reason.NOT_PERMITTED, topic.name(), "publishing to this topic is not permitted");
        } else if (!hub.hasHandler) {
            deliver(session, publish, false);
        } else {
            decide(
                    session,
                    topic,
                    hub.handler.onPublish(session, topic, publish.message()),
                    () -> deliver(session, publish, false));
        }
    }

    private void deliver(Session session, Command.Publish publish, boolean notice) {
        published.increment();
        Delivery.of(
                session.shard,
                new Receipt(
                        hub.publication(
                                session.shard,
                                publish.topic(),
                                publish.message(),
                                session.sender(),
                                publish.exclusion(),
                                notice,
                                Fields.NONE),
                        session));
    }

    private static boolean permits(Namespace.Access access, Session session, Topic topic) {
        return switch (access) {
            case ANYONE -> true;
            case SIGNED_IN -> !session.user().isEmpty();
            case LISTENER -> session.listensTo(topic);
            case OWNER -> !session.user().isEmpty() && topic.rest().equals(session.user());
            // Plain commands carry no token.
            case TOKEN, NOBODY -> false;
        };
    }

    // Join and leave

    private void join(Session session, Command.Join join) {
        Topic topic = join.topic();
        if (session.listensTo(topic)) {
            joined(session, join);
        } else if (!permits(hub.namespaces.of(topic).subscribe(), session, topic)) {
            refuse(session, Reason.NOT_PERMITTED, topic.name(), "listening to this topic is not permitted");
        } else if (session.joinedCount >= hub.limits.topicsPerSession()) {
            tooManyTopics(session, topic);
        } else if (!hub.hasHandler) {
            acquire(session, join);
        } else {
            decide(session, topic, hub.handler.onJoin(session, topic), () -> acquire(session, join));
        }
    }

    private void tooManyTopics(Session session, Topic topic) {
        refuse(
                session,
                Reason.TOO_MANY_TOPICS,
                topic.name(),
                "a session listens to at most " + hub.limits.topicsPerSession() + " topics");
    }

    private void acquire(Session session, Command.Join join) {
        hold(session);
        session.shard.acquire(join.topic(), (members, confirmed) -> {
            if (session.closed || session.leaving) {
                session.shard.abandon(members);
            } else {
                guarded(session, () -> {
                    acquired(session, join, members, confirmed);
                    proceed(session);
                });
            }
        });
    }

    private void acquired(Session session, Command.Join join, Members members, boolean confirmed) {
        if (!confirmed) {
            session.degraded = true;
            hub.degraded.increment();
        }
        session.shard.join(session, members);
        joined(session, join);
        session.shard.attendees.came(session, join.topic());
    }

    /**
     * On the way back from a wait no caller catches what fails: it is our bug or the application's, it ends this
     * session, and nothing else.
     */
    static void guarded(Session session, Runnable continuation) {
        try {
            continuation.run();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "a command of " + session + " could not be carried out", e);
            session.close(CloseReason.INTERNAL);
        }
    }

    private void joined(Session session, Command.Join join) {
        session.tell(new Event.Joined(join.topic(), session.user()));
        Message notice = join.notice();
        if (notice != null) {
            deliver(session, new Command.Publish(join.topic(), notice, Exclusion.USER), true);
        }
    }

    private void leave(Session session, Topic topic) {
        session.shard.leave(session, topic);
        hub.bindings.release(session, topic);
        session.tell(new Event.Left(topic, session.user()));
    }

    // Bind

    private void bind(Session session, Command.Bind bind) {
        Topic topic = bind.topic();
        if (!session.user().isEmpty() && !session.user().equals(bind.user())) {
            refuse(session, Reason.NOT_PERMITTED, topic.name(), "this identity is another user's");
        } else if (session.listensTo(topic)) {
            session.tell(new Event.Joined(topic, session.user()));
        } else if (session.joinedCount >= hub.limits.topicsPerSession()) {
            tooManyTopics(session, topic);
        } else if (!hub.hasHandler) {
            take(session, bind);
        } else {
            decide(session, topic, hub.handler.onJoin(session, topic), () -> take(session, bind));
        }
    }

    private void take(Session session, Command.Bind bind) {
        Topic topic = bind.topic();
        hold(session);
        hub.bindings.bind(
                session,
                bind,
                holds -> guarded(session, () -> {
                    if (holds) {
                        session.tell(new Event.Joined(topic, session.user()));
                    } else {
                        refuse(session, Reason.INTERNAL, topic.name(), "the identity was not bound, try again");
                    }
                    if (!session.closed && !session.leaving) {
                        proceed(session);
                    }
                }));
    }

    // Whatever else

    private void act(Session session, Command.Action action) {
        var answered = new boolean[1];
        var waits = new boolean[1];
        guarded(
                session,
                () -> action.begin(new Talk(session), () -> {
                    if (!answered[0]) {
                        answered[0] = true;
                        if (waits[0] && session.lives()) {
                            guarded(session, () -> proceed(session));
                        }
                    }
                }));
        if (!answered[0] && session.lives()) {
            waits[0] = true;
            hold(session);
        }
    }

    void countPublished() {
        published.increment();
    }

    // Waiting

    private void decide(Session session, Topic topic, CompletionStage<Handler.Decision> stage, Runnable whenAllowed) {
        await(session, stage, decision -> {
            if (decision.allowed()) {
                whenAllowed.run();
            } else {
                refuse(session, Reason.NOT_PERMITTED, topic.name(), decision.why());
            }
        });
    }

    /** Goes on with the decision on the session's loop; a session that waits is not read from. */
    private void await(Session session, CompletionStage<Handler.Decision> stage, Consumer<Handler.Decision> then) {
        var future = stage.toCompletableFuture();
        if (future.isDone() && !future.isCompletedExceptionally()) {
            then.accept(future.join());
            return;
        }
        hold(session);
        var answered = new boolean[1];
        Consumer<Handler.Decision> once = decision -> session.shard.run(() -> {
            if (!answered[0]) {
                answered[0] = true;
                if (!session.closed && !session.leaving) {
                    guarded(session, () -> proceedWith(session, () -> then.accept(decision)));
                }
            }
        });
        var ignored = future.whenComplete((decision, failure) -> {
            if (failure != null) {
                LOG.log(System.Logger.Level.ERROR, "the application's handler failed", failure);
            }
            once.accept(failure == null ? decision : Handler.Decision.deny("internal error"));
        });
        session.shard.loop.schedule(
                () -> once.accept(Handler.Decision.deny("the application did not answer in time")), HANDLER_MILLIS);
    }

    private static void hold(Session session) {
        if (session.waiting == null) {
            session.waiting = new ArrayDeque<>(2);
            session.hold();
        }
    }

    /** The decision may lead to another wait (a join that was allowed is now subscribed): then the queue goes on. */
    private void proceedWith(Session session, Runnable then) {
        ArrayDeque<Command> queued = session.waiting;
        session.waiting = null;
        then.run();
        if (session.waiting == null) {
            session.waiting = queued;
            proceed(session);
        } else if (queued != null) {
            session.waiting.addAll(queued);
        }
    }

    /** Runs what queued meanwhile, and reads on unless one of those waits again. */
    private void proceed(Session session) {
        ArrayDeque<Command> queued = session.waiting;
        session.waiting = null;
        while (queued != null && !queued.isEmpty() && !session.closed) {
            run(session, queued.poll());
            ArrayDeque<Command> again = session.waiting;
            if (again != null) {
                again.addAll(queued);
                return;
            }
        }
        if (session.waiting == null && !session.closed) {
            session.proceed();
        }
    }
}
