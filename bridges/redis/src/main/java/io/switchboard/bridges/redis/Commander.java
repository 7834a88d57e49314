package io.switchboard.bridges.redis;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.switchboard.backplane.Address;
import io.switchboard.backplane.Backoff;
import io.switchboard.backplane.RareLog;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends scripts and commands to the server that has their key. Those of one key are done in the order in which they
 * were asked, also when some must be sent again because a slot has moved, or the server has forgotten a script; one
 * that has been overtaken then is not done at all. What cannot be sent now fails at once: those who ask know what to
 * do then.
 */
final class Commander implements CommandSide.Owner {
    private static final int TICK_MILLIS = 100;
    private static final int HELD_UP_MILLIS = 1_000;
    private static final int REDIRECTIONS_MAX = 5;
    private static final int LOCATE_AGAIN_MILLIS = 10_000;
    private static final long PATIENCE_MILLIS = 2_000;
    private static final long START_NANOS = System.nanoTime();

    /** Stands among the words of a command for the run of the server that it goes to. */
    static final String RUN = "\0run";

    /**
     * How it speaks.
     *
     * @param what for the log
     * @param charset of words in both directions; a single-byte one keeps any bytes
     * @param scripts that the server must know before anything is asked
     * @param majorMin the oldest server that will do
     */
    record Manner(String what, Charset charset, List<Script> scripts, int majorMin) {
        static final Manner DIRECTORY = new Manner("directory", StandardCharsets.UTF_8, List.of(), 0);

        /** Whether it matters which run of the server it speaks to. */
        boolean knowsRun() {
            return !scripts.isEmpty();
        }

        RespParser parser() {
            return scripts.isEmpty() ? new RespParser() : new RespParser(charset, RespParser.PAYLOAD_BYTES_MAX);
        }
    }

    private final Dialer dialer;
    private final Manner manner;
    private final Topology topology;
    private final EventLoop loop;
    private final RareLog log = new RareLog(Commander.class.getPackageName());
    private final Backoff backoff = new Backoff();
    private final Map<Address, CommandSide> sides = new HashMap<>();
    private final Map<Integer, Address> slots = new HashMap<>();
    private final Set<CommandSide> written = new HashSet<>();

    /** Servers that were lost since it was looked last where they are. */
    private final Set<Address> lost = new HashSet<>();

    /** By key: what waits for its turn. */
    private final Map<String, Detour> detours = new LinkedHashMap<>();

    private @Nullable Layout layout;
    private @Nullable ScheduledFuture<?> ticking;
    private boolean locating;
    private boolean closed;
    private long locatedAt;
    private long locateAt;
    private long lastTick;

    /** Commands for one key that are to be sent when those that have been sent before have their replies. */
    private static final class Detour {
        final List<Call> again = new ArrayList<>();
        final List<Call> later = new ArrayList<>();
        final long since = now();
        int underWay;
    }

    Commander(Dialer dialer, Topology topology, Manner manner) {
        this.manner = manner;
        this.dialer = dialer;
        this.topology = topology;
        this.loop = dialer.eventLoop();
    }

