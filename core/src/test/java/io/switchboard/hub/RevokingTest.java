package io.switchboard.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.switchboard.protocol.CloseReason;
import io.switchboard.protocol.RevokedTokens;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class RevokingTest {
    private static final CloseReason REVOKED = new CloseReason(3500, "invalid token");

    private final TestHub board = new TestHub(2, new RecordingBackplane());
    private final List<RevokedTokens.Revocation> heard = new ArrayList<>();

    RevokingTest() {
        board.hub.rememberRevoked(new RevokedTokens() {
            @Override
            public void add(Revocation revocation) {
                heard.add(revocation);
            }

            @Override
            public Duration kept() {
                return Duration.ofHours(1);
            }

            @Override
            public List<Revocation> newest(int max) {
                return heard;
            }
        });
    }

    private <T> T get(CompletionStage<T> stage) {
        board.settle();
        return stage.toCompletableFuture().join();
    }

    @Test
    void usersTokensAreRememberedAndTheirSessionsClosed() {
        var ann = board.client(0, "ann");
        var ben = board.client(1, "ben");
        assertEquals(new Reached(1, 1, 0), get(board.hub.revoke(Whom.user("ann"), REVOKED)));
        assertEquals(REVOKED, ann.closed);
        assertNull(ben.closed);
        assertEquals("ann", heard.getFirst().user());
    }

    @Test
    void tokenIsRememberedThoughNobodyUsesIt() {
        var ann = board.client(0, "ann");
        assertEquals(new Reached(0, 1, 0), get(board.hub.revoke(Whom.token("t1"), REVOKED)));
        assertEquals("t1", heard.getFirst().token());
        assertNull(ann.closed);
    }

    @Test
    void sessionAloneIsClosedAndNothingRemembered() {
        var ann = board.client(0, "ann");
        assertEquals(
                new Reached(1, 1, 0),
                get(board.hub.revoke(Whom.session(ann.session().id()), REVOKED)));
        assertEquals(REVOKED, ann.closed);
        assertEquals(List.of(), heard);
    }
}
