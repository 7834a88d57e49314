package io.switchboard.checks.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.components.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The known faults of the published chat programs are numbered N1 to N12 (.NET) and G1 to G11 (Go). Each has a test
 * that is named after it, in a class that lists it, and shows that two nodes of ours do not have it.
 */
class PublishedFaultsTest {
    private static final List<Class<?>> PROOFS =
            List.of(InputFaultsTest.class, SessionFaultsTest.class, BrokerFaultsTest.class, LoadFaultsTest.class);
    private static final Pattern TEST_NAME = Pattern.compile("([ng]\\d+)[A-Z].*");
    private static final Pattern LISTED = Pattern.compile("\\b([NG]\\d+)\\b");

    @Test
    void everyPublishedFaultHasATest() {
        assertEquals(published(), tested(PROOFS.stream()));
    }

    @Test
    void everyClassListsItsFaults() throws IOException {
        for (var proof : PROOFS) {
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

    private static Set<String> published() {
        return Stream.concat(
                        IntStream.rangeClosed(1, 12).mapToObj(number -> "N" + number),
                        IntStream.rangeClosed(1, 11).mapToObj(number -> "G" + number))
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
