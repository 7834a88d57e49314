package io.switchboard.bench.report;

import io.switchboard.bench.measure.Latency;
import io.switchboard.bench.plan.Scenario;
import io.switchboard.bench.report.Report.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A report for the eye: one table and what is worth a sentence. */
public final class TextReport {
    private final Report report;
    private final StringBuilder out = new StringBuilder();

    private TextReport(Report report) {
        this.report = report;
    }

    public static String of(Report report) {
        var text = new TextReport(report);
        text.head();
        text.connections();
        text.stages();
        text.server();
        text.verdict();
        return text.out.toString();
    }

    /** What came of it in one sentence. */
    public static String verdict(Report report) {
        var findings = report.findings();
        var faults = new ArrayList<String>();
        if (findings.lost() > 0) {
            faults.add(Words.count(findings.lost()) + " lost");
        }
        if (findings.lost() < 0) {
            faults.add(Words.count(-findings.lost()) + " more than were sent");
        }
        if (findings.repeated() > 0) {
            faults.add(Words.count(findings.repeated()) + " delivered twice");
        }
        if (findings.misrouted() > 0) {
            faults.add(Words.count(findings.misrouted()) + " heard by connections they were not meant for");
        }
        if (findings.garbled() > 0) {
            faults.add(Words.count(findings.garbled()) + " garbled");
        }
        if (!faults.isEmpty()) {
            return "NOT FINE: of " + Words.count(findings.expected()) + " deliveries " + String.join(", ", faults)
                    + ".";
        }
        if (report.connected().failed() > 0) {
            return "NOT FINE: " + Words.count(report.connected().failed()) + " connections failed or were lost.";
        }
        return report.plan().traffic().hasTraffic()
                ? "Fine: all " + Words.count(findings.expected())
                        + " deliveries (the warm-up's included) came once and only once."
                : "Fine: no connection failed.";
    }

    /** Who took part, how large the messages were and how they were paced. */
    static String subject(Report report) {
        var plan = report.plan();
        var crowd = plan.crowd();
        if (!plan.traffic().hasTraffic()) {
            return Words.count(crowd.connections()) + " connections";
        }
        var who = plan.traffic().hasPublishers()
                ? Words.count(crowd.connections()) + " listeners in " + Words.count(crowd.groups())
                        + (crowd.groups() == 1 ? " group, " : " groups, ") + Words.count(crowd.publishers())
                        + (crowd.publishers() == 1 ? " publisher" : " publishers")
                : Words.count(crowd.connections()) + " connections";
        return who + ", " + Words.count(plan.size()) + " bytes, " + plan.pace().words();
    }

    private void head() {
        var plan = report.plan();
        var urls = plan.urls().stream().map(Object::toString).toList();
        line("");
        line(plan.scenario().word() + ", " + plan.target().name() + " protocol, " + String.join(" ", urls));
        line(subject(report));
    }

    private void connections() {
        var connected = report.connected();
        if (report.plan().scenario() == Scenario.CHURN) {
            var stage = report.stages().getFirst();
            line("");
            line(String.format(
                    Locale.ROOT,
                    "handshakes    %s in %.1f s, %s/s",
                    Words.count(stage.handshakes()),
                    stage.seconds(),
                    Words.count(stage.handshakes() / stage.seconds())));
            times("took", stage.handshake());
            if (report.knowsServer()) {
                line(String.format(
                        Locale.ROOT,
                        "server CPU    %.1f µs per handshake (%.1f user, %.1f system)",
                        stage.server().cpu() * 1e6 / stage.handshakes(),
                        stage.server().user() * 1e6 / stage.handshakes(),
                        stage.server().system() * 1e6 / stage.handshakes()));
            }
            line(String.format(Locale.ROOT, "generator     busy %.0f %%", stage.busy() * 100));
        } else {
            line(String.format(
                    Locale.ROOT,
                    "connected     %s in %.2f s, handshake p50 %s, p99 %s",
                    Words.count(connected.ready()),
                    connected.seconds(),
                    Words.micros(connected.handshake().p50()),
                    Words.micros(connected.handshake().p99())));
        }
        connected
                .causes()
                .forEach((cause, times) -> line(String.format(Locale.ROOT, "  %s × %s", Words.count(times), cause)));
    }

    private void stages() {
        var rows = rows(report);
        if (!rows.isEmpty()) {
            line("");
            table(rows);
        }
        if (report.plan().traffic() == Scenario.CLUSTER) {
            added();
        }
    }

    /** The table, its head first; empty without traffic. */
    static List<List<String>> rows(Report report) {
        var rows = new ArrayList<List<String>>();
        if (!report.plan().traffic().hasTraffic()) {
            return rows;
        }
        rows.add(List.of("", "sent/s", "delivered/s", "p50", "p90", "p99", "p99.9", "max", "lost", "CPU s/M", "gen"));
        for (var stage : report.stages()) {
            var name = stage.rate() > 0 ? Words.count(stage.rate()) + "/s" : "closed loop";
            rows.add(row(name, stage, report.knowsServer()));
            if (stage.rate() > 0) {
                rows.add(row("  uncorrected", stage.uncorrected()));
                rows.add(row("  send lag", stage.lag()));
            }
            for (int i = 0; i < stage.perServer().size() && stage.perServer().size() > 1; i++) {
                var url = report.plan().urls().get(i);
                rows.add(row("  at " + url.getAuthority(), stage.perServer().get(i)));
            }
        }
        return rows;
    }

