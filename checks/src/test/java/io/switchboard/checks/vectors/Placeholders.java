package io.switchboard.checks.vectors;

import java.util.regex.Pattern;

/** Short forms inside texts: {@code <8192 x z>}, {@code <100 KB>} and the running number {@code <i>}. */
final class Placeholders {
    private static final Pattern TIMES = Pattern.compile("<(\\d+) x (.+?)>");
    private static final Pattern KILOBYTES = Pattern.compile("<(\\d+) KB>");

    private Placeholders() {}

    static String expand(String text, int index) {
        var times = TIMES.matcher(text).replaceAll(found -> found.group(2).repeat(Integer.parseInt(found.group(1))));
        var sized = KILOBYTES.matcher(times).replaceAll(found -> "z".repeat(1_024 * Integer.parseInt(found.group(1))));
        return sized.replace("<i>", Integer.toString(index));
    }
}
