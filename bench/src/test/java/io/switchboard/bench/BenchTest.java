package io.switchboard.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.bench.FaultyServer.Deed;
import io.switchboard.bench.measure.Latency;
import io.switchboard.bench.plan.BadPlanException;
import io.switchboard.bench.plan.BenchPlan;
import io.switchboard.bench.plan.BenchPlan.Crowd;
import io.switchboard.bench.plan.Pace;
import io.switchboard.bench.plan.Scenario;
import io.switchboard.bench.plan.TargetFailedException;
import io.switchboard.bench.plan.Times;
import io.switchboard.bench.report.HtmlReport;
import io.switchboard.bench.report.JsonReport;
import io.switchboard.bench.report.Report;
import io.switchboard.bench.report.TextReport;
import io.switchboard.bench.report.Voice;
import io.switchboard.bench.target.Plain;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class BenchTest {
    private static final Duration STALL = Duration.ofMillis(400);
    private static final Pace ONE = new Pace.Window(1);

    @Test
    void whatComesBackIsFine() {
        try (var server = FaultyServer.doing(number -> Deed.ECHO)) {
            var report = run(server, 4, new Pace.Window(2));
            assertEquals(0, report.exitCode(), TextReport.of(report));
            assertEquals(report.findings().expected(), report.findings().distinct());
            assertTrue(report.findings().distinct() > 0);
        }
    }

    @Test
    void everyLossIsCounted() {
        try (var server = FaultyServer.doing(number -> number % 10 == 9 ? Deed.LOSE : Deed.ECHO)) {
            var report = run(server, 1, Pace.Rates.parse("1000", 1));
            long sent = report.findings().expected();
            assertEquals(3, report.exitCode());
            assertEquals(sent / 10, report.findings().lost());
            assertEquals(0, report.findings().repeated() + report.findings().reordered());
            assertEquals(1, report.findings().worst().size());
            assertTrue(TextReport.verdict(report).startsWith("NOT FINE"), TextReport.verdict(report));
        }
    }

    @Test
    void everyRepeatAndEveryChangeOfOrderIsCounted() {
        try (var server = FaultyServer.doing(number -> switch (number % 10) {
            case 3 -> Deed.REPEAT;
            case 6 -> Deed.HOLD;
            default -> Deed.ECHO;
        })) {
            var report = run(server, 1, Pace.Rates.parse("1000", 1));
            long sent = report.findings().expected();
            assertEquals(3, report.exitCode());
            assertEquals((sent + 6) / 10, report.findings().repeated());
            assertTrue(Math.abs(report.findings().reordered() - (sent + 3) / 10) <= 1);
        }
    }

    @Test
    void anOpenLoopCannotBeStilledByAStall() {
        // Once, while the clock goes on: the messages that were due meanwhile are late, and count.
        var open = stalled(Pace.Rates.parse("1000", 1));
        var closed = stalled(ONE);
        double stall = STALL.toNanos() / 1e3;
        assertTrue(open.p99() > stall / 2, () -> "corrected p99 " + open.p99());
        assertTrue(open.max() < 1e9 && closed.p99() < open.p99(), () -> "closed loop p99 " + closed.p99());
    }

    private static Latency stalled(Pace pace) {
        try (var server = FaultyServer.doing(number -> {
            if (number == 100) {
                LockSupport.parkNanos(STALL.toNanos());
            }
            return Deed.ECHO;
        })) {
            return run(server, 1, pace).stages().getFirst().latency();
        }
    }

    @Test
    void aRefusalIsToldWithItsFirstLine() {
        try (var server =
                FaultyServer.answering("HTTP/1.1 403 Forbidden\r\nContent-Length: 14\r\n\r\nwrong origin\nx")) {
            var failure = assertThrows(TargetFailedException.class, () -> run(server, 3, ONE));
            assertEquals("""
                    3 of 3 connections could not be made:
                      3 × HTTP 403 Forbidden: wrong origin""", failure.getMessage());
        }
    }

    @Test
    void aPortNobodyListensOnIsTold() {
        URI nobody;
        try (var server = FaultyServer.doing(number -> Deed.ECHO)) {
            nobody = server.uri();
        }
        var failure = assertThrows(TargetFailedException.class, () -> run(plan(nobody, 2, ONE, 100)));
        assertTrue(
                String.valueOf(failure.getMessage()).contains("2 × connection refused by 127.0.0.1:"),
                failure.getMessage());
    }

    @Test
    void aPayloadTooSmallForTheStampIsRefused() {
        var url = URI.create("ws://127.0.0.1:1");
        var refusal = assertThrows(BadPlanException.class, () -> plan(url, 1, ONE, 29));
        assertTrue(String.valueOf(refusal.getMessage()).contains("give --size 30 or more"), refusal.getMessage());
    }

    @Test
    void ratesRampInEqualSteps() {
        assertEquals(
                List.of(1_000.0, 5_500.0, 10_000.0),
                Pace.Rates.parse("1000..10000", 3).perSecond());
        assertThrows(BadPlanException.class, () -> Pace.Rates.parse("fast", 3));
        assertThrows(BadPlanException.class, () -> Pace.Rates.parse("0", 3));
    }

    @Test
    void theReportsTellTheSame() {
        try (var server = FaultyServer.doing(number -> Deed.ECHO)) {
            var report = run(server, 1, Pace.Rates.parse("500", 1));
            var json = JsonReport.of(report);
            var expected = "\"expected\":" + report.findings().expected() + ",\"distinct\":"
                    + report.findings().distinct() + ",\"lost\":0";
            assertTrue(json.contains(expected), json);
            assertTrue(json.contains("\"scenario\":\"echo\"") && json.contains("\"uncorrected_latency_us\":{"), json);
            var page = HtmlReport.of(report);
            assertTrue(page.contains("<svg") && page.contains("prefers-color-scheme: dark"), page);
            assertTrue(!page.contains("<script") && !page.contains("{charts}"), page);
        }
    }

    private static Report run(FaultyServer server, int connections, Pace pace) {
        return run(plan(server.uri(), connections, pace, 100));
    }

    private static Report run(BenchPlan plan) {
        return new Bench().run(plan, Voice.SILENT);
    }

    private static BenchPlan plan(URI url, int connections, Pace pace, int size) {
        var target = new Plain("/", Optional.empty(), List.of(), List.of(), "%P", List.of(), false, Optional.empty());
        var times = new Times(
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofMillis(250));
        var crowd = new Crowd(connections, 1, 0, 1, 16);
        return new BenchPlan(Scenario.ECHO, Scenario.ECHO, target, List.of(url), crowd, pace, times, size, List.of());
    }
}
