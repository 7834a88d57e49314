package io.switchboard.bench.measure;

import io.switchboard.bench.plan.BadPlanException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How many connections this process may open. */
public final class Descriptors {
    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final Path PORTS = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
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
        var ends = range.strip().split("\\s+", -1);
        int ports = Integer.parseInt(ends[1]) - Integer.parseInt(ends[0]) + 1;
        if (connections > (long) ports * servers) {
            throw new BadPlanException("there would be " + connections + " connections, and this machine has " + ports
                    + " ports for each server (" + PORTS + "); give fewer --connections or more --url");
        }
    }
}
