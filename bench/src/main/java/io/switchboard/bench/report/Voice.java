package io.switchboard.bench.report;

import io.switchboard.bench.report.Report.Moment;

/** Hears how a run goes on while it does. */
public interface Voice {
    /** A phase begins. */
    void phase(String words);

    /** How it stands, several times a second. */
    void now(String words);

    /** An interval of the measured time is over. */
    void moment(Moment moment);

    /** Says nothing. */
    Voice SILENT = new Voice() {
        @Override
        public void phase(String words) {}

        @Override
        public void now(String words) {}

        @Override
        public void moment(Moment moment) {}
    };
}
