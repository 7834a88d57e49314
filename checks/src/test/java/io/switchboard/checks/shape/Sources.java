package io.switchboard.checks.shape;

import com.sun.source.util.JavacTask;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** All Java of the checkout, parsed (not compiled) by the compiler of the JDK. */
final class Sources {
    private Sources() {}

    /** The directories with a pom.xml below the root, such as {@code core} and {@code bridges/redis}. */
    static List<Path> modules(Path root) {
        try (var paths = Files.walk(root, 3)) {
            return paths.filter(path -> path.endsWith("pom.xml") && !path.startsWith(root.resolve("target")))
                    .map(Path::getParent)
                    .filter(module -> !module.equals(root))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every file of Java under a directory; none if there is no such directory. */
    static List<SourceFile> under(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.walk(directory)) {
            var texts = new LinkedHashMap<Path, String>();
            for (var path : paths.filter(path -> path.toString().endsWith(".java"))
                    .sorted()
                    .toList()) {
                texts.put(path, Files.readString(path));
            }
            return parse(texts);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + directory, e);
        }
    }

    static List<SourceFile> parse(Map<Path, String> texts) {
        if (texts.isEmpty()) {
            return List.of();
        }
        var inputs = new LinkedHashMap<URI, TextObject>();
        texts.forEach((path, text) -> inputs.put(path.toUri(), new TextObject(path, text)));
        var compiler = ToolProvider.getSystemJavaCompiler();
        var task = (JavacTask) compiler.getTask(null, null, null, List.of("-proc:none"), null, inputs.values());
        var positions = Trees.instance(task).getSourcePositions();
        try {
            var files = new ArrayList<SourceFile>();
            for (var unit : task.parse()) {
                var source =
                        Objects.requireNonNull(inputs.get(unit.getSourceFile().toUri()));
                files.add(new SourceFile(source.path, source.text, unit, positions));
            }
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException("the compiler cannot parse", e);
        }
    }

    private static final class TextObject extends SimpleJavaFileObject {
        private final Path path;
        private final String text;

        TextObject(Path path, String text) {
            super(path.toUri(), Kind.SOURCE);
            this.path = path;
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
