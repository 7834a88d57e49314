package io.switchboard.protocols.centrifugal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.switchboard.message.Fields;
import io.switchboard.message.Publication;
import io.switchboard.message.Tags;
import io.switchboard.message.Topic;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TagFilterTest {
    private static final Publication TAGGED = Publication.of(Topic.of("c"), Spelled.message("1"))
            .withFields(Tags.with(Fields.NONE, Map.of("color", "green", "price", "12.50")));

    private static Ask.Filter leaf(String key, String cmp, String val) {
        return new Ask.Filter("", key, cmp, val, List.of(), List.of());
    }

    private static Ask.Filter joined(String op, Ask.Filter... nodes) {
        return new Ask.Filter(op, "", "", "", List.of(), List.of(nodes));
    }

    @ParameterizedTest
    @CsvSource({
        "color, eq, green, true", "color, eq, red, false", "color, neq, red, true", "color, neq, green, false",
        "size, eq, '', false", "size, neq, 1, true", "color, ex, '', true", "size, ex, '', false",
        "color, nex, '', false", "size, nex, '', true", "color, sw, gr, true", "color, ew, een, true",
        "color, ct, ree, true", "color, ct, x, false", "price, lt, 13, true", "price, lte, 12.5, true",
        "price, gt, 12.5, false", "price, gte, 12.50, true", "price, gt, -1, true", "color, gt, 1, false",
        "size, lt, 1, false"
    })
    void leavesCompareOneTag(String key, String cmp, String val, boolean holds) {
        assertEquals(holds, TagFilter.of(leaf(key, cmp, val)).test(TAGGED));
    }

    @ParameterizedTest
    @CsvSource({"in, true, red green", "in, false, red blue", "nin, false, red green", "nin, true, red blue"})
    void leavesKnowSets(String cmp, boolean holds, String values) {
        var filter = new Ask.Filter("", "color", cmp, "", Arrays.asList(values.split(" ", -1)), List.of());
        assertEquals(holds, TagFilter.of(filter).test(TAGGED));
    }

    @Test
    void leavesAreJoined() {
        Ask.Filter yes = leaf("color", "ex", "");
        Ask.Filter no = leaf("size", "ex", "");
        assertEquals(true, TagFilter.of(joined("and", yes, joined("not", no))).test(TAGGED));
        assertEquals(false, TagFilter.of(joined("and", yes, no)).test(TAGGED));
        assertEquals(true, TagFilter.of(joined("or", no, yes)).test(TAGGED));
    }

    @Test
    void whatIsNoFilterIsRefused() {
        for (Ask.Filter wrong : List.of(
                leaf("", "eq", "x"),
                leaf("k", "like", "x"),
                leaf("k", "gt", "many"),
                leaf("k", "gt", "1e999999999"),
                leaf("k", "in", ""),
                joined("and"),
                joined("xor", leaf("k", "ex", "")),
                joined("not", leaf("k", "ex", ""), leaf("k", "ex", "")))) {
            assertThrows(IllegalArgumentException.class, () -> TagFilter.of(wrong), wrong::toString);
        }
    }
}
