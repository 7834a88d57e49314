package io.switchboard.bench.report;

import io.switchboard.bench.measure.Latency;
import io.switchboard.bench.report.Report.Findings;
import io.switchboard.bench.report.Report.Moment;
import io.switchboard.bench.report.Report.Stage;
import java.util.LinkedHashMap;
import java.util.Map;

/** A report for programs. Times are in microseconds, seconds or milliseconds as the names say. */
public final class JsonReport {
    private JsonReport() {}

    public static String of(Report report) {
        var plan = report.plan();
        var all = new LinkedHashMap<String, Object>();
        all.put("scenario", plan.scenario().word());
        all.put("traffic", plan.traffic().word());
        all.put("target", plan.target().name());
        all.put("urls", plan.urls());
        all.put("started", report.started());
        all.put("pace", plan.pace().words());
        all.put("connections", plan.crowd().connections());
        all.put("publishers", plan.traffic().hasPublishers() ? plan.crowd().publishers() : 0);
        all.put("groups", plan.crowd().groups());
        all.put("size_bytes", plan.size());
        all.put("exit_code", report.exitCode());
        all.put("connecting", connecting(report));
        all.put("findings", findings(report.findings()));
        all.put(
                "stages",
                report.stages().stream()
                        .map(stage -> stage(stage, report.knowsServer()))
                        .toList());
        if (report.knowsServer()) {
            all.put("memory", memory(report));
        }
        all.put(
                "moments",
                report.moments().stream()
                        .map(moment -> moment(moment, report.knowsServer()))
                        .toList());
        all.put("warnings", report.warnings());
        return JsonText.of(all) + "\n";
    }

    /** One interval as one line, for runs that are watched for hours. */
    public static String line(Moment moment, boolean knowsServer) {
        return JsonText.of(moment(moment, knowsServer));
    }

    private static Map<String, Object> connecting(Report report) {
        var connected = report.connected();
        var map = new LinkedHashMap<String, Object>();
        map.put("ready", connected.ready());
        map.put("failed", connected.failed());
        map.put("seconds", connected.seconds());
        map.put("handshake_us", latency(connected.handshake()));
        if (report.knowsServer() && connected.ready() > 0) {
            map.put("server_cpu_us_each", connected.server().cpu() * 1e6 / connected.ready());
        }
        map.put("causes", connected.causes());
        return map;
    }

    private static Map<String, Object> findings(Findings findings) {
        var map = new LinkedHashMap<String, Object>();
        map.put("expected", findings.expected());
        map.put("distinct", findings.distinct());
        map.put("lost", findings.lost());
        map.put("repeated", findings.repeated());
        map.put("reordered", findings.reordered());
        map.put("too_late_to_tell", findings.tooLateToTell());
        map.put("misrouted", findings.misrouted());
        map.put("garbled", findings.garbled());
        map.put("of_other_runs", findings.foreign());
        map.put("frames_without_stamp", findings.unstamped());
        map.put("pings_answered", findings.pings());
        map.put("worst", findings.worst());
        return map;
    }

    private static Map<String, Object> stage(Stage stage, boolean knowsServer) {
        var map = new LinkedHashMap<String, Object>();
        map.put("rate", stage.rate());
        map.put("seconds", stage.seconds());
        map.put("sent", stage.sent());
        map.put("expected", stage.expected());
        map.put("delivered", stage.delivered());
        map.put("lost", stage.lost());
        map.put("delivered_per_second", stage.perSecond());
        map.put("stalls", stage.stalls());
        map.put("latency_us", latency(stage.latency()));
        if (stage.rate() > 0) {
            map.put("uncorrected_latency_us", latency(stage.uncorrected()));
            map.put("send_lag_us", latency(stage.lag()));
        }
        map.put(
                "latency_us_per_url",
                stage.perServer().stream().map(JsonReport::latency).toList());
        if (stage.handshakes() > 0) {
            map.put("handshakes", stage.handshakes());
            map.put("handshakes_per_second", stage.handshakes() / stage.seconds());
            map.put("handshake_us", latency(stage.handshake()));
        }
        map.put("generator_busy", stage.busy());
        if (knowsServer) {
            map.put("server_cpu_s", stage.server().cpu());
            map.put("server_user_s", stage.server().user());
            map.put("server_system_s", stage.server().system());
            if (stage.delivered() > 0) {
                map.put("server_cpu_s_per_million", stage.cpuPerMillion());
            }
            if (stage.handshakes() > 0) {
                map.put("server_cpu_us_per_handshake", stage.server().cpu() * 1e6 / stage.handshakes());
            }
        }
        return map;
    }

    private static Map<String, Object> memory(Report report) {
        var memory = report.memory();
        var map = new LinkedHashMap<String, Object>();
        map.put("resident_before", memory.before());
        map.put("resident_connected", memory.connected());
        map.put("resident_end", memory.end());
        map.put("resident_growth_per_hour", report.growthPerHour());
        int ready = report.connected().ready();
        if (ready > 0) {
            map.put("resident_per_connection", (memory.connected() - memory.before()) / ready);
        }
        return map;
    }

    private static Map<String, Object> moment(Moment moment, boolean knowsServer) {
        var map = new LinkedHashMap<String, Object>();
        map.put("at_s", moment.at());
        map.put("seconds", moment.seconds());
        map.put("sent", moment.sent());
        map.put("delivered", moment.delivered());
        map.put("handshakes", moment.handshakes());
        map.put("p50_us", moment.p50());
        map.put("p99_us", moment.p99());
        map.put("max_us", moment.max());
        if (knowsServer) {
            map.put("server_cpu_s", moment.serverCpu());
            map.put("server_resident", moment.serverResident());
        }
        return map;
    }

    private static Map<String, Object> latency(Latency latency) {
        var map = new LinkedHashMap<String, Object>();
        map.put("count", latency.count());
        map.put("min", latency.min());
        map.put("mean", latency.mean());
        map.put("p50", latency.p50());
        map.put("p90", latency.p90());
        map.put("p99", latency.p99());
        map.put("p999", latency.p999());
        map.put("p9999", latency.p9999());
        map.put("max", latency.max());
        return map;
    }
}
