package io.switchboard.server.config;

import io.switchboard.protocols.centrifugal.ChannelRules;
import io.switchboard.server.config.ServerConfig.Access;
import io.switchboard.server.config.ServerConfig.AttendanceRules;
import io.switchboard.server.config.ServerConfig.HistoryRules;
import io.switchboard.server.config.ServerConfig.NamespaceRules;
import io.switchboard.server.config.ServerConfig.Reach;
import io.switchboard.server.config.ServerConfig.Recovery;
import io.switchboard.server.config.ServerConfig.Slow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * The rules of namespaces: in YAML a list of mappings, elsewhere texts such as {@code news slow=conflate}, separated by
 * commas.
 */
final class NamespaceType implements ValueType<List<NamespaceRules>> {
    /** What may stand beside the name. */
    static final List<String> MEMBERS = List.of(
            "name",
            "subscribe",
            "publish",
            "scope",
            "slow",
            "history_size",
            "history_ttl",
            "history_read",
            "positioned",
            "recoverable",
            "recovery",
            "delta",
            "presence",
            "presence_read",
            "join_leave",
            "push_join_leave",
            "channel_pattern",
            "user_limited",
            "allow_positioning",
            "allow_recovery",
            "tags_filter",
            "anonymous_listeners");

    /** What the namespace of topics without one is called here. */
    private static final String DEFAULT = "default";

    private static final ValueType<String> NAME =
            Types.text("1 to 64 letters, digits, _ or -", Pattern.compile("[A-Za-z0-9_-]{1,64}"));
    private static final ValueType<Pattern> PATTERN = ValueType.scalar("a regular expression", text -> {
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new BadValue(
                    Types.quoted(text) + " is no regular expression: " + e.getDescription(),
                    "give one such as [a-z0-9-]+");
        }
    });
    private static final List<String> FIXED = List.of("session", "node");

    @Override
    public List<NamespaceRules> parse(List<String> items) throws BadValue {
        if (items.equals(List.of("none"))) {
            return List.of();
        }
        var namespaces = new ArrayList<NamespaceRules>();
        var names = new HashSet<String>();
        for (String item : items) {
            NamespaceRules rules = one(item);
            if (!names.add(rules.name())) {
                throw new BadValue("namespace " + rules.name() + " stands here twice", "keep one of the two");
            }
            namespaces.add(rules);
        }
        return List.copyOf(namespaces);
    }

    @Override
    public String expected() {
        return "none, or a list of name with subscribe, publish, history_read, presence_read (anyone, signed_in,"
                + " listener, owner, token, nobody), scope (cluster, whole, node), slow (disconnect, drop_oldest,"
                + " drop_newest, conflate), history_size, history_ttl, recovery (stream, cache), channel_pattern,"
                + " and, true or false, positioned, recoverable, delta, presence, join_leave, push_join_leave,"
                + " user_limited, allow_positioning, allow_recovery, tags_filter, anonymous_listeners";
    }

    @Override
    public boolean list() {
        return true;
    }

    /** The text for a YAML mapping. */
    static String text(Map<String, String> members) {
        var text = new StringBuilder(members.getOrDefault("name", ""));
        members.forEach((member, value) -> {
            if (!member.equals("name")) {
                text.append(' ').append(member).append('=').append(value);
            }
        });
        return text.toString();
    }

    private static NamespaceRules one(String item) throws BadValue {
        String[] words = item.strip().split("\\s+", -1);
        if (words[0].isEmpty() || words[0].contains("=")) {
            throw new BadValue(
                    Types.quoted(item) + " has no name", "name the namespace first, as in news slow=conflate");
        }
        String name = NAME.parse(List.of(words[0]));
        if (FIXED.contains(name)) {
            throw new BadValue(
                    "the rules of namespace " + name + " cannot be changed: it is for addressing only",
                    "give user, group, all, or a name of your own");
        }
        var members = new LinkedHashMap<String, String>();
        for (int i = 1; i < words.length; i++) {
            int equals = words[i].indexOf('=');
            String member = equals < 0 ? words[i] : words[i].substring(0, equals);
            checkMember(member);
            members.put(member, equals < 0 ? "" : words[i].substring(equals + 1));
        }
        if (members.containsKey("history_ttl") && !members.containsKey("history_size")) {
            throw new BadValue(name + ".history_ttl: no history is kept", "set history_size as well");
        }
        return new NamespaceRules(
                nameOf(name),
                value(name, "subscribe", Types.oneOf(Access.class), members),
                value(name, "publish", Types.oneOf(Access.class), members),
                value(name, "scope", Types.oneOf(Reach.class), members),
                value(name, "slow", Types.oneOf(Slow.class), members),
                history(name, members),
                attendance(name, members),
                channels(name, members));
    }

    /** As topics have it. */
    static String nameOf(String written) {
        return written.equals(DEFAULT) ? "" : written;
    }

    private static HistoryRules history(String name, Map<String, String> members) throws BadValue {
        return new HistoryRules(
                value(name, "history_size", Types.integer(0, 1_000_000), members),
                value(name, "history_ttl", Types.duration(Duration.ofSeconds(1), Duration.ofDays(365)), members),
                value(name, "history_read", Types.oneOf(Access.class), members),
                value(name, "positioned", Types.bool(), members),
                value(name, "recoverable", Types.bool(), members),
                value(name, "recovery", Types.oneOf(Recovery.class), members),
                value(name, "delta", Types.bool(), members));
    }

    private static AttendanceRules attendance(String name, Map<String, String> members) throws BadValue {
        return new AttendanceRules(
                value(name, "presence", Types.bool(), members),
                value(name, "presence_read", Types.oneOf(Access.class), members),
                value(name, "join_leave", Types.bool(), members),
                value(name, "push_join_leave", Types.bool(), members));
    }

    private static ChannelRules channels(String name, Map<String, String> members) throws BadValue {
        ChannelRules usual = ChannelRules.USUAL;
        return new ChannelRules(
                value(name, "channel_pattern", PATTERN, members),
                value(name, "user_limited", Types.bool(), members).orElse(usual.userLimited()),
                value(name, "allow_positioning", Types.bool(), members).orElse(usual.positioning()),
                value(name, "allow_recovery", Types.bool(), members).orElse(usual.recovery()),
                value(name, "tags_filter", Types.bool(), members).orElse(usual.tagsFilter()),
                value(name, "anonymous_listeners", Types.bool(), members).orElse(usual.anonymousListeners()));
    }

    static void checkMember(String member) throws BadValue {
        if (!MEMBERS.contains(member)) {
            throw new BadValue(
                    Types.quoted(member) + " is not a rule of a namespace",
                    Nearest.to(member, MEMBERS)
                            .map(meant -> "did you mean " + meant + "?")
                            .orElse("give one of " + String.join(", ", MEMBERS)));
        }
    }

    private static <T> Optional<T> value(String name, String member, ValueType<T> type, Map<String, String> members)
            throws BadValue {
        String text = members.get(member);
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(type.parse(List.of(text)));
        } catch (BadValue e) {
            throw new BadValue(name + "." + member + ": " + e.getMessage(), e.cure());
        }
    }
}
