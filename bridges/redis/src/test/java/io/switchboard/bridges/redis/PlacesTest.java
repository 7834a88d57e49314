package io.switchboard.bridges.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.backplane.Address;
import io.switchboard.message.Origin;
import io.switchboard.message.Topic;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Names of channels, and which server of a Cluster they belong to. */
class PlacesTest {
    private static final Origin SELF = new Origin("n", 255);

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void slotsAreThoseOfTheSpecification() {
        // The check value of CRC-16/XMODEM, and what CLUSTER KEYSLOT answers.
        assertEquals(0x31C3, Slots.hash(bytes("123456789")));
        assertEquals(12_182, Slots.hash(bytes("foo")) % Slots.COUNT);
        assertEquals(0, Slots.hash(bytes("")));
    }

    @Test
    void channelsCarryClusterTagAndTopic() {
        var channels = new Channels("c", SELF);
        assertEquals(
                "c:{" + 0x31C3 % 1_024 + "}:123456789",
                new String(channels.nativeChannel(Topic.of("123456789")), StandardCharsets.UTF_8));
        assertEquals("user:ä", new String(channels.publishedChannel(Topic.user("ä")), StandardCharsets.UTF_8));
        assertEquals("c:ping:{5}:n:ff", new String(channels.pingChannel(5), StandardCharsets.UTF_8));
        assertThrows(IllegalArgumentException.class, () -> new Channels("a{b}", SELF));
    }

    @Test
    void everyTagHasAnOwnerAndEveryMasterAPingTag() {
        int[] owners = new int[Slots.COUNT];
        Arrays.fill(owners, Slots.COUNT / 2, Slots.COUNT, 1);
        var first = new Address("a", 1);
        var second = new Address("b", 1);
        var useless = new Address("c", 1);
        var layout = Layout.sharded(List.of(first, second, useless), owners);
        assertEquals(List.of(first, second), layout.masters());
        for (int tag = 0; tag < Channels.TAGS; tag++) {
            assertEquals(Optional.of(Channels.slot(tag) < Slots.COUNT / 2 ? first : second), layout.owner(tag));
        }
        assertEquals(Optional.of(second), layout.owner(layout.firstTag(second)));
    }

    @Test
    void tagsAreSpreadEvenly() {
        int[] counts = new int[Channels.TAGS];
        for (int i = 0; i < 100 * Channels.TAGS; i++) {
            counts[Channels.tag(Topic.user(Integer.toString(i)))]++;
        }
        assertTrue(Arrays.stream(counts).min().orElseThrow() > 20, () -> Arrays.toString(counts));
    }
}
