package io.switchboard.hub;

import io.switchboard.backplane.Outgoing;
import io.switchboard.backplane.Remote;
import io.switchboard.directory.Claim;
import io.switchboard.message.Envelope;
import io.switchboard.message.Exclusion;
import io.switchboard.message.Fields;
import io.switchboard.message.Message;
import io.switchboard.message.Origin;
import io.switchboard.message.Publication;
import io.switchboard.message.Sender;
import io.switchboard.message.Topic;
import io.switchboard.metrics.Meters;
import io.switchboard.protocol.CloseReason;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What nodes tell each other: each listens to an inbox of its own, and to one topic for everybody. Neither is within a
 * client's reach, and no published format carries them. A message is words on lines, the first says what is meant; one
 * that wants an answer carries a number that the answer repeats, and how long the asker will wait.
 *
 * <pre>
 *  hello  lowest and highest version of the envelope, "ask" if the others should introduce themselves too
 *  bye    the node goes: nobody waits for its answers any more
 *  kick   session, epoch, close code, reason: answered by "closed" or "gone"
 *  unbind session, epoch, topic that it listens to no more: answered by "left", or "busy" while it may be binding it
 *  probe  session: answered by "there" or "gone"
 *  answer the answer, which may have several lines
 * </pre>
 *
 * Further words are those of rooms that {@linkplain #on registered} for them: {@link Uplinks}, {@link Instructions},
 * {@link Inquiries}, {@link Revoking}.
 */
final class Control {
    private static final System.Logger LOG = System.getLogger(Control.class.getName());
    private static final Topic EVERYBODY = Topic.of("node:*");
    private static final long ANSWER_MILLIS = 1_000;
    private static final long HELLO_MILLIS = 20_000;
    private static final long PEER_NANOS = 3 * HELLO_MILLIS * 1_000_000;
    private static final int ATTEMPTS_MAX = 12;

    private record Peer(int lowest, int highest, long heardNanos) {}

    /** What a node does when it hears a word; what it says comes back to whoever asked. */
    interface Hearing {
        CompletionStage<String> heard(String[] words);
    }

    /** What nodes answered, this one included, and how many did not in time. */
    record Answers(Map<Origin, String> given, int silent) {}

    /** Told what comes of it, on any thread. */
    private interface Question {
        /** Says whether that was all. */
        boolean answered(Origin by, String text);

        /** The time is over. */
        void over();
    }

    private record ToOne(Topic node, CompletableFuture<String> answer) implements Question {
        @Override
        public boolean answered(Origin by, String text) {
            answer.complete(text);
            return true;
        }

        @Override
        public void over() {
            answer.completeExceptionally(new TimeoutException("no answer from " + node));
        }
    }

    private record ToAll(Set<Origin> awaited, Map<Origin, String> given, CompletableFuture<Answers> all)
            implements Question {
        @Override
        public boolean answered(Origin by, String text) {
            given.put(by, text);
            awaited.remove(by);
            if (awaited.isEmpty()) {
                over();
            }
            return awaited.isEmpty();
        }

        @Override
        public void over() {
            all.complete(new Answers(Map.copyOf(given), awaited.size()));
        }
    }

    private final Hub hub;
    private final AtomicLong numbers = new AtomicLong();
    private final ConcurrentMap<Long, Question> questions = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Hearing> hearings = new ConcurrentHashMap<>();
    private final ConcurrentMap<Origin, Peer> peers = new ConcurrentHashMap<>();
    private final LongAdder received;
    private final LongAdder garbage;
    private final LongAdder kicks;
    private volatile boolean open;
    private volatile boolean leaving;

    Control(Hub hub, Meters meters) {
        this.hub = hub;
        received = meters.counter("switchboard.control.received", "Control messages of other nodes");
        garbage = meters.counter("switchboard.control.garbage", "Of those, the ones that made no sense");
        kicks = meters.counter("switchboard.control.kicks", "Sessions of other nodes that were told to close");
        meters.gauge("switchboard.peers", "Other nodes heard of within the last minute", peers::size);
        meters.gauge("switchboard.envelope.version", "The version all nodes understand", this::version);
    }

    /** Another room answers messages that begin with this word. */
    void on(String word, Hearing hearing) {
        hearings.put(word, hearing);
    }

    private static Topic inbox(Origin node) {
        return inbox(node.node(), node.incarnation());
    }

    private static Topic inbox(String node, long incarnation) {
        return Topic.of("node:" + node + ":" + Long.toHexString(incarnation));
    }

    /** Begins to listen; from here on other nodes can reach this one. */
    void open() {
        open = true;
        for (Topic topic : new Topic[] {inbox(hub.origin.node(), hub.origin.incarnation()), EVERYBODY}) {
            var ignored = hub.backplane.subscribe(topic).whenComplete((done, failure) -> {
                if (failure == null) {
                    hello(EVERYBODY, "ask");
                }
            });
        }
        hub.shard(0).loop.schedule(this::helloAgain, HELLO_MILLIS);
    }

    void close() {
        open = false;
        questions.values().forEach(Question::over);
    }

    /** The last session has gone, and soon the node will. */
    void bye() {
        leaving = true;
        send(EVERYBODY, Fields.NONE, "bye");
    }

    /** The other nodes that are there, as far as is known. */
    Set<Origin> others() {
        long now = System.nanoTime();
        return peers.entrySet().stream()
                .filter(peer -> now - peer.getValue().heardNanos <= PEER_NANOS
                        && !hub.logins.isLapsed(peer.getKey().incarnation()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** The node of that incarnation, if it is there. */
    Optional<Origin> nodeOf(long incarnation) {
        return incarnation == hub.origin.incarnation()
                ? Optional.of(hub.origin)
                : others().stream()
                        .filter(node -> node.incarnation() == incarnation)
                        .findFirst();
    }

    // Speaking

    private void hello(Topic to, String wish) {
        String version = Integer.toString(Envelope.VERSION);
        send(to, Fields.NONE, "hello", version, version, wish);
    }

    private void helloAgain() {
        if (open) {
            long now = System.nanoTime();
            peers.values().removeIf(peer -> now - peer.heardNanos > PEER_NANOS);
            if (!leaving) {
                hello(EVERYBODY, "");
            }
            hub.shard(0).loop.schedule(this::helloAgain, HELLO_MILLIS);
        }
    }

    /** The highest version of the envelope that every node understands. */
    private int version() {
        return peers.values().stream().mapToInt(Peer::highest).reduce(Envelope.VERSION, Math::min);
    }

    /** Closes a session wherever it is, unless it has a later claim by now; said again until somebody answers. */
    void kick(Claim claim, CloseReason reason) {
        if (claim.incarnation() == hub.origin.incarnation()) {
            closeHere(claim.session(), claim.epoch(), reason, ignored -> {});
        } else {
            kicks.increment();
            insist(
                    claim,
                    1,
                    answer -> true,
                    "kick",
                    claim.session(),
                    Long.toString(claim.epoch()),
                    Integer.toString(reason.code()),
                    reason.text());
        }
    }

    /** Another session has bound the topic; said again until the session listens to it no more. */
    void unbind(Claim claim, Topic topic) {
        insist(claim, 1, "left"::equals, "unbind", claim.session(), Long.toString(claim.epoch()), topic.name());
    }

    private void insist(Claim claim, int attempt, Predicate<String> isEnough, String... words) {
        var ignored = ask(inbox(claim.node(), claim.incarnation()), words).whenComplete((answer, failure) -> {
            boolean done = failure == null && isEnough.test(answer);
            if (!done && open && attempt < ATTEMPTS_MAX && !hub.logins.isLapsed(claim)) {
                hub.shard(0)
                        .loop
                        .schedule(
                                () -> insist(claim, attempt + 1, isEnough, words),
                                failure == null ? ANSWER_MILLIS / 10 : 0);
            }
        });
    }

    /** Whether the session is there; fails if its node does not answer in time. */
    CompletionStage<Boolean> probe(Claim claim) {
        if (claim.incarnation() == hub.origin.incarnation()) {
            var there = new CompletableFuture<Boolean>();
            lookFor(claim.session(), there::complete);
            return there;
        }
        return ask(inbox(claim.node(), claim.incarnation()), "probe", claim.session())
                .thenApply("there"::equals);
    }

    private CompletionStage<String> ask(Topic to, String... words) {
        return ask(to, ANSWER_MILLIS, words);
    }

    /** Fails with a {@link TimeoutException} if that node does not answer in time. */
    CompletionStage<String> ask(Origin node, long millis, String... words) {
        return node.equals(hub.origin) ? hear(words) : ask(inbox(node), millis, words);
    }

    private CompletionStage<String> ask(Topic to, long millis, String... words) {
        var answer = new CompletableFuture<String>();
        put(new ToOne(to, answer), to, millis, words);
        return answer;
    }

    /** Asks all nodes, this one included; goes on when all that are known have answered, or the time is over. */
    CompletionStage<Answers> askAll(long millis, String... words) {
        Set<Origin> awaited = ConcurrentHashMap.newKeySet();
        awaited.addAll(others());
        awaited.add(hub.origin);
        var all = new CompletableFuture<Answers>();
        var question = new ToAll(awaited, new ConcurrentHashMap<>(), all);
        long number = put(question, EVERYBODY, millis, words);
        var ignored = hear(words).whenComplete((text, failure) -> {
            if (failure == null && question.answered(hub.origin, text)) {
                questions.remove(number);
            }
        });
        return all;
    }

    private long put(Question question, Topic to, long millis, String... words) {
        long number = numbers.incrementAndGet();
        questions.put(number, question);
        send(to, fields(number).with(Fields.DEADLINE, bytes(millis)), words);
        hub.home(to)
                .loop
                .schedule(
                        () -> {
                            if (questions.remove(number) != null) {
                                question.over();
                            }
                        },
                        millis);
        return number;
    }

    /** What this node itself says to that. */
    private CompletionStage<String> hear(String[] words) {
        Hearing hearing = hearings.get(words[0]);
        try {
            return hearing == null
                    ? CompletableFuture.failedFuture(new IllegalArgumentException("no such word: " + words[0]))
                    : hearing.heard(words);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static Fields fields(long number) {
        return Fields.NONE.with(Fields.CORRELATION, bytes(number));
    }

    private static byte[] bytes(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    private void send(Topic to, Fields fields, String... words) {
        Shard at = hub.home(to);
        Message message = Message.text(String.join("\n", words));
        at.run(() -> at.send(new Note(new Publication(
                Publication.Kind.CONTROL,
                to,
                message,
                Sender.NONE,
                Exclusion.NONE,
                false,
                at.millis(),
                hub.origin,
                at.nextSequence(),
                null,
                fields))));
    }

    /** What became of it on the way is of no interest: who wants an answer asks again. */
    private record Note(Publication publication) implements Outgoing {
        @Override
        public void settled(Remote remote) {}
    }

    // Hearing, on any thread

    void received(Publication publication) {
        received.increment();
        String[] words = publication.message().asText().split("\n", -1);
        try {
            switch (words[0]) {
                case "hello" -> heardOf(publication.origin(), words);
                case "kick" ->
                    closeHere(
                            words[1],
                            Long.parseLong(words[2]),
                            new CloseReason(Integer.parseInt(words[3]), words[4]),
                            was -> answer(publication, was ? "closed" : "gone"));
                case "unbind" ->
                    hub.bindings.take(
                            words[1],
                            Long.parseLong(words[2]),
                            Topic.of(words[3]),
                            left -> answer(publication, left ? "left" : "busy"));
                case "probe" -> lookFor(words[1], there -> answer(publication, there ? "there" : "gone"));
                case "answer" -> answered(publication);
                case "bye" -> peers.remove(publication.origin());
                default -> other(publication, words);
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            garbage.increment();
            LOG.log(System.Logger.Level.WARNING, "a control message of {0} makes no sense", publication.origin());
        }
    }

    private void heardOf(Origin other, String[] words) {
        var peer = new Peer(Integer.parseInt(words[1]), Integer.parseInt(words[2]), System.nanoTime());
        if (peers.put(other, peer) == null && peer.lowest > Envelope.VERSION) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "node {0} understands versions {1} and later of the envelope, this one {2}: upgrade this node",
                    other.node(),
                    peer.lowest,
                    Envelope.VERSION);
        }
        if (words[3].equals("ask")) {
            hello(inbox(other.node(), other.incarnation()), "");
        }
    }

    private void closeHere(String id, long epoch, CloseReason reason, Consumer<Boolean> was) {
        boolean ours = hub.withSession(id, session -> {
            boolean kicked = isHere(session) && !isLater(session.claim, epoch);
            if (session != null && kicked) {
                session.close(reason);
            }
            was.accept(kicked);
        });
        if (!ours) {
            was.accept(false);
        }
    }

    /** A session on its way in, whose claim is not known here yet, is the one that is meant: ids are never reused. */
    private static boolean isLater(@Nullable Claim claim, long epoch) {
        return claim != null && claim.epoch() > epoch;
    }

    private void lookFor(String id, Consumer<Boolean> there) {
        if (!hub.withSession(id, session -> there.accept(isHere(session)))) {
            there.accept(false);
        }
    }

    private static boolean isHere(@Nullable Session session) {
        return session != null && !session.closed && !session.leaving;
    }

    private void answer(Publication question, String word) {
        ByteBuffer number = question.fields().get(Fields.CORRELATION);
        if (number.remaining() == Long.BYTES) {
            Origin asker = question.origin();
            send(inbox(asker.node(), asker.incarnation()), fields(number.getLong()), "answer", word);
        }
    }

    private void answered(Publication publication) {
        ByteBuffer number = publication.fields().get(Fields.CORRELATION);
        String text = publication.message().asText();
        if (number.remaining() == Long.BYTES) {
            long asked = number.getLong();
            Question question = questions.get(asked);
            if (question != null && question.answered(publication.origin(), text.substring(text.indexOf('\n') + 1))) {
                questions.remove(asked);
            }
        }
    }

    /** A word of another room. One that nobody knows is a later version's: its asker hears nothing, and goes on. */
    private void other(Publication publication, String[] words) {
        if (!hearings.containsKey(words[0])) {
            garbage.increment();
            return;
        }
        var ignored = hear(words).whenComplete((text, failure) -> {
            if (failure == null) {
                answer(publication, text);
            } else {
                garbage.increment();
                LOG.log(
                        System.Logger.Level.WARNING,
                        "a control message of {0} could not be answered: {1}",
                        publication.origin(),
                        failure);
            }
        });
    }
}
