package io.switchboard.server.config;

import java.io.Reader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Reads one YAML text as settings. The text is only composed into nodes, never into objects: nodes know their lines,
 * and no tag in a file can make a class.
 */
final class YamlLayer {
    private final String source;
    private final ConfigValues values;
    private final Map<String, Integer> lines = new HashMap<>();

    private YamlLayer(String source, ConfigValues values) {
        this.source = source;
        this.values = values;
    }

    static void read(String source, Reader text, ConfigValues values) {
        new YamlLayer(source, values).read(text);
    }

    private void read(Reader text) {
        var yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
        try {
            var root = Optional.ofNullable(yaml.compose(text));
            if (root.isPresent() && !isEmpty(root.get())) {
                readRoot(root.get());
            }
        } catch (MarkedYAMLException e) {
            values.report(whereIs(e), "this is not YAML: " + reasonOf(e));
        } catch (YAMLException e) {
            values.report(source, "this is not YAML: " + firstLine(String.valueOf(e.getMessage())));
        }
    }

    private void readRoot(Node root) {
        if (root instanceof MappingNode mapping) {
            readSection("", mapping);
        } else {
            values.report(whereIs(root), "keys and values are expected, such as node.port: 8080");
        }
    }

    private void readSection(String section, MappingNode mapping) {
        for (var tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode scalar)) {
                values.report(whereIs(tuple.getKeyNode()), "a key must be a plain word");
                continue;
            }
            readEntry(section.isEmpty() ? scalar.getValue() : section + "." + scalar.getValue(), tuple);
        }
    }

    private void readEntry(String name, NodeTuple tuple) {
        var where = whereIs(tuple.getKeyNode());
        var value = tuple.getValueNode();
        if (Keys.isSection(name)) {
            readInner(name, value, where);
        } else if (name.equals("<<") || name.endsWith(".<<")) {
            values.report(where, name + ": merging is not supported here; write the keys out");
        } else if (Keys.find(name).isEmpty()) {
            values.report(where, Keys.unknown(name));
        } else if (isFirst(name, tuple)) {
            readValue(name, value, where);
        }
    }

    private void readInner(String section, Node value, String where) {
        if (value instanceof MappingNode inner) {
            readSection(section, inner);
        } else if (!isEmpty(value)) {
            values.report(
                    where,
                    section + " is a section; write below it, indented, what you want of "
                            + String.join(", ", Keys.below(section)));
        }
    }

    private void readValue(String name, Node value, String where) {
        var key = Keys.find(name).orElseThrow();
        if (isEmpty(value)) {
            values.report(where, name + ": has no value; give " + key.type().expected());
        } else if (value instanceof ScalarNode scalar) {
            values.apply(Setting.text(name, scalar.getValue(), where));
        } else if (value instanceof SequenceNode sequence) {
            readItems(name, sequence, where);
        } else {
            values.report(
                    where, name + ": keys stand below it; give " + key.type().expected());
        }
    }

    private void readItems(String name, SequenceNode sequence, String where) {
        List<String> items = new ArrayList<>();
        for (var item : sequence.getValue()) {
            if (name.equals(Keys.NAMESPACES.name()) && item instanceof MappingNode mapping) {
                var namespace = namespace(mapping);
                if (namespace.isEmpty()) {
                    return;
                }
                items.add(namespace.get());
                continue;
            }
            if (!(item instanceof ScalarNode scalar)) {
                values.report(whereIs(item), name + ": a plain item is expected in this list");
                return;
            }
            items.add(scalar.getValue());
        }
        values.apply(new Setting(name, items, true, where));
    }

    /** One namespace as the text that stands for it elsewhere; its mistakes are told at their own lines. */
    private Optional<String> namespace(MappingNode mapping) {
        var members = new LinkedHashMap<String, String>();
        var where = whereIs(mapping);
        try {
            for (var tuple : mapping.getValue()) {
                where = whereIs(tuple.getKeyNode());
                if (!(tuple.getKeyNode() instanceof ScalarNode key)
                        || !(tuple.getValueNode() instanceof ScalarNode value)) {
                    throw new BadValue("a rule and its value are expected", "write for example slow: conflate");
                }
                NamespaceType.checkMember(key.getValue());
                if (members.put(key.getValue(), value.getValue()) != null) {
                    throw new BadValue(key.getValue() + " stands twice", "keep one of the two");
                }
            }
            where = whereIs(mapping);
            var text = NamespaceType.text(members);
            var ignored = Keys.NAMESPACES.type().parse(List.of(text));
            return Optional.of(text);
        } catch (BadValue e) {
            values.report(where, Keys.NAMESPACES.name() + ": " + e.getMessage() + "; " + e.cure());
            return Optional.empty();
        }
    }

    private boolean isFirst(String name, NodeTuple tuple) {
        int line = lineOf(tuple.getKeyNode());
        var before = lines.putIfAbsent(name, line);
        if (before != null) {
            values.report(
                    whereIs(tuple.getKeyNode()),
                    name + ": was set on line " + before + " already; keep one of the two");
        }
        return before == null;
    }

    private String whereIs(Node node) {
        return source + ":" + lineOf(node);
    }

    private String whereIs(MarkedYAMLException e) {
        var mark = e.getProblemMark();
        return mark == null ? source : source + ":" + (mark.getLine() + 1);
    }

    private static int lineOf(Node node) {
        return node.getStartMark().getLine() + 1;
    }

    private static boolean isEmpty(Node node) {
        return node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.NULL);
    }

    private static String reasonOf(MarkedYAMLException e) {
        var problem = String.valueOf(e.getProblem());
        if (problem.contains("\\t") || problem.contains("TAB")) {
            return "a tab stands here; indent with spaces";
        }
        return firstLine(problem);
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }
}
