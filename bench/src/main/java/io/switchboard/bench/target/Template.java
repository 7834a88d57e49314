package io.switchboard.bench.target;

import io.switchboard.bench.plan.BadPlanException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Text with places to be filled: {@code %s} the connection's own number, {@code %d} the number of the one it talks to,
 * {@code %g} its group's, {@code %P} the payload, {@code %%} a percent sign. Compiled once, rendered without an object.
 */
public final class Template {
    private static final int DECIMAL_MAX = 11;

    private sealed interface Part {
        int lengthMax(int payload);
    }

    private record Text(String utf8) implements Part {
        @Override
        public int lengthMax(int payload) {
            return utf8.length() * 3;
        }
    }

    private enum Place implements Part {
        OWN,
        TARGET,
        GROUP,
        PAYLOAD;

        @Override
        public int lengthMax(int payload) {
            return this == PAYLOAD ? payload : DECIMAL_MAX;
        }
    }

    private final String source;
    private final List<Part> parts;
    private final byte[][] texts;

    private Template(String source, List<Part> parts) {
        this.source = source;
        this.parts = List.copyOf(parts);
        texts = new byte[parts.size()][];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = parts.get(i) instanceof Text(var text) ? text.getBytes(StandardCharsets.UTF_8) : new byte[0];
        }
    }

    public static Template of(String source) {
        var parts = new ArrayList<Part>();
        var text = new StringBuilder();
        boolean afterPercent = false;
        for (int i = 0; i < source.length(); i++) {
            char c = source.charAt(i);
            if (!afterPercent && c == '%') {
                afterPercent = true;
                continue;
            }
            if (!afterPercent || c == '%') {
                text.append(c);
            } else {
                if (!text.isEmpty()) {
                    parts.add(new Text(text.toString()));
                    text.setLength(0);
                }
                parts.add(placeOf(c, source));
            }
            afterPercent = false;
        }
        if (afterPercent) {
            parts.add(placeOf(' ', source));
        }
        if (!text.isEmpty()) {
            parts.add(new Text(text.toString()));
        }
        return new Template(source, parts);
    }

    private static Place placeOf(char letter, String source) {
        return switch (letter) {
            case 's' -> Place.OWN;
            case 'd' -> Place.TARGET;
            case 'g' -> Place.GROUP;
            case 'P' -> Place.PAYLOAD;
            default ->
                throw new BadPlanException("the template \"" + source + "\" has %" + letter + ", which stands for"
                        + " nothing; there are %s (own number), %d (target), %g (group), %P (payload), and %% for a"
                        + " percent sign");
        };
    }

    public boolean hasPayload() {
        return parts.contains(Place.PAYLOAD);
    }

    /** No rendering is longer. */
    public int lengthMax(int payload) {
        return parts.stream().mapToInt(part -> part.lengthMax(payload)).sum();
    }

    /** Returns the length. */
    public int render(byte[] to, int own, int target, int group, byte[] payload, int payloadLength) {
        int at = 0;
        for (int i = 0; i < texts.length; i++) {
            var part = parts.get(i);
            if (part == Place.PAYLOAD) {
                System.arraycopy(payload, 0, to, at, payloadLength);
                at += payloadLength;
            } else if (part instanceof Place place) {
                at = decimal(to, at, place == Place.OWN ? own : place == Place.TARGET ? target : group);
            } else {
                var text = texts[i];
                System.arraycopy(text, 0, to, at, text.length);
                at += text.length;
            }
        }
        return at;
    }

    /** For what is rendered once, such as a path; there is no payload in it. */
    public String text(int own, int target, int group) {
        var to = new byte[lengthMax(0)];
        int length = render(to, own, target, group, new byte[0], 0);
        return new String(to, 0, length, StandardCharsets.UTF_8);
    }

    private static int decimal(byte[] to, int from, int number) {
        int at = from;
        int scale = 1;
        while (number / scale >= 10) {
            scale *= 10;
        }
        for (; scale > 0; scale /= 10) {
            to[at++] = (byte) ('0' + number / scale % 10);
        }
        return at;
    }

    @Override
    public String toString() {
        return source;
    }
}
