package io.switchboard.checks.shape;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.components.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A method fits a screen, a file fits a head, every room has a sign on its door, and the map shows every room. */
class TidyTest {
    private static final Path ROOT = Repository.root();
    private static final int FILES_MIN = 50;

    @Test
    void sourcesWereFound() {
        long files = Sources.modules(ROOT).stream()
                .mapToLong(module -> Sources.under(module.resolve("src")).size())
                .sum();
        assertTrue(files >= FILES_MIN, () -> "only " + files + " files of Java were found");
    }

    @Test
    void everyFileIsTidy() {
        var findings = Sources.modules(ROOT).stream()
                .flatMap(module -> Sources.under(module.resolve("src")).stream())
                .flatMap(file -> file.findings().stream())
                .map(finding -> finding.replace(ROOT + "/", ""))
                .toList();
        assertEquals("", String.join("\n", findings));
    }

    @Test
    void everyPackageIsNullMarkedAndSaysWhatItIsFor() {
        var missing = new ArrayList<String>();
        for (var module : Sources.modules(ROOT)) {
            var main = Sources.under(module.resolve("src/main/java"));
            missing.addAll(unmarked(main, marked(main)));
            var tests = Sources.under(module.resolve("src/test/java"));
            var markedHere = marked(tests);
            markedHere.addAll(markedAnywhere());
            missing.addAll(unmarked(tests, markedHere));
        }
        assertEquals(List.of(), missing, "packages without a package-info that has a sentence and @NullMarked");
    }

    @Test
    void mapShowsEveryRoom() throws IOException {
        var map = ROOT.resolve("ARCHITECTURE.md");
        if (!Files.exists(map)) {
            return;
        }
        var text = Files.readString(map);
        var rooms = new TreeSet<String>();
        for (var module : Sources.modules(ROOT)) {
            rooms.add(ROOT.relativize(module).toString());
            for (var file : Sources.under(module.resolve("src/main/java"))) {
                rooms.add(file.packageName().replace("io.switchboard.", ""));
            }
        }
        rooms.removeIf(room -> isNamed(room, text));
        assertEquals(Set.of(), rooms, "rooms that ARCHITECTURE.md does not name");
    }

    @Test
    void untidinessIsFound() {
        var longMethod = "class A { void a() {" + "\n".repeat(60) + "} }\n";
        assertEquals(List.of("A.java:1 method a has 61 lines, more than 60"), findings("A.java", longMethod));
        assertEquals(
                1,
                findings("A.java", "// " + "x".repeat(118) + "\nclass A {}\n").size());
        assertEquals(1, findings("A.java", "class A {}\n" + "//\n".repeat(500)).size());
        assertEquals(1, findings("A.java", "// TO" + "DO: later\nclass A {}\n").size());
        assertEquals(
                1,
                findings("A.java", "class A { void a() throws Exception { Thread.sleep(1); } }")
                        .size());
        assertEquals(
                1,
                findings("Shard.java", "class Shard { void a() { synchronized (this) { } } }")
                        .size());
        assertEquals(List.of(), findings("A.java", "/** Tidy. */\nclass A {}\n"));
    }

    private static List<String> findings(String name, String text) {
        return Sources.parse(Map.of(Path.of(name), text)).getFirst().findings().stream()
                .map(finding -> finding.substring(finding.lastIndexOf('/') + 1))
                .toList();
    }

    private static Set<String> markedAnywhere() {
        return Sources.modules(ROOT).stream()
                .flatMap(module -> marked(Sources.under(module.resolve("src/main/java"))).stream())
                .collect(Collectors.toSet());
    }

    private static Set<String> marked(List<SourceFile> files) {
        return files.stream()
                .filter(file -> file.isPackageInfo() && file.isNullMarkedWithSign())
                .map(SourceFile::packageName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> unmarked(List<SourceFile> files, Set<String> marked) {
        var names = files.stream().map(SourceFile::packageName).collect(Collectors.toCollection(TreeSet::new));
        names.removeAll(marked);
        return names;
    }

    private static boolean isNamed(String room, String text) {
        var either = Stream.of(room.split("[./]", -1)).map(Pattern::quote).collect(Collectors.joining("[./]"));
        return Pattern.compile("(?<![\\w-])" + either + "(?![\\w-])")
                .matcher(text)
                .find();
    }
}
