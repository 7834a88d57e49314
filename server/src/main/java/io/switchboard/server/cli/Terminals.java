package io.switchboard.server.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether a person looks at what is printed. The JDK tells only whether all three streams are terminals. */
final class Terminals {
    private Terminals() {}

    static boolean isOutput() {
        return is(1);
    }

    static boolean isError() {
        return is(2);
    }

    private static boolean is(int descriptor) {
        var term = System.getenv("TERM");
        if (term == null || term.equals("dumb") || System.getenv("NO_COLOR") != null) {
            return false;
        }
        try {
            var where = Files.readSymbolicLink(Path.of("/proc/self/fd", Integer.toString(descriptor)))
                    .toString();
            return where.startsWith("/dev/pts/") || where.startsWith("/dev/tty");
        } catch (IOException _unknown) {
            return false;
        }
    }
}
