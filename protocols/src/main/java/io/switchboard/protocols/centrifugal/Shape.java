package io.switchboard.protocols.centrifugal;

import java.nio.charset.StandardCharsets;

/** The members of one kind of message: the number by which Protobuf knows each, and the name by which JSON does. */
final class Shape {
    static final Shape COMMAND = of("1 id, 4 connect, 5 subscribe, 6 unsubscribe, 7 publish, 8 presence,"
            + " 9 presence_stats, 10 history, 11 ping, 12 send, 13 rpc, 14 refresh, 15 sub_refresh");
    static final Shape CONNECT = of("1 token, 2 data, 3 subs, 4 name, 5 version, 6 headers, 7 flag, 8 dict, 9 profile");
    static final Shape SUBSCRIBE = of("1 channel, 2 token, 3 recover, 6 epoch, 7 offset, 8 data, 9 positioned,"
            + " 10 recoverable, 11 join_leave, 12 delta, 13 tf, 14 flag, 15 type");
    static final Shape CHANNEL = of("1 channel");
    static final Shape PUBLISH = of("1 channel, 2 data, 3 type, 4 key, 5 removed");
    static final Shape HISTORY = of("1 channel, 7 limit, 8 since, 9 reverse");
    static final Shape POSITION = of("1 offset, 2 epoch");
    static final Shape DATA = of("1 data, 2 method");
    static final Shape TOKEN = of("1 token");
    static final Shape SUB_REFRESH = of("1 channel, 2 token, 3 type, 4 track, 5 untrack");
    static final Shape FILTER = of("1 op, 2 key, 3 cmp, 4 val, 5 vals, 6 nodes");
    static final Shape NOTHING = of("");

    static final Shape REPLY = of("1 id, 2 error, 4 push, 5 connect, 6 subscribe, 7 unsubscribe, 8 publish,"
            + " 9 presence, 10 presence_stats, 11 history, 12 ping, 13 rpc, 14 refresh, 15 sub_refresh");
    static final Shape ERROR = of("1 code, 2 message, 3 temporary");
    static final Shape PUSH = of("1 id, 2 channel, 4 pub, 5 join, 6 leave, 7 unsubscribe, 8 message, 9 subscribe,"
            + " 10 connect, 11 disconnect, 12 refresh");
    static final Shape CLIENT_INFO = of("1 user, 2 client, 3 conn_info, 4 chan_info");
    static final Shape PUBLICATION = of("4 data, 5 info, 6 offset, 7 tags, 8 delta, 9 time, 10 channel, 14 epoch");
    static final Shape ATTENDANCE = of("1 info");
    static final Shape CODE_AND_REASON = of("1 code, 2 reason, 3 reconnect");
    static final Shape UNSUBSCRIBED = of("2 code, 3 reason");
    static final Shape SUBSCRIBED_PUSH = of("1 recoverable, 4 epoch, 5 offset, 6 positioned, 7 data");
    static final Shape EXPIRY = of("1 expires, 2 ttl");
    static final Shape CONNECTED = of(
            "1 client, 2 version, 3 expires, 4 ttl, 5 data, 6 subs, 7 ping, 8 pong," + " 9 session, 10 node, 11 time");
    static final Shape CONNECTED_PUSH = of(
            "1 client, 2 version, 3 data, 4 subs, 5 expires, 6 ttl, 7 ping, 8 pong," + " 9 session, 10 node, 11 time");
    static final Shape REFRESHED = of("1 client, 2 version, 3 expires, 4 ttl");
    static final Shape SUBSCRIBED = of("1 expires, 2 ttl, 3 recoverable, 6 epoch, 7 publications, 8 recovered,"
            + " 9 offset, 10 positioned, 11 data, 12 was_recovering, 13 delta");
    static final Shape PRESENCE = of("1 presence");
    static final Shape HEADCOUNT = of("1 num_clients, 2 num_users");
    static final Shape PAST = of("1 publications, 2 epoch, 3 offset");
    static final Shape EMULATION = of("1 node, 2 session, 3 data");

    private final String[] names;
    private final int[] numbers;
    private final byte[][] labels;

    private Shape(String[] names, int[] numbers) {
        this.names = names;
        this.numbers = numbers;
        int most = 0;
        for (int number : numbers) {
            most = Math.max(most, number);
        }
        labels = new byte[most + 1][];
        for (int i = 0; i < names.length; i++) {
            labels[numbers[i]] = ('"' + names[i] + "\":").getBytes(StandardCharsets.US_ASCII);
        }
    }

    private static Shape of(String members) {
        String[] parts = members.isEmpty() ? new String[0] : members.split(", ?", -1);
        var names = new String[parts.length];
        var numbers = new int[parts.length];
        for (int i = 0; i < parts.length; i++) {
            int space = parts[i].indexOf(' ');
            numbers[i] = Integer.parseInt(parts[i].substring(0, space));
            names[i] = parts[i].substring(space + 1);
        }
        return new Shape(names, numbers);
    }

    /** As {@link io.switchboard.protocols.json.JsonReader#nameAmong} wants them; the place leads to {@link #number}. */
    String[] names() {
        return names;
    }

    int number(int place) {
        return numbers[place];
    }

    boolean has(int number) {
        return number < labels.length && labels[number] != null;
    }

    /** The name in quotes, and the colon. */
    byte[] label(int number) {
        return labels[number];
    }
}