    void start() {
        pass(() -> {
            lastTick = now();
            ticking = loop.scheduleAtFixedRate(this::tick, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
        });
    }

    static long now() {
        return (System.nanoTime() - START_NANOS) / 1_000_000;
    }

    private boolean pass(Runnable task) {
        try {
            loop.execute(task);
            return true;
        } catch (RejectedExecutionException _ended) {
            return false;
        }
    }

    private void tick() {
        long now = now();
        boolean heldUp = now - lastTick > HELD_UP_MILLIS;
        lastTick = now;
        if (heldUp || closed) {
            // Replies may have been waiting while this loop was: first read them, then judge.
            return;
        }
        List.copyOf(sides.values()).forEach(side -> side.tick(now));
        boolean old =
                layout == null || !lost.isEmpty() || (topology.changes() && now - locatedAt > LOCATE_AGAIN_MILLIS);
        if (old && !locating && now >= locateAt) {
            locate();
        }
        if (!detours.isEmpty()) {
            resumeAll();
            Map.copyOf(detours).forEach((key, detour) -> giveUp(key, detour, now));
        }
    }

    private void locate() {
        locating = true;
        topology.find(
                found -> {
                    locating = false;
                    if (!closed) {
                        located(found);
                    }
                },
                why -> {
                    locating = false;
                    locateAt = now() + backoff.next(false);
                    log.warn("locate", why, now());
                });
    }

    private void located(Layout found) {
        Layout before = layout;
        if (before != null && !before.hasOwnersOf(found)) {
            hold();
        }
        layout = found;
        locatedAt = now();
        lost.clear();
        slots.clear();
        found.masters().forEach(this::side);
        resumeAll();
    }

    private CommandSide side(Address address) {
        return sides.computeIfAbsent(address, where -> new CommandSide(dialer, where, this, manner));
    }

    @Override
    public void greeted(CommandSide side, Greeting greeting) {
        if (greeting.replica()) {
            side.die("it is a replica, not a master");
        } else {
            backoff.reset();
            resumeAll();
        }
    }

    @Override
    public void died(CommandSide side, String why, boolean hopeless) {
        sides.values().remove(side);
        written.remove(side);
        slots.values().remove(side.address());
        lost.add(side.address());
        locateAt = now() + backoff.next(hopeless);
        if (!closed) {
            log.warn("lost", "the " + manner.what + "'s Redis is not linked, trying again: " + why, now());
            resumeAll();
        }
    }

    // In order. Where nothing goes wrong there are no detours.

    /** All that is under way may have to be sent again: what is asked from now on waits behind it, key by key. */
    private void hold() {
        var held = new HashMap<String, Detour>();
        for (CommandSide side : sides.values()) {
            side.forEachWaiting(asker -> {
                if (asker instanceof Call call && !detours.containsKey(call.key)) {
                    held.computeIfAbsent(call.key, _new -> new Detour()).underWay++;
                }
            });
        }
        detours.putAll(held);
    }

    private Detour detour(String key) {
        hold();
        return detours.computeIfAbsent(key, _new -> new Detour());
    }

    private void resumeAll() {
        List.copyOf(detours.keySet()).forEach(this::resume);
    }

    /** Sends what waits, if nothing of that key is under way and its server is there. */
    private void resume(String key) {
        Detour detour = detours.get(key);
        if (detour == null || detour.underWay > 0) {
            return;
        }
        detour.again.addAll(detour.later);
        detour.later.clear();
        if (!detour.again.isEmpty() && waits(detour.again.getFirst().target())) {
            return;
        }
        detours.remove(key);
        detour.again.forEach(call -> send(call, call.target()));
    }

    /** Whether the server will be there in a moment. */
    private boolean waits(@Nullable Address target) {
        Layout known = layout;
        return target != null
                && known != null
                && !closed
                && !lost.contains(target)
                && !(known.isOne() && known.masters().contains(target))
                && !side(target).greeted();
    }

    private void giveUp(String key, Detour detour, long now) {
        if (detour.underWay == 0 && now - detour.since > PATIENCE_MILLIS && detours.remove(key, detour)) {
            detour.again.forEach(call -> call.fail(new NotSentException("the Redis that has it is not linked")));
        }
    }

    // From any thread

    CompletableFuture<RespValue> run(Script script, String key, String... arguments) {
        return run(script, List.of(key), arguments);
    }

    /** @param keys of one slot */
    CompletableFuture<RespValue> run(Script script, List<String> keys, String... arguments) {
        List<String> words = new ArrayList<>(keys.size() + arguments.length + 3);
        words.add("EVALSHA");
        words.add(script.digest());
        words.add(Integer.toString(keys.size()));
        words.addAll(keys);
        words.addAll(List.of(arguments));
        return call(new Call(keys.getFirst(), words.toArray(String[]::new), script));
    }

    CompletableFuture<RespValue> ask(String key, String command, String... arguments) {
        String[] words = new String[arguments.length + 2];
        words[0] = command;
        words[1] = key;
        System.arraycopy(arguments, 0, words, 2, arguments.length);
        return call(new Call(key, words, null));
    }

    private CompletableFuture<RespValue> call(Call call) {
        if (loop.inEventLoop()) {
            begin(call);
        } else if (!pass(() -> begin(call))) {
            call.fail(new NotSentException("the " + manner.what + " is closed"));
        }
        return call.result;
    }

    private void begin(Call call) {
        Detour detour = detours.isEmpty() ? null : detours.get(call.key);
        Address target = call.target();
        if (detour == null && waits(target)) {
            detour = detour(call.key);
        }
        if (detour != null) {
            detour.later.add(call);
        } else {
            send(call, target);
        }
    }

    /** Everything that is asked in one turn of the loop goes out in one write. */
    private void send(Call call, @Nullable Address target) {
        if (closed || target == null || lost.contains(target)) {
            call.fail(new NotSentException("Redis is not linked"));
            return;
        }
        CommandSide side = side(target);
        side.call(call, now(), manner.knowsRun() ? withRun(call.words, side.run()) : call.words);
        if (written.isEmpty()) {
            loop.execute(this::flush);
        }
        written.add(side);
    }

    private static String[] withRun(String[] words, String run) {
        return Arrays.stream(words).map(word -> word.equals(RUN) ? run : word).toArray(String[]::new);
    }

    private void flush() {
        var all = Set.copyOf(written);
        written.clear();
        all.forEach(CommandSide::flush);
    }

    void close() {
        Runnable end = () -> {
            closed = true;
            if (ticking != null) {
                ticking.cancel(false);
            }
            flush();
            List.copyOf(sides.values()).forEach(side -> side.close("the " + manner.what + " is closed"));
            sides.clear();
            resumeAll();
        };
        if (!pass(end)) {
            end.run();
        }
    }

    /** One command until it has its reply, through redirections. */
    private final class Call implements CommandSide.Asker {
        private final String key;
        private final @Nullable Script script;
        private final CompletableFuture<RespValue> result = new CompletableFuture<>();
        private String[] words;
        private int redirections;

        Call(String key, String[] words, @Nullable Script script) {
            this.key = key;
            this.words = words;
            this.script = script;
        }

        void fail(Throwable why) {
            result.completeExceptionally(why);
        }

        private int slot() {
            int open = key.indexOf('{');
            int end = open < 0 ? -1 : key.indexOf('}', open);
            String hashed = end > open + 1 ? key.substring(open + 1, end) : key;
            return Slots.hash(hashed.getBytes(manner.charset)) & Slots.COUNT - 1;
        }

        @Nullable
        Address target() {
            Layout known = layout;
            if (known == null) {
                return null;
            }
            if (known.isOne() && slots.isEmpty()) {
                return known.ownerOfSlot(0).orElse(null);
            }
            int slot = slot();
            Address moved = slots.get(slot);
            return moved == null ? known.ownerOfSlot(slot).orElse(null) : moved;
        }

        @Override
        public void replied(@Nullable RespValue value, @Nullable Throwable failure) {
            Detour detour = detours.isEmpty() ? null : detours.get(key);
            if (detour != null && detour.underWay > 0) {
                detour.underWay--;
            }
            if (value instanceof RespValue.Failure refused && mustGoAgain(refused)) {
                (detour == null ? detour(key) : detour).again.add(this);
            } else {
                settle(value, failure, detour);
            }
            resume(key);
        }

        private void settle(@Nullable RespValue value, @Nullable Throwable failure, @Nullable Detour detour) {
            Throwable why = value instanceof RespValue.Failure refused ? refusal(refused) : failure;
            if (detour != null && !(why instanceof NotSentException)) {
                // It has been done before those that it came after.
                List<Call> overtaken = List.copyOf(detour.again);
                detour.again.clear();
                overtaken.forEach(call -> call.fail(new NotSentException("a later command was done before it")));
            }
            if (why != null) {
                fail(why);
            } else if (value == null) {
                fail(new IllegalStateException("no reply"));
            } else {
                result.complete(value);
            }
        }

        private boolean mustGoAgain(RespValue.Failure refused) {
            Script unknown = script;
            if (refused.is("NOSCRIPT") && unknown != null && words[0].equals("EVALSHA")) {
                words = words.clone();
                words[0] = "EVAL";
                words[1] = unknown.text();
                return true;
            }
            if (refused.is("MOVED") && redirections++ < REDIRECTIONS_MAX) {
                String place = refused.text().substring(refused.text().lastIndexOf(' ') + 1);
                int colon = place.lastIndexOf(':');
                var owner = new Address(place.substring(0, colon), Integer.parseInt(place.substring(colon + 1)));
                slots.put(slot(), owner);
                lost.remove(owner);
                return true;
            }
            return false;
        }

        private Throwable refusal(RespValue.Failure refused) {
            log.warn("refused", "Redis refuses a command of the " + manner.what + ": " + refused.text(), now());
            String why = "Redis refused: " + refused.text();
            if (refused.text().contains("READONLY")) {
                // It was a master when it greeted.
                loop.execute(() -> List.copyOf(sides.values()).stream()
                        .filter(side -> side.address().equals(target()))
                        .forEach(side -> side.die("it has become a replica")));
                return new NotSentException(why);
            }
            // A script that failed half-way says ERR, or where it did.
            return refused.is("ERR") || (refused.is("NOPERM") && refused.text().contains("script"))
                    ? new IllegalStateException(why)
                    : new NotSentException(why);
        }
    }
}
