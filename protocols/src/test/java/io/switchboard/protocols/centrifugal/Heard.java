package io.switchboard.protocols.centrifugal;

import io.switchboard.message.Fields;
import io.switchboard.message.Message;
import io.switchboard.message.Position;
import io.switchboard.message.Topic;
import io.switchboard.protocol.CloseReason;
import io.switchboard.protocol.Command;
import io.switchboard.protocol.Conversation;
import io.switchboard.protocol.Event;
import io.switchboard.protocol.Identity;
import io.switchboard.protocol.Listening;
import io.switchboard.protocol.Namespace;
import io.switchboard.protocol.Refusal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A session as one client hears it, in JSON; everything happens at once, and time passes when told to. */
final class Heard implements Conversation {
    private static final int LIMIT = 300;

    /** Something for later. */
    private record Timer(long at, Runnable task) {}

    final List<String> texts = new ArrayList<>();
    final Map<Topic, Listening> listening = new LinkedHashMap<>();
    final Map<String, Namespace> namespaces = new HashMap<>();
    final List<String> published = new ArrayList<>();
    final Client client;

    private final Conduct conduct;
    private final List<Timer> timers = new ArrayList<>();
    private final Deque<Command> waiting = new ArrayDeque<>();
    private final Spelled spelled;
    private boolean running;
    private long millis = 1_000_000;
    private Identity identity = Identity.NOBODY;
    int closed;
    boolean confirms = true;

    /** What the next to listen finds. */
    Listening.Start start = new Listening.Start(null, false, List.of(), true);

    Heard(Conduct conduct, Client client) {
        this.conduct = conduct;
        this.client = client;
        this.spelled = Spelled.by(client.dialect);
        conduct.opened(client, this);
    }

    /** Says something; returns what it heard since. */
    List<String> says(String frame) {
        conduct.decode(client, Message.Kind.TEXT, Spelled.json(frame), waiting::add);
        run();
        return heard();
    }

    private void run() {
        while (!running && closed == 0 && !waiting.isEmpty()) {
            if (waiting.remove() instanceof Command.Act act) {
                running = true;
                act.action().begin(this, () -> {
                    running = false;
                    run();
                });
            }
        }
    }

    List<String> heard() {
        List<String> all = List.copyOf(texts);
        texts.clear();
        return all;
    }

    /** Time passes. */
    List<String> after(long more) {
        long until = millis + more;
        while (closed == 0) {
            Timer next = null;
            for (Timer timer : timers) {
                next = timer.at <= until && (next == null || timer.at < next.at) ? timer : next;
            }
            if (next == null) {
                break;
            }
            timers.remove(next);
            millis = next.at;
            next.task.run();
        }
        millis = until;
        return heard();
    }

    @Override
    public String id() {
        return "me";
    }

    @Override
    public Identity identity() {
        return identity;
    }

    @Override
    public long millis() {
        return millis;
    }

    @Override
    public Namespace namespace(Topic topic) {
        return namespaces.getOrDefault(topic.namespace(), Namespace.UNKNOWN);
    }

    @Override
    public void say(Event event) {
        texts.add(spelled.one(event));
    }

    @Override
    public void close(CloseReason reason) {
        closed = Ending.of(reason).code();
    }

    @Override
    public void later(Runnable task, long wait) {
        timers.add(new Timer(millis + wait, task));
    }

    @Override
    public <T> void await(CompletionStage<T> stage, BiConsumer<@Nullable T, @Nullable Throwable> then) {
        var ignored = stage.whenComplete(then);
    }

    @Override
    public void identify(Identity known, Consumer<@Nullable Refusal> then) {
        identity = known;
        then.accept(null);
    }

    @Override
    public int topicCount() {
        return listening.size();
    }

    @Override
    public boolean listensTo(Topic topic) {
        return listening.containsKey(topic);
    }

    @Override
    public void listen(Topic topic, Listening how, Listening.Answer answer) {
        listening.put(topic, how);
        answer.begins(new Listening.Start(start.position(), start.recovered(), start.missed(), confirms));
    }

    @Override
    public void leave(Topic topic) {
        listening.remove(topic);
    }

    @Override
    public void publish(Topic topic, Message message, Fields fields, boolean kept, Consumer<Published> then) {
        published.add(topic + " " + message.asText() + (kept ? "" : " (not kept)"));
        then.accept(new Published(null, null));
    }

    @Override
    public CompletionStage<History> history(Topic topic, HistoryQuery query) {
        // As the hub has it, the limit is the hub's.
        int limit = query.limit() < 0 ? LIMIT : query.limit();
        return CompletableFuture.completedFuture(
                new History(List.of(), new Position(limit, "ep"), query.since() == null));
    }

    @Override
    public CompletionStage<Map<String, Attendee>> presence(Topic topic) {
        return CompletableFuture.completedFuture(Map.of());
    }

    @Override
    public CompletionStage<Headcount> headcount(Topic topic) {
        return CompletableFuture.completedFuture(new Headcount(2, 1, true));
    }
}