    /** What the way between the nodes costs. */
    private void added() {
        var stage = report.stages().getLast();
        var local = stage.perServer().getFirst();
        for (int i = 1; i < stage.perServer().size(); i++) {
            var remote = stage.perServer().get(i);
            line(String.format(
                    Locale.ROOT,
                    "between nodes %s adds %s at p50, %s at p99",
                    report.plan().urls().get(i).getAuthority(),
                    Words.micros(remote.p50() - local.p50()),
                    Words.micros(remote.p99() - local.p99())));
        }
    }

    private static List<String> row(String name, Stage stage, boolean knowsServer) {
        var row = new ArrayList<>(row(name, stage.latency()));
        row.set(1, Words.count(stage.seconds() > 0 ? stage.sent() / stage.seconds() : 0));
        row.set(2, Words.count(stage.perSecond()));
        row.set(8, Words.count(stage.lost()));
        row.set(9, knowsServer ? String.format(Locale.ROOT, "%.2f", stage.cpuPerMillion()) : "–");
        row.set(10, String.format(Locale.ROOT, "%.0f %%", stage.busy() * 100));
        return row;
    }

    private static List<String> row(String name, Latency latency) {
        return List.of(
                name,
                "",
                "",
                Words.micros(latency.p50()),
                Words.micros(latency.p90()),
                Words.micros(latency.p99()),
                Words.micros(latency.p999()),
                Words.micros(latency.max()),
                "",
                "",
                "");
    }

    private void server() {
        var findings = report.findings();
        if (report.knowsServer() && report.plan().scenario() != Scenario.CHURN) {
            var memory = report.memory();
            var connected = report.connected();
            line("");
            line(String.format(
                    Locale.ROOT,
                    "server memory %s before, %s connected (%s per connection), %s at the end",
                    Words.bytes(memory.before()),
                    Words.bytes(memory.connected()),
                    Words.bytes((memory.connected() - memory.before()) / Math.max(1, connected.ready())),
                    Words.bytes(memory.end())));
            line(String.format(
                    Locale.ROOT,
                    "server CPU    %.1f µs per handshake",
                    connected.server().cpu() * 1e6 / Math.max(1, connected.ready())));
            if (report.plan().scenario() == Scenario.SOAK) {
                line("memory growth " + Words.bytes(report.growthPerHour()) + " per hour, first interval to last");
            }
            for (var stage : report.stages()) {
                line(String.format(
                        Locale.ROOT,
                        "              %.2f s%s: %.2f user, %.2f system",
                        stage.server().cpu(),
                        stage.delivered() > 0 ? " for " + Words.count(stage.delivered()) + " deliveries" : "",
                        stage.server().user(),
                        stage.server().system()));
            }
        }
        if (findings.pings() > 0) {
            line(String.format(Locale.ROOT, "pings         %s answered", Words.count(findings.pings())));
        }
        if (findings.reordered() > 0) {
            line(String.format(
                    Locale.ROOT,
                    "order         %s came after a later one of the same publisher",
                    Words.count(findings.reordered())));
        }
        if (findings.tooLateToTell() > 0) {
            line(String.format(
                    Locale.ROOT,
                    "unclear       %s were older than the 64 before them: repeated, or only late",
                    Words.count(findings.tooLateToTell())));
        }
        if (findings.foreign() > 0) {
            line(String.format(
                    Locale.ROOT,
                    "others        %s messages of another run were heard",
                    Words.count(findings.foreign())));
        }
    }

    private void verdict() {
        line("");
        report.warnings().forEach(warning -> line(String.format(Locale.ROOT, "warning: %s", warning)));
        report.findings().worst().forEach(gap -> line(String.format(Locale.ROOT, "  %s", gap)));
    }

    private void times(String name, Latency latency) {
        line(String.format(
                Locale.ROOT,
                "%-13s p50 %s, p90 %s, p99 %s, max %s",
                name,
                Words.micros(latency.p50()),
                Words.micros(latency.p90()),
                Words.micros(latency.p99()),
                Words.micros(latency.max())));
    }

    private void table(List<List<String>> rows) {
        int columns = rows.getFirst().size();
        var widths = new int[columns];
        for (var row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (var row : rows) {
            var text = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                var pad = " ".repeat(widths[i] - row.get(i).length());
                text.append(i == 0 ? row.get(i) + pad : "  " + pad + row.get(i));
            }
            line(text.toString().stripTrailing());
        }
    }

    private void line(String text) {
        out.append(text).append('\n');
    }
}
