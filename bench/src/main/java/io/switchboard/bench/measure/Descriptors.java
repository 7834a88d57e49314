package io.switchboard.bench.measure;

import io.switchboard.bench.plan.BadPlanException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** How many connections this process may open. */
public final class Descriptors {
    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final Path PORTS = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
    private static final Pattern RANGE = Pattern.compile("(\\d{1,5})\\s+(\\d{1,5})");
    /** For the jar, selectors, files of the report. */
    private static final int RESERVE = 100;

    private Descriptors() {}

    /** Refuses what this process cannot open; a system that does not say its limits is believed to have none. */
    public static void check(int connections, int servers) {
        try {
            checkFiles(connections, Files.readAllLines(LIMITS));
            checkPorts(connections, servers, Files.readString(PORTS));
        } catch (IOException _unknown) {
            // Not Linux: the first connection that fails will tell.
        }
    }

    static void checkFiles(int connections, List<String> limits) {
        for (var line : limits) {
            var fields = line.strip().split(" {2,}", -1);
            if (fields[0].equals("Max open files") && fields[1].matches("\\d{1,9}")) {
                int limit = Integer.parseInt(fields[1]);
                if (connections > limit - RESERVE) {
                    throw new BadPlanException("there would be " + connections + " connections, and this process may"
                            + " open " + limit + " files (Max open files in " + LIMITS + "), of which it keeps "
                            + RESERVE + "; give at most " + (limit - RESERVE)
                            + " with --connections and --publishers, or raise the limit with ulimit -n");
                }
            }
        }
    }

    static void checkPorts(int connections, int servers, String range) {
        var ends = RANGE.matcher(range.strip());
        if (!ends.matches()) {
            return;
        }
        int ports = Integer.parseInt(ends.group(2)) - Integer.parseInt(ends.group(1)) + 1;
        if (connections > (long) ports * servers) {
            throw new BadPlanException("there would be " + connections + " connections, and this machine has " + ports
                    + " ports for each server (" + PORTS + "); give fewer --connections or more --url");
        }
    }
}
