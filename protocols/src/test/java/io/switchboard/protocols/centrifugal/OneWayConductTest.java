package io.switchboard.protocols.centrifugal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.protocol.Backend;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the server does with a client that hears and says nothing but how it is called. */
class OneWayConductTest {
    private static final CentrifugalSettings USUAL = CentrifugalSettings.USUAL;

    @Test
    void pushesAndEndsTellEverything() {
        Heard heard = Stage.with(USUAL, Backend.NONE, true);
        assertEquals(
                List.of("{\"connect\":{\"client\":\"me\",\"subs\":{\"open:a\":{}},\"ping\":25,\"session\":\"me\"}}"),
                heard.says("{\"token\":\"ann 0 open:a\"}"));
        assertEquals(List.of(), heard.says("anything"));
        assertEquals(0, heard.closed);

        Heard old = Stage.with(USUAL, Backend.NONE, true);
        old.says("{\"token\":\"old\"}");
        assertEquals(3005, old.closed);
    }

    @Test
    void theAddressMayIntroduce() {
        for (String introduction : List.of("{\"token\":\"ann\"}", "{\"token\":\"bad\"}", "nonsense", "{}")) {
            Client client = Stage.client(true);
            client.introduction = introduction;
            Heard heard = Stage.with(USUAL, Backend.NONE, client);
            switch (introduction) {
                case "{\"token\":\"ann\"}" ->
                    assertEquals(
                            List.of("{\"connect\":{\"client\":\"me\",\"ping\":25,\"session\":\"me\"}}"), heard.heard());
                case "{\"token\":\"bad\"}" -> assertEquals(3500, heard.closed);
                default -> assertEquals(3501, heard.closed);
            }
            assertEquals(List.of(), heard.says("{\"token\":\"ben\"}"));
        }
    }

    /** There is nothing that they could renew in a time of grace. */
    @Test
    void theEndOfTheTokenIsTheEnd() {
        Heard heard = Stage.with(USUAL, Backend.NONE, true);
        String connected = heard.says("{\"token\":\"ann 1060000\"}").get(0);
        assertTrue(connected.contains("\"expires\":true,\"ttl\":60"), connected);
        heard.after(59_999);
        assertEquals(0, heard.closed);
        heard.after(1);
        assertEquals(3005, heard.closed);
    }
}
