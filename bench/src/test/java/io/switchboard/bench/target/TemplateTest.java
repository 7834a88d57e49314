package io.switchboard.bench.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.bench.plan.BadPlanException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TemplateTest {
    @Test
    void everyPlaceIsFilled() {
        assertEquals("/g3/u12/d0/%20/é", Template.of("/g%g/u%s/d%d/%%20/é").text(12, 0, 3));
        assertEquals("2147483647", Template.of("%s").text(Integer.MAX_VALUE, 0, 0));
    }

    @Test
    void thePayloadComesWhole() {
        var template = Template.of("{\"Id\":\"%d\",\"Msg\":\"%P\"}");
        var payload = "hello, and more".getBytes(StandardCharsets.US_ASCII);
        var to = new byte[template.lengthMax(payload.length)];
        int length = template.render(to, 1, 42, 0, payload, 5);
        assertEquals("{\"Id\":\"42\",\"Msg\":\"hello\"}", new String(to, 0, length, StandardCharsets.UTF_8));
    }

    @Test
    void anUnknownPlaceIsRefusedWithWhatThereIs() {
        for (var wrong : List.of("/%x", "/room%", "/%2F")) {
            var refusal = assertThrows(BadPlanException.class, () -> Template.of(wrong));
            assertTrue(String.valueOf(refusal.getMessage()).contains("%s (own number)"), refusal.getMessage());
        }
    }

    @Test
    void aMessageWithoutPayloadIsRefused() {
        var refusal = assertThrows(
                BadPlanException.class,
                () -> new Plain("/", Optional.empty(), List.of(), List.of(), "hi", List.of(), false, Optional.empty()));
        assertTrue(String.valueOf(refusal.getMessage()).contains("%P"), refusal.getMessage());
    }
}
