package io.switchboard.bridges.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.backplane.Address;
import io.switchboard.message.Origin;
import io.switchboard.message.Topic;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
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

    private static List<Address> servers(String... hosts) {
        return Arrays.stream(hosts).map(host -> new Address(host, 6_379)).toList();
    }

    /** These owners are a promise: nodes of different versions must find a topic at the same server. */
    @Test
    void spreadTagsHaveTheOwnersTheyAlwaysHad() {
        var layout = Layout.spread(servers("10.0.0.1", "10.0.0.2", "10.0.0.3"));
        var owners = new StringBuilder();
        for (int tag = 0; tag < 32; tag++) {
            owners.append(layout.owner(tag).orElseThrow().host().charAt(7));
        }
        assertEquals("33211111111113122323331133222221", owners.toString());
        assertFalse(layout.sharded());
        assertEquals(3, layout.masters().size());
    }

    @Test
    void spreadTagsDoNotDependOnTheOrderOfTheListAndAreEven() {
        var layout = Layout.spread(servers("a", "b", "c", "d"));
        var shuffled = Layout.spread(servers("c", "a", "d", "b"));
        var counts = new HashMap<Address, Integer>();
        for (int tag = 0; tag < Channels.TAGS; tag++) {
            assertEquals(layout.owner(tag), shuffled.owner(tag));
            counts.merge(layout.owner(tag).orElseThrow(), 1, Integer::sum);
        }
        assertTrue(counts.values().stream().allMatch(count -> count > 200 && count < 320), counts::toString);
    }

    @Test
    void aServerMoreMovesItsOwnShareAndNoOther() {
        var before = Layout.spread(servers("a", "b", "c"));
        var after = Layout.spread(servers("a", "b", "c", "d"));
        var added = Optional.of(new Address("d", 6_379));
        int moved = 0;
        for (int tag = 0; tag < Channels.TAGS; tag++) {
            if (after.owner(tag).equals(added)) {
                moved++;
            } else {
                assertEquals(before.owner(tag), after.owner(tag));
            }
        }
        assertEquals(256, moved, 60);
    }

    @Test
    void asManyServersAsMayBeEachHaveATag() {
        var hosts = new String[RedisTarget.SPREAD_MAX];
        Arrays.setAll(hosts, i -> "redis-" + i);
        assertEquals(hosts.length, Layout.spread(servers(hosts)).masters().size());
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
