package io.switchboard.bench.measure;

import io.switchboard.bench.plan.BadPlanException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What processes have used until now: CPU seconds since their start, resident bytes; all of them together. */
public record Usage(double user, double system, long resident) {
    /** USER_HZ, which Linux has fixed at 100 for everybody. */
    private static final double TICKS_PER_SECOND = 100;

    public static final Usage NONE = new Usage(0, 0, 0);

    public double cpu() {
        return user + system;
    }

    /** CPU since an earlier moment; the memory is this moment's. */
    public Usage since(Usage earlier) {
        return new Usage(user - earlier.user, system - earlier.system, resident);
    }

    public static Usage of(List<Long> pids) {
        var sum = NONE;
        for (long pid : pids) {
            var one = of(pid);
            sum = new Usage(sum.user + one.user, sum.system + one.system, sum.resident + one.resident);
        }
        return sum;
    }

    private static Usage of(long pid) {
        try {
            var directory = Path.of("/proc", Long.toString(pid));
            var status = Files.readAllLines(directory.resolve("status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .findFirst();
            long kib = status.map(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .orElse(0L);
            return parse(Files.readString(directory.resolve("stat")), kib * 1024);
        } catch (IOException e) {
            throw new BadPlanException("--server-pid " + pid + ": there is no such process here (" + e.getMessage()
                    + "); the server must run on this machine, and on Linux");
        }
    }

    /** A line of {@code /proc/PID/stat}; the command in it may hold blanks and brackets. */
    static Usage parse(String stat, long resident) {
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return new Usage(
                Long.parseLong(fields[11]) / TICKS_PER_SECOND, Long.parseLong(fields[12]) / TICKS_PER_SECOND, resident);
    }
}
