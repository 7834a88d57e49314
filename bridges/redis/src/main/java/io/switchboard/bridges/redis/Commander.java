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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends scripts and commands to the server that has their key. In a Cluster it asks any master and learns from the
 * redirections which slot is where. What cannot be sent now fails at once: those who ask know what to do then.
 */
final class Commander implements CommandSide.Owner {
    private static final int TICK_MILLIS = 100;
    private static final int HELD_UP_MILLIS = 1_000;
    private static final int REDIRECTIONS_MAX = 5;
    private static final long START_NANOS = System.nanoTime();

    /** Stands among the words of a command for the run of the server that it goes to. */
    static final String RUN = "\0run";

    /**
     * How it speaks.
     *
     * @param what for the log
     * @param charset of words in both directions; a single-byte one keeps any bytes
     * @param scripts that the server must know before anything is asked
     */
    record Manner(String what, Charset charset, List<Script> scripts) {
        static final Manner DIRECTORY = new Manner("directory", StandardCharsets.UTF_8, List.of());

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
    private @Nullable Address home;
    private @Nullable ScheduledFuture<?> ticking;
    private boolean locating;
    private boolean closed;
    private long locateAt;
    private long lastTick;

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
        Set.copyOf(sides.values()).forEach(side -> side.tick(now));
        if (home == null && !locating && now >= locateAt) {
            locate();
        }
    }

    private void locate() {
        locating = true;
        topology.find(
                layout -> {
                    locating = false;
                    if (!closed) {
                        layout.masters().stream().findFirst().ifPresent(master -> {
                            home = master;
                            side(master);
                        });
                    }
                },
                why -> {
                    locating = false;
                    locateAt = now() + backoff.next(false);
                    log.warn("locate", why, now());
                });
    }

    private CommandSide side(Address address) {
        return sides.computeIfAbsent(address, where -> new CommandSide(dialer, where, this, manner));
    }

    @Override
    public void greeted(CommandSide side, Greeting greeting) {
        if (greeting.replica()) {
            side.close("it is a replica, not a master");
            died(side, "it is a replica, not a master", false);
        } else {
            backoff.reset();
        }
    }

    @Override
    public void died(CommandSide side, String why, boolean hopeless) {
        sides.values().remove(side);
        written.remove(side);
        slots.clear();
        home = null;
        locateAt = now() + backoff.next(hopeless);
        if (!closed) {
            log.warn("lost", "the " + manner.what + "'s Redis is not linked, trying again: " + why, now());
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
            send(call, call.target());
        } else if (!pass(() -> send(call, call.target()))) {
            call.result.completeExceptionally(new NotSentException("the " + manner.what + " is closed"));
        }
        return call.result;
    }

    /** Everything that is asked in one turn of the loop goes out in one write. */
    private void send(Call call, @Nullable Address target) {
        if (closed || target == null) {
            call.result.completeExceptionally(new NotSentException("Redis is not linked"));
            return;
        }
        CommandSide side = side(target);
        var reply = new CompletableFuture<RespValue>();
        reply.whenComplete(call::replied);
        side.call(reply, now(), manner.scripts.isEmpty() ? call.words : withRun(call.words, side.run()));
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
            Set.copyOf(sides.values()).forEach(side -> side.close("the " + manner.what + " is closed"));
            sides.clear();
        };
        if (!pass(end)) {
            end.run();
        }
    }

    /** One command until it has its reply, through redirections. */
    private final class Call {
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

        private int slot() {
            int open = key.indexOf('{');
            int end = open < 0 ? -1 : key.indexOf('}', open);
            String hashed = end > open + 1 ? key.substring(open + 1, end) : key;
            return Slots.hash(hashed.getBytes(StandardCharsets.UTF_8)) & Slots.COUNT - 1;
        }

        @Nullable
        Address target() {
            return slots.isEmpty() ? home : slots.getOrDefault(slot(), home);
        }

        private void replied(@Nullable RespValue value, @Nullable Throwable failure) {
            if (value == null) {
                result.completeExceptionally(failure == null ? new IllegalStateException("no reply") : failure);
            } else if (value instanceof RespValue.Failure refused) {
                refused(refused);
            } else {
                result.complete(value);
            }
        }

        private void refused(RespValue.Failure refused) {
            Script unknown = script;
            if (refused.is("NOSCRIPT") && unknown != null && words[0].equals("EVALSHA")) {
                words = words.clone();
                words[0] = "EVAL";
                words[1] = unknown.text();
                send(this, target());
            } else if (refused.is("MOVED") && redirections++ < REDIRECTIONS_MAX) {
                String place = refused.text().substring(refused.text().lastIndexOf(' ') + 1);
                int colon = place.lastIndexOf(':');
                var owner = new Address(place.substring(0, colon), Integer.parseInt(place.substring(colon + 1)));
                slots.put(slot(), owner);
                sendWhenGreeted(owner, REDIRECTIONS_MAX * 20);
            } else {
                log.warn("refused", "Redis refuses a command of the " + manner.what + ": " + refused.text(), now());
                String why = "Redis refused: " + refused.text();
                // A script that failed half-way says ERR.
                result.completeExceptionally(
                        refused.is("ERR") ? new IllegalStateException(why) : new NotSentException(why));
            }
        }

        /** The connection to a server we have not met before takes a moment. */
        private void sendWhenGreeted(Address owner, int patience) {
            if (side(owner).greeted() || patience == 0 || closed) {
                send(this, owner);
            } else {
                loop.schedule(() -> sendWhenGreeted(owner, patience - 1), 20, TimeUnit.MILLISECONDS);
            }
        }
    }
}
