package io.switchboard.hub;

import io.switchboard.message.Message;
import io.switchboard.message.Topic;
import io.switchboard.protocol.CloseReason;
import io.switchboard.protocol.Endpoint;
import io.switchboard.protocol.Opening;
import io.switchboard.protocol.Refusal;
import io.switchboard.protocol.Request;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A connection without a socket: keeps what it was told. */
final class TestClient implements Arrival, Outlet {
    final List<String> heard = new ArrayList<>();
    int sends;
    Offer answer = Offer.QUEUED;

    /** What its outlet takes, as a real one; 0 is all. */
    int limit;

    int waiting;
    boolean paused;
    int pauses;
    boolean gone;
    private final TestHub board;
    private final int loop;
    private final Lane lane;
    private final Opening<String> opening;
    private String user;
    private @Nullable Session session;

    @Nullable
    Refusal refusal;

    @Nullable
    CloseReason closed;

    TestClient(TestHub board, int loop, Lane lane, String user, String device, Topic... topics) {
        this(board, loop, lane, user, new Opening<>(user, device, List.of(topics), ""));
    }

    TestClient(TestHub board, int loop, Lane lane, String user, Opening<String> opening) {
        this.board = board;
        this.loop = loop;
        this.lane = lane;
        this.user = user;
        this.opening = opening;
    }

    void connect() {
        board.loops.get(loop).execute(() -> board.hub.connect(loop, this));
        board.settle();
    }

    Session session() {
        Session admitted = session;
        if (admitted == null) {
            throw new AssertionError("not admitted: " + refusal);
        }
        return admitted;
    }

    boolean isAdmitted() {
        return session != null;
    }

    /** Hands over a message without running its turn. */
    void sends(String line) {
        board.loops
                .get(loop)
                .execute(() -> board.hub.message(
                        session(), Message.Kind.TEXT, ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8))));
    }

    void says(String line) {
        sends(line);
        board.settle();
    }

    void vanish() {
        gone = true;
        board.loops.get(loop).execute(() -> board.hub.disconnected(session()));
        board.settle();
    }

    List<String> take() {
        List<String> taken = List.copyOf(heard);
        heard.clear();
        return taken;
    }

    @Override
    public Request request() {
        return new Request("/plain/" + user, Map.of("id", user), Map.of(), Map.of(), "127.0.0.1");
    }

    @Override
    public Endpoint<?> endpoint() {
        return (Endpoint<?>) lane.encoder();
    }

    @Override
    public Opening<?> opening() {
        return opening;
    }

    @Override
    public String user() {
        return user;
    }

    @Override
    public void identify(String identity) {
        user = identity;
    }

    @Override
    public Lane lane() {
        return lane;
    }

    @Override
    public Outlet outlet() {
        return this;
    }

    @Override
    public boolean isGone() {
        return gone;
    }

    @Override
    public void admitted(Session admitted) {
        session = admitted;
        heard.add("admitted");
    }

    @Override
    public void refused(Refusal reason) {
        refusal = reason;
    }

    @Override
    public Offer offer(FrameBatch batch, int from, int to) {
        boolean refuses = limit > 0 && waiting > 0 && waiting + (to - from) > limit;
        if (refuses || answer == Offer.REFUSED) {
            return Offer.REFUSED;
        }
        sends++;
        board.sends.add(this);
        waiting += to - from;
        heard.addAll(HeapFraming.text(batch, from, to).lines().toList());
        return limit > 0 && waiting > limit / 2 ? Offer.PRESSED : answer;
    }

    /** The client takes what its outlet has for it, once. */
    void reads() {
        board.loops.get(loop).execute(() -> {
            waiting = 0;
            board.hub.drained(session());
        });
        board.settle();
    }

    /** The client takes all there is. */
    List<String> readsAll() {
        do {
            reads();
        } while (waiting > 0);
        return take();
    }

    @Override
    public void close(CloseReason reason) {
        closed = reason;
    }

    @Override
    public void pause() {
        paused = true;
        pauses++;
    }

    @Override
    public void resume() {
        paused = false;
    }
}
