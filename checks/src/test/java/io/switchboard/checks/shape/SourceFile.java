package io.switchboard.checks.shape;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.SynchronizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** One file of Java and what is untidy in it. */
record SourceFile(Path path, String text, CompilationUnitTree tree, SourcePositions positions) {
    private static final int METHOD_LINES_MAX = 60;
    private static final int FILE_LINES_MAX = 500;
    private static final int LINE_CHARACTERS_MAX = 120;
    // Written in two parts so that this file does not find itself.
    private static final Pattern UNFINISHED = Pattern.compile("\\b(FIX" + "ME|TO" + "DO|XX" + "X)\\b");
    private static final Set<String> ONE_WRITER = Set.of("Shard.java", "Members.java");

    /** Everything untidy, each with the place where it is. */
    List<String> findings() {
        var findings = new ArrayList<String>();
        var lines = text.lines().toList();
        if (lines.size() > FILE_LINES_MAX) {
            findings.add(path + " has " + lines.size() + " lines, more than " + FILE_LINES_MAX);
        }
        for (int i = 0; i < lines.size(); i++) {
            int length = lines.get(i).codePointCount(0, lines.get(i).length());
            if (length > LINE_CHARACTERS_MAX) {
                findings.add(at(i + 1) + " is " + length + " characters long, more than " + LINE_CHARACTERS_MAX);
            }
            if (UNFINISHED.matcher(lines.get(i)).find()) {
                findings.add(at(i + 1) + " is unfinished: " + lines.get(i).strip());
            }
        }
        tree.accept(new Inspection(findings), null);
        return findings;
    }

    String packageName() {
        return tree.getPackageName() == null ? "" : tree.getPackageName().toString();
    }

    boolean isPackageInfo() {
        return path.endsWith("package-info.java");
    }

    /** For a package-info: marked, and with a sign on the door. */
    boolean isNullMarkedWithSign() {
        boolean marked = tree.getPackageAnnotations().stream()
                .anyMatch(
                        annotation -> annotation.getAnnotationType().toString().endsWith("NullMarked"));
        return marked && text.stripLeading().startsWith("/**");
    }

    private String at(long line) {
        return path + ":" + line;
    }

    private long lineOf(long position) {
        return tree.getLineMap().getLineNumber(position);
    }

    /** Walks the tree; the findings that need more than a line are made here. */
    private final class Inspection extends TreeScanner<List<String>, List<String>> {
        private final List<String> findings;

        Inspection(List<String> findings) {
            this.findings = findings;
        }

        @Override
        public List<String> visitMethod(MethodTree method, List<String> unused) {
            measure("method " + method.getName(), method);
            return super.visitMethod(method, unused);
        }

        @Override
        public List<String> visitLambdaExpression(LambdaExpressionTree lambda, List<String> unused) {
            measure("lambda", lambda);
            return super.visitLambdaExpression(lambda, unused);
        }

        @Override
        public List<String> visitMemberSelect(MemberSelectTree select, List<String> unused) {
            if (select.toString().matches("(java\\.lang\\.)?Thread\\.sleep")) {
                report(select, "sleeps");
            }
            return super.visitMemberSelect(select, unused);
        }

        @Override
        public List<String> visitSynchronized(SynchronizedTree block, List<String> unused) {
            if (ONE_WRITER.contains(path.getFileName().toString())) {
                report(block, "locks, in a class that belongs to one event loop");
            }
            return super.visitSynchronized(block, unused);
        }

        @Override
        public List<String> visitClass(ClassTree type, List<String> unused) {
            type.getModifiers().getAnnotations().stream()
                    .filter(annotation ->
                            annotation.getAnnotationType().toString().endsWith("Disabled"))
                    .forEach(annotation -> report(annotation, "is switched off"));
            return super.visitClass(type, unused);
        }

        private void measure(String what, Tree tree) {
            long first = lineOf(positions.getStartPosition(SourceFile.this.tree, tree));
            long last = lineOf(positions.getEndPosition(SourceFile.this.tree, tree));
            if (last - first + 1 > METHOD_LINES_MAX) {
                report(tree, what + " has " + (last - first + 1) + " lines, more than " + METHOD_LINES_MAX);
            }
        }

        private void report(Tree where, String what) {
            findings.add(at(lineOf(positions.getStartPosition(SourceFile.this.tree, where))) + " " + what);
        }
    }
}
