package io.switchboard.transport.handshake;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A path of literal segments and {@code {variables}}, each a whole segment. A parameter may follow ({@code /hub?sign}),
 * then it must have a value; a parameter alone ({@code ?sign}) is any path.
 */
final class PathTemplate {
    /**
     * A path that fits.
     *
     * @param emptyVariable the first variable that has no value; empty if all have
     */
    record Fit(Map<String, String> variables, String emptyVariable) {}

    private final String text;
    private final boolean anyPath;
    private final List<String> segments;

    /** Empty if there is none. */
    private final String parameter;

    /** @throws IllegalArgumentException if it is no template */
    PathTemplate(String text) {
        int mark = text.indexOf('?');
        String path = mark < 0 ? text : text.substring(0, mark);
        this.text = text;
        this.parameter = mark < 0 ? "" : text.substring(mark + 1);
        this.anyPath = path.isEmpty() && !parameter.isEmpty();
        if (!anyPath && !path.startsWith("/")) {
            throw new IllegalArgumentException("path " + text + " does not begin with /");
        }
        this.segments = anyPath ? List.of() : segments(path);
        var names = new HashSet<String>();
        for (String segment : segments) {
            boolean variable = isVariable(segment);
            if (!variable && (segment.contains("{") || segment.contains("}"))) {
                throw new IllegalArgumentException("path " + text + ": a variable must be a whole segment, as /{id}/");
            } else if (variable && !names.add(segment)) {
                throw new IllegalArgumentException("path " + text + " has " + segment + " twice");
            }
        }
    }

    static List<String> segments(String path) {
        return List.of(path.substring(1).split("/", -1));
    }

    private static boolean isVariable(String segment) {
        return segment.length() > 2 && segment.startsWith("{") && segment.endsWith("}");
    }

    boolean hasParameter() {
        return !parameter.isEmpty();
    }

    /**
     * @param path decoded segments
     * @param query decoded parameters; their names are told apart without regard to case
     */
    Optional<Fit> fit(List<String> path, Map<String, String> query) {
        if (!anyPath && path.size() != segments.size()) {
            return Optional.empty();
        }
        var variables = new LinkedHashMap<String, String>();
        if (hasParameter()) {
            String value = query.entrySet().stream()
                    .filter(one -> one.getKey().equalsIgnoreCase(parameter))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse("");
            if (value.isEmpty()) {
                return Optional.empty();
            }
            variables.put(parameter, value);
        }
        String empty = "";
        for (int i = 0; i < segments.size(); i++) {
            String segment = segments.get(i);
            if (isVariable(segment)) {
                String name = segment.substring(1, segment.length() - 1);
                variables.put(name, path.get(i));
                if (path.get(i).isEmpty() && empty.isEmpty()) {
                    empty = name;
                }
            } else if (!segment.equals(path.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(new Fit(variables, empty));
    }

    /**
     * Sorts before others what is tried before them: most literals first, then literals further left, then those with a
     * parameter; any path comes last.
     */
    String rank() {
        var kinds = new StringBuilder();
        int variables = 0;
        for (String segment : segments) {
            kinds.append(isVariable(segment) ? 'v' : 'l');
            variables += isVariable(segment) ? 1 : 0;
        }
        return (anyPath ? "any" : String.format("%04d", variables)) + kinds + (hasParameter() ? "" : "~");
    }

    /** Equal for templates that fit the same paths. */
    List<String> shape() {
        var shape = new ArrayList<String>();
        segments.forEach(segment -> shape.add(isVariable(segment) ? "{}" : segment));
        if (hasParameter()) {
            shape.add((anyPath ? "" : "/") + "?" + parameter.toLowerCase(Locale.ROOT));
        }
        return shape;
    }

    @Override
    public String toString() {
        return text;
    }
}
