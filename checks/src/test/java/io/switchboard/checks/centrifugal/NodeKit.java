package io.switchboard.checks.centrifugal;

import io.switchboard.checks.components.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The kit for browsers, driven by Node.js: scenes in {@code checks/src/test/js}, installed into {@code target}. */
final class NodeKit {
    private static final List<String> INSTALL = List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");

    private final Path directory;

    private NodeKit(Path directory) {
        this.directory = directory;
    }

    static synchronized NodeKit installed() {
        Path source = Repository.file("checks/src/test/js/centrifuge");
        Path target = Repository.file("checks/target/js/centrifuge");
        try {
            Files.createDirectories(target);
            boolean current = Files.isDirectory(target.resolve("node_modules"))
                    && Files.exists(target.resolve("package-lock.json"))
                    && Files.mismatch(source.resolve("package-lock.json"), target.resolve("package-lock.json")) < 0;
            try (Stream<Path> files = Files.list(source)) {
                for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                    Files.copy(file, target.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                }
            }
            if (!current) {
                run(target, INSTALL);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the kit cannot be put into " + target, e);
        }
        return new NodeKit(target);
    }

    /** What was said of each scene, as {@code ok NAME} or {@code not ok NAME: why}. */
    List<String> play(Fleet fleet, String transport, boolean binary) {
        var nodes = new ArrayList<String>();
        for (int i = 0; i < fleet.size(); i++) {
            nodes.add('"' + fleet.http(i) + '"');
        }
        String settings = "{\"nodes\":" + nodes + ",\"transport\":\"" + transport + "\",\"binary\":" + binary
                + ",\"secret\":\"" + Fleet.SECRET + "\",\"key\":\"" + Fleet.KEY + "\"}";
        return run(directory, List.of("node", "run.mjs", settings)).lines().toList();
    }

    private static String run(Path directory, List<String> command) {
        try {
            var process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            if (code != 0) {
                throw new AssertionError(command + " ended with " + code + ":\n" + said);
            }
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + command.getFirst() + ": is it installed?", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while " + command.getFirst() + " ran", e);
        }
    }
}
