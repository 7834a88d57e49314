package io.switchboard.checks.centrifugal;

import io.switchboard.checks.vectors.Json;
import io.switchboard.checks.vectors.JsonReader;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The published messages in Protobuf as the same trees that their JSON gives, by tables written from the published
 * schema alone. Kinds: s text, n number, b flag, j bytes that are JSON, m map of texts; a name is a message, with * for
 * many, with # for a map of them by text.
 */
final class Protobuf {
    private static final Map<String, String> MESSAGES = Map.of(
            "Push",
            "2 channel s, 4 pub Publication, 5 join Attendance, 6 leave Attendance, 7 unsubscribe Unsubscribe,"
                    + " 8 message Message, 9 subscribe Subscribe, 10 connect Connect, 11 disconnect Disconnect,"
                    + " 12 refresh Refresh",
            "Publication",
            "4 data j, 5 info ClientInfo, 6 offset n, 7 tags m, 8 delta b, 9 time n, 10 channel s, 14 epoch s",
            "ClientInfo",
            "1 user s, 2 client s, 3 conn_info j, 4 chan_info j",
            "Attendance",
            "1 info ClientInfo",
            "Unsubscribe",
            "2 code n, 3 reason s",
            "Message",
            "1 data j",
            "Subscribe",
            "1 recoverable b, 4 epoch s, 5 offset n, 6 positioned b, 7 data j",
            "Connect",
            "1 client s, 2 version s, 3 data j, 4 subs #SubscribeResult, 5 expires b, 6 ttl n, 7 ping n, 8 pong b,"
                    + " 9 session s, 10 node s",
            "SubscribeResult",
            "1 expires b, 2 ttl n, 3 recoverable b, 6 epoch s, 7 publications *Publication, 8 recovered b, 9 offset n,"
                    + " 10 positioned b, 11 data j, 12 was_recovering b, 13 delta b",
            "Disconnect",
            "1 code n, 2 reason s, 3 reconnect b");

    private Protobuf() {}

    // Reading

    static Json push(ByteBuffer bytes) {
        return message("Push", bytes);
    }

    private static Json message(String name, ByteBuffer in) {
        String table = name.equals("Refresh") ? "1 expires b, 2 ttl n" : MESSAGES.getOrDefault(name, "");
        var members = new LinkedHashMap<String, Json>();
        while (in.hasRemaining()) {
            long tag = varint(in);
            String[] row = row(table, (int) (tag >>> 3), name);
            if ((tag & 7) == 0) {
                long number = varint(in);
                members.put(
                        row[1],
                        row[2].equals("b") ? new Json.Flag(number == 1) : new Json.Numeral(BigDecimal.valueOf(number)));
            } else if ((tag & 7) == 2) {
                put(members, row[1], row[2], part(in));
            } else {
                throw new AssertionError(name + " has a member of wire type " + (tag & 7));
            }
        }
        return new Json.Struct(members);
    }

    private static String[] row(String table, int number, String of) {
        for (String row : table.split(", ?", -1)) {
            if (row.startsWith(number + " ")) {
                return row.split(" ", -1);
            }
        }
        throw new AssertionError(of + " has no member " + number);
    }

    private static void put(Map<String, Json> members, String name, String kind, ByteBuffer part) {
        switch (kind.charAt(0)) {
            case 's' -> members.put(name, new Json.Text(text(part)));
            case 'j' -> members.put(name, JsonReader.read(text(part)));
            case '*' -> {
                Json before = members.getOrDefault(name, new Json.Sequence(List.of()));
                var all = new ArrayList<>(before.items());
                all.add(message(kind.substring(1), part));
                members.put(name, new Json.Sequence(all));
            }
            case 'm', '#' -> {
                var all = new LinkedHashMap<String, Json>();
                if (members.get(name) instanceof Json.Struct(var fields)) {
                    all.putAll(fields);
                }
                entry(all, kind, part);
                members.put(name, new Json.Struct(all));
            }
            default -> members.put(name, message(kind, part));
        }
    }

    private static void entry(Map<String, Json> all, String kind, ByteBuffer part) {
        String key = "";
        Json value = kind.equals("m") ? new Json.Text("") : new Json.Struct(Map.of());
        while (part.hasRemaining()) {
            long tag = varint(part);
            ByteBuffer content = part(part);
            if (tag >>> 3 == 1) {
                key = text(content);
            } else {
                value = kind.equals("m") ? new Json.Text(text(content)) : message(kind.substring(1), content);
            }
        }
        all.put(key, value);
    }

    /** What stands after its length. */
    static ByteBuffer part(ByteBuffer in) {
        int length = Math.toIntExact(varint(in));
        ByteBuffer part = in.slice(in.position(), length);
        in.position(in.position() + length);
        return part;
    }

    private static String text(ByteBuffer part) {
        return StandardCharsets.UTF_8.decode(part).toString();
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    // Writing

    /** A connect request: its token, and where each channel is to go on. */
    static byte[] connect(Json request) {
        var out = new ByteArrayOutputStream();
        member(out, 1, request.text("token"));
        request.field("subs")
                .ifPresent(subs -> ((Json.Struct) subs).fields().forEach((channel, where) -> {
                    var sub = new ByteArrayOutputStream();
                    if (where.flag("recover", false)) {
                        varint(sub, 3 << 3);
                        varint(sub, 1);
                    }
                    member(sub, 6, where.text("epoch"));
                    varint(sub, 7 << 3);
                    varint(sub, where.whole("offset", 0));
                    var entry = new ByteArrayOutputStream();
                    member(entry, 1, channel);
                    member(entry, 2, sub.toByteArray());
                    member(out, 3, entry.toByteArray());
                }));
        return out.toByteArray();
    }

    private static void member(ByteArrayOutputStream out, int number, String text) {
        if (!text.isEmpty()) {
            member(out, number, text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void member(ByteArrayOutputStream out, int number, byte[] content) {
        varint(out, number << 3 | 2);
        varint(out, content.length);
        out.writeBytes(content);
    }

    private static void varint(ByteArrayOutputStream out, int value) {
        int left = value;
        for (; left > 0x7f; left >>>= 7) {
            out.write((left & 0x7f) | 0x80);
        }
        out.write(left);
    }
}
