package io.switchboard.bench.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes JSON: maps in their order, lists, texts, numbers (at most three decimals). */
final class JsonText {
    private final StringBuilder text = new StringBuilder();

    private JsonText() {}

    static String of(Object value) {
        var json = new JsonText();
        json.value(value);
        return json.text.toString();
    }

    private void value(Object value) {
        switch (value) {
            case Map<?, ?> map -> object(map);
            case List<?> list -> array(list);
            case Double number -> text.append(number(number));
            case Number number -> text.append(number);
            case Boolean truth -> text.append(truth);
            default -> string(value.toString());
        }
    }

    private void object(Map<?, ?> map) {
        text.append('{');
        var comma = "";
        for (var entry : map.entrySet()) {
            text.append(comma);
            string(String.valueOf(entry.getKey()));
            text.append(':');
            value(entry.getValue());
            comma = ",";
        }
        text.append('}');
    }

    private void array(List<?> list) {
        text.append('[');
        var comma = "";
        for (var entry : list) {
            text.append(comma);
            value(entry);
            comma = ",";
        }
        text.append(']');
    }

    private void string(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ') {
                text.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }

    private static String number(double value) {
        if (!Double.isFinite(value)) {
            return "0";
        }
        var digits = String.format(Locale.ROOT, "%.3f", value);
        return digits.replaceAll("0+$", "").replaceAll("\\.$", "");
    }
}
