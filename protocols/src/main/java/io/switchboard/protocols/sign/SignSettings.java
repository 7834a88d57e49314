package io.switchboard.protocols.sign;

import io.switchboard.message.ByteArraySink;
import io.switchboard.message.Message;
import io.switchboard.protocols.json.JsonReader;
import io.switchboard.protocols.json.JsonStrings;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a deployment spells the protocol: the published text leaves numbers and the order of members open.
 *
 * @param parameter of the request, whose value names the connection
 * @param names of JSON members
 * @param types numbers of the kinds of messages; a kind without one is not spoken
 * @param order of the members of a message to a client
 * @param toSender whether a client hears its own broadcast if the message does not say
 */
public record SignSettings(
        String parameter, Map<Member, String> names, Map<Kind, Integer> types, List<Member> order, boolean toSender) {

    /** The JSON members, with their published names. */
    public enum Member {
        TIME("MessagDateTime"),
        TYPE("Type"),
        DATA("DataInfo"),
        USER_ID("userId"),
        TENANT_ID("tenantId"),
        BANK_ID("bankId"),
        FROM_TYPE("fromeType"),
        TO_SENDER("toSender"),
        CONNECTION("conId"),
        PAYLOAD("data");

        private final String published;

        Member(String published) {
            this.published = published;
        }
    }

    /** The kinds of messages, with the names that the published enumeration gives them. */
    public enum Kind {
        /** From a client: who it is. */
        USER_INFO("用户信息"),
        /** To a client: how much there is to do. */
        TASK_COUNT("任务数量"),
        /** From a client to everybody; not part of the published design. */
        BROADCAST("广播");

        private final String label;

        Kind(String label) {
            this.label = label;
        }
    }

    /** As published, as far as it is: numbers and order are a guess. */
    public static final SignSettings DEFAULT = new SignSettings(
            "sign",
            Map.of(),
            Map.of(Kind.USER_INFO, 1, Kind.TASK_COUNT, 2),
            List.of(Member.TIME, Member.TYPE, Member.DATA),
            true);

    /** @throws IllegalArgumentException if two members, or two kinds, are spelled alike, or the order is not one */
    public SignSettings {
        var all = new EnumMap<Member, String>(Member.class);
        for (Member member : Member.values()) {
            all.put(member, names.getOrDefault(member, member.published));
        }
        names = Map.copyOf(all);
        types = Map.copyOf(types);
        order = List.copyOf(order);
        distinct(names, Member.TIME, Member.TYPE, Member.DATA, Member.TO_SENDER);
        distinct(names, Member.USER_ID, Member.TENANT_ID, Member.BANK_ID, Member.FROM_TYPE);
        distinct(names, Member.CONNECTION, Member.PAYLOAD);
        if (new HashSet<>(types.values()).size() < types.size()) {
            throw new IllegalArgumentException("two types of messages have the same number");
        }
        if (order.size() != 3
                || !new HashSet<>(order).equals(new HashSet<>(List.of(Member.TIME, Member.TYPE, Member.DATA)))) {
            throw new IllegalArgumentException("the order must name time, type and data, each once");
        }
    }

    private static void distinct(Map<Member, String> names, Member... members) {
        var seen = new HashSet<String>();
        for (Member member : members) {
            String name = names.getOrDefault(member, "");
            if (name.isBlank() || !seen.add(name)) {
                throw new IllegalArgumentException("\"" + name + "\" names two members, or none");
            }
        }
    }

    String name(Member member) {
        return names.getOrDefault(member, member.published);
    }

    /** Which member a name means; in whichever case, as the published library reads it. */
    boolean is(Member member, String name) {
        return name(member).equalsIgnoreCase(name);
    }

    /** What a type means, whether it is given by number or by its published name. */
    Optional<Kind> kind(String type) {
        for (Map.Entry<Kind, Integer> entry : types.entrySet()) {
            if (entry.getValue().toString().equals(type) || entry.getKey().label.equals(type)) {
                return Optional.of(entry.getKey());
            }
        }
        return Optional.empty();
    }

    /** A whole message to a client. TEXT becomes a JSON string. */
    Message message(int type, Message data, String time) {
        var out = new ByteArraySink(data.length() + 96);
        char separator = '{';
        for (Member member : order) {
            out.write((byte) separator);
            separator = ',';
            text(name(member), out);
            out.write((byte) ':');
            switch (member) {
                case TIME -> text(time, out);
                case TYPE -> out.utf8(Integer.toString(type));
                default -> data(data, out);
            }
        }
        out.write((byte) '}');
        return Message.validated(Message.Kind.JSON, out.view());
    }

    static void text(String text, ByteArraySink out) {
        JsonStrings.write(text.getBytes(StandardCharsets.UTF_8), out);
    }

    private static void data(Message data, ByteArraySink out) {
        switch (data.kind()) {
            case JSON -> JsonReader.compacted(data).writeTo(out);
            case TEXT -> JsonStrings.write(data.toByteArray(), out);
            case BINARY -> throw new IllegalArgumentException("the sign protocol has no form for binary data");
        }
    }
}
