package io.switchboard.bench.report;

/** A report as a page. */
public final class HtmlReport {
    private HtmlReport() {}

    public static String of(Report report) {
        return "<pre>" + TextReport.of(report) + "</pre>";
    }
}
