package io.switchboard.bench.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.bench.plan.BadPlanException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessesTest {
    @Test
    void aCommandWithBlanksAndBracketsIsSkipped() {
        var usage = Usage.parse("12 (a) b (c)) S 1 2 3 4 5 6 7 8 9 10 250 75 0 0 20 0", 4_096);
        assertEquals(new Usage(2.5, 0.75, 4_096), usage);
    }

    @Test
    void noSuchProcessIsSaid() {
        var refusal = assertThrows(BadPlanException.class, () -> Usage.of(List.of(999_999_999L)));
        assertTrue(String.valueOf(refusal.getMessage()).startsWith("--server-pid 999999999: there is no such process"));
    }

    @Test
    void moreConnectionsThanDescriptorsAreRefusedWithTheLimit() {
        var limits = List.of("Limit      Soft Limit   Hard Limit   Units", "Max open files   20000    20000    files");
        Descriptors.checkFiles(19_900, limits);
        var refusal = assertThrows(BadPlanException.class, () -> Descriptors.checkFiles(19_901, limits));
        assertTrue(String.valueOf(refusal.getMessage())
                .contains("may open 20000 files (Max open files in /proc/self/limits)"));
    }

    @Test
    void moreConnectionsThanPortsAreRefused() {
        Descriptors.checkPorts(200, 2, "100\t199\n");
        assertThrows(BadPlanException.class, () -> Descriptors.checkPorts(201, 2, "100\t199\n"));
    }
}
