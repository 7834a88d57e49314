package io.switchboard.bridges.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConfirmListener;
import com.rabbitmq.client.Consumer;
import io.switchboard.backplane.Remote;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Two connections to one broker, which live and die together: one listens and one publishes, since a broker short of
 * memory stops reading from those that publish. Each holds something that the broker gives to one connection only, the
 * sole right to consume the node's queue and an exclusive queue without use. So a link is made only when the broker has
 * done with the connections of the one before: nothing that was still on its way there can come after newer things.
 */
final class Link {
    /** The broker has not noticed yet that the connections before are gone. */
    static final class StillHeldException extends IOException {
        private static final long serialVersionUID = 1L;

        StillHeldException() {
            super("the broker still holds the connection before this one");
        }
    }

    /** Who hears of what happens on a link; on threads of the client. */
    interface Owner {
        void died(Link link);

        void confirmed(Link link, long number, boolean multiple, Remote remote);

        /** A ping found no queue. */
        void pingReturned(Link link);

        void blocked(Link link, String why);

        void unblocked(Link link);

        Consumer consumer(Link link, Channel in);
    }

    private final Names names;
    private final Owner owner;
    private final Dialer.Line listening;
    private final Dialer.Line publishing;
    private final Channel in;
    private final Channel setup;
    private final Channel out;
    private final Set<String> ensured = new HashSet<>();
    private final AtomicReference<@Nullable Throwable> end = new AtomicReference<>();

    private Link(Names names, Owner owner, Dialer.Line listening, Dialer.Line publishing) throws IOException {
        this.names = names;
        this.owner = owner;
        this.listening = listening;
        this.publishing = publishing;
        this.in = listening.connection().createChannel();
        this.setup = listening.connection().createChannel();
        this.out = publishing.connection().createChannel();
    }

    /** Blocks for some round trips; leaves nothing open if it fails. */
    static Link open(Dialer dialer, Names names, Owner owner, ExecutorService deliveries, int expiresMillis)
            throws IOException, TimeoutException {
        Dialer.Line listening = dialer.dial("listens", deliveries);
        Dialer.@Nullable Line publishing = null;
        try {
            publishing = dialer.dial("publishes", deliveries);
            var link = new Link(names, owner, listening, publishing);
            link.watch();
            link.declare(expiresMillis);
            return link;
        } catch (IOException | TimeoutException | RuntimeException e) {
            listening.cut();
            if (publishing != null) {
                publishing.cut();
            }
            throw e;
        }
    }

    private void watch() {
        listening.connection().addShutdownListener(this::die);
        publishing.connection().addShutdownListener(this::die);
        in.addShutdownListener(this::die);
        setup.addShutdownListener(this::die);
        out.addShutdownListener(this::die);
        publishing.connection().addBlockedListener(why -> owner.blocked(this, why), () -> owner.unblocked(this));
        out.addReturnListener(returned -> owner.pingReturned(this));
        out.addConfirmListener(new ConfirmListener() {
            @Override
            public void handleAck(long number, boolean multiple) {
                owner.confirmed(Link.this, number, multiple, Remote.ACCEPTED);
            }

            @Override
            public void handleNack(long number, boolean multiple) {
                // One queue could not take it; others may have.
                owner.confirmed(Link.this, number, multiple, Remote.UNKNOWN);
            }
        });
    }

    private void declare(int expiresMillis) throws IOException {
        setup.exchangeDeclare(names.everything(), "fanout", true);
        setup.exchangeDeclare(names.topics(), "direct", true);
        setup.exchangeBind(names.topics(), names.everything(), "");
        setup.queueDeclare(
                names.queue(),
                true,
                false,
                false,
                Map.of(
                        "x-expires",
                        expiresMillis,
                        "x-message-ttl",
                        Bounds.QUEUE_MILLIS,
                        "x-max-length-bytes",
                        Bounds.QUEUE_BYTES,
                        "x-overflow",
                        "drop-head"));
        setup.queueBind(names.queue(), names.topics(), names.pings());
        in.basicQos(Bounds.PREFETCH);
        held(AMQP.ACCESS_REFUSED, "exclusive", () -> {
            in.basicConsume(names.queue(), false, "", false, true, null, owner.consumer(this, in));
        });
        held(AMQP.RESOURCE_LOCKED, "", () -> {
            out.queueDeclare(names.sender(), false, true, false, null);
        });
        out.confirmSelect();
    }

    private interface Step {
        void run() throws IOException;
    }

    private static void held(int code, String word, Step step) throws IOException {
        try {
            step.run();
        } catch (IOException e) {
            if (Failures.code(e.getCause()) == code && Failures.explain(e).contains(word)) {
                throw new StillHeldException();
            }
            throw e;
        }
    }

    Channel out() {
        return out;
    }

    HeldFrames frames() {
        return publishing.frames();
    }

    /** Only for the thread that publishes. */
    void ensure(PublishedExchange exchange) throws IOException, TimeoutException {
        if (!ensured.contains(exchange.name())) {
            exchange.ensure(publishing.connection());
            ensured.add(exchange.name());
        }
    }

    /** Does it all on the broker, and comes back when it is done. */
    void perform(Interest.Round round) throws IOException, TimeoutException {
        if (round.bindEverything()) {
            setup.queueBindNoWait(names.queue(), names.everything(), "", null);
        }
        for (Binding binding : round.bind()) {
            if (binding.published != null) {
                binding.published.ensure(listening.connection());
            }
            setup.queueBindNoWait(names.queue(), binding.exchange, binding.key, null);
        }
        // The broker works through a channel in order: when this is answered, the bindings are there.
        setup.queueDeclarePassive(names.queue());
        if (round.unbindEverything()) {
            setup.queueUnbind(names.queue(), names.everything(), "");
        }
        for (Binding binding : round.unbind()) {
            setup.queueUnbind(names.queue(), binding.exchange, binding.key);
        }
    }

    boolean isAlive() {
        return end.get() == null;
    }

    /** Why it has ended; empty while it has not. */
    String why() {
        Throwable cause = end.get();
        return cause == null ? "" : Failures.explain(cause);
    }

    boolean isHopeless() {
        Throwable cause = end.get();
        return cause != null && Failures.isHopeless(cause);
    }

    /** It cannot be used any more. From any thread; does not block. */
    void die(Throwable cause) {
        if (end.compareAndSet(null, cause)) {
            owner.died(this);
        }
    }

    void cut() {
        publishing.cut();
        listening.cut();
    }

    /** For good: the queue is not left to expire. */
    void leave() {
        try {
            setup.queueDeleteNoWait(names.queue(), false, false);
        } catch (IOException | RuntimeException _gone) {
            // Then it expires.
        }
        listening.close();
        publishing.close();
    }
}
