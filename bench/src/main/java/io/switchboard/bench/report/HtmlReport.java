package io.switchboard.bench.report;

import io.switchboard.bench.measure.Latency;
import io.switchboard.bench.report.Chart.Point;
import io.switchboard.bench.report.Chart.Series;
import io.switchboard.bench.report.Report.Moment;
import io.switchboard.bench.report.Report.Stage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** A report as one page that needs nothing else: no script, no network. */
public final class HtmlReport {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'");

    private HtmlReport() {}

    public static String of(Report report) {
        var plan = report.plan();
        var urls = plan.urls().stream().map(Object::toString).collect(Collectors.joining(", "));
        return page().replace(
                        "{title}",
                        escaped("Load test: " + plan.scenario().word() + ", "
                                + plan.target().name()))
                .replace("{what}", escaped(TextReport.subject(report)))
                .replace(
                        "{when}",
                        escaped(urls + " · " + TIME.format(report.started().atOffset(ZoneOffset.UTC))))
                .replace("{mood}", report.exitCode() == 0 ? "good" : "bad")
                .replace("{verdict}", escaped(TextReport.verdict(report)))
                .replace("{table}", table(report))
                .replace("{charts}", charts(report))
                .replace("{text}", escaped(TextReport.of(report).strip()));
    }

    private static String table(Report report) {
        var rows = TextReport.rows(report);
        if (rows.isEmpty()) {
            return "";
        }
        var out = new StringBuilder("<div class=\"card wide\"><table>\n");
        for (int i = 0; i < rows.size(); i++) {
            out.append("<tr>");
            for (var cell : rows.get(i)) {
                var under = cell.startsWith("  ") ? " class=\"under\"" : "";
                out.append(i == 0 ? "<th>" : "<td" + under + ">")
                        .append(escaped(cell.strip()))
                        .append(i == 0 ? "</th>" : "</td>");
            }
            out.append("</tr>\n");
        }
        return out.append("</table></div>").toString();
    }

    private static String charts(Report report) {
        var out = new StringBuilder();
        var moments = report.moments();
        if (report.stages().stream().anyMatch(stage -> stage.delivered() > 0)) {
            out.append(Chart.overPercent("Latency by percentile", percentiles(report), Words::micros));
            out.append(Chart.overTime(
                    "Deliveries per second",
                    List.of(line("delivered", moments, moment -> moment.delivered() / moment.seconds())),
                    Words::brief,
                    false));
            out.append(Chart.overTime(
                    "Latency over time",
                    List.of(
                            line("p50", moments, Moment::p50),
                            line("p99", moments, Moment::p99),
                            line("max", moments, Moment::max)),
                    Words::micros,
                    true));
        }
        if (report.stages().stream().anyMatch(stage -> stage.handshakes() > 0)) {
            out.append(Chart.overTime(
                    "Handshakes per second",
                    List.of(line("handshakes", moments, moment -> moment.handshakes() / moment.seconds())),
                    Words::brief,
                    false));
        }
        if (report.knowsServer()) {
            out.append(Chart.overTime(
                    "CPU of the server (100 % is one core)",
                    List.of(line("CPU", moments, moment -> 100 * moment.serverCpu() / moment.seconds())),
                    value -> String.format(Locale.ROOT, "%.0f %%", value),
                    false));
            out.append(Chart.overTime(
                    "Resident memory of the server",
                    List.of(line("memory", moments, moment -> moment.serverResident() / 1048576.0)),
                    value -> String.format(Locale.ROOT, "%.0f MiB", value),
                    false));
        }
        return out.toString();
    }

    private static List<Series> percentiles(Report report) {
        var series = new ArrayList<Series>();
        var stages = report.stages();
        for (var stage : stages) {
            var name = stage.rate() > 0 ? Words.count(stage.rate()) + " messages/s" : "latency";
            series.add(curve(stages.size() == 1 ? "from the intended time" : name, stage.latency()));
        }
        Stage first = stages.getFirst();
        if (stages.size() == 1 && first.rate() > 0) {
            series.add(curve("uncorrected", first.uncorrected()));
        } else if (stages.size() == 1 && first.perServer().size() > 1) {
            series.clear();
            for (int i = 0; i < first.perServer().size(); i++) {
                series.add(curve(
                        report.plan().urls().get(i).getAuthority(),
                        first.perServer().get(i)));
            }
        }
        return series;
    }

    private static Series curve(String name, Latency latency) {
        return new Series(
                escaped(name),
                latency.curve().stream()
                        .map(point -> new Point(-Math.log10(1 - point.percent() / 100), point.micros()))
                        .toList());
    }

    private static Series line(String name, List<Moment> moments, ToDoubleFunction<Moment> value) {
        return new Series(
                name,
                moments.stream()
                        .map(moment -> new Point(moment.at(), value.applyAsDouble(moment)))
                        .toList());
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static String page() {
        try (var in = Objects.requireNonNull(HtmlReport.class.getResourceAsStream("page.html"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
