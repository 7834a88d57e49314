package io.switchboard.protocols.sign;

import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;

/** Local times as the published library writes them: {@code 2022-11-08T12:17:16.1234567+08:00}. */
final class NetTime {
    private static final int DIGITS_MAX = 7;

    private static final DateTimeFormatter FORM = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, DIGITS_MAX, true)
            .appendOffset("+HH:MM", "+00:00")
            .toFormatter(Locale.ROOT);

    private NetTime() {}

    static String now() {
        return of(OffsetDateTime.now(ZoneId.systemDefault()));
    }

    static String of(OffsetDateTime time) {
        return FORM.format(time);
    }
}
