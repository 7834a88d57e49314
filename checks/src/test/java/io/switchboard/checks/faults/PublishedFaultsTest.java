package io.switchboard.checks.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.components.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The known faults of the published programs are numbered: N1 to N12 (chat, .NET), G1 to G11 (chat, Go), M1 to M12
 * (sign), D1 to D12 (inbox). Each has a test that is named after it, in a class that lists it, and shows that nodes of
 * ours do not have it.
 */
class PublishedFaultsTest {
    private static final String ROOM = "io.switchboard.checks.";
    private static final List<String> PROOFS = List.of(
            "faults.InputFaultsTest",
            "faults.SessionFaultsTest",
            "faults.BrokerFaultsTest",
            "faults.LoadFaultsTest",
            "published.SignFaultsTest",
            "published.RabbitPresetsTest",
            "published.InboxFaultsTest",
            "published.InboxPlacesTest");
    private static final Map<String, Integer> LAST = Map.of("N", 12, "G", 11, "M", 12, "D", 12);
    private static final Pattern TEST_NAME = Pattern.compile("([ngmd]\\d+)[A-Z].*");
    private static final Pattern LISTED = Pattern.compile("\\b([NGMD]\\d+)\\b");

    @Test
    void everyPublishedFaultHasATest() {
        assertEquals(published(), tested(PROOFS.stream().map(PublishedFaultsTest::proof)));
    }

    @Test
    void everyClassListsItsFaults() throws IOException {
        for (var name : PROOFS) {
            var proof = proof(name);
            var file = "checks/src/test/java/" + proof.getName().replace('.', '/') + ".java";
            var source = Files.readString(Repository.file(file));
            var javadoc = source.substring(source.indexOf("/**"), source.indexOf("*/"));
            var listed = LISTED.matcher(javadoc)
                    .results()
                    .map(found -> found.group(1))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertEquals(listed, tested(Stream.of(proof)), proof.getSimpleName());
        }
    }

    private static Class<?> proof(String name) {
        try {
            // Not initialized: that would start their nodes.
            return Class.forName(ROOM + name, false, PublishedFaultsTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new AssertionError("no such class of tests: " + name, e);
        }
    }

    private static Set<String> published() {
        return LAST.entrySet().stream()
                .flatMap(
                        group -> IntStream.rangeClosed(1, group.getValue()).mapToObj(number -> group.getKey() + number))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> tested(Stream<Class<?>> proofs) {
        var tested = proofs.flatMap(proof -> Arrays.stream(proof.getDeclaredMethods()))
                .filter(method -> method.isAnnotationPresent(Test.class))
                .map(method -> TEST_NAME.matcher(method.getName()))
                .filter(name -> name.matches())
                .map(name -> name.group(1).toUpperCase(Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new));
        assertTrue(!tested.isEmpty(), "no test is named after a fault");
        return tested;
    }
}
