package io.switchboard.checks.cluster;

/** The words of the published chat design, byte for byte: what clients send and hear, and what nodes tell another. */
public final class Chat {
    private Chat() {}

    // What a client of /chat/channel sends

    public static String one(String to, String text) {
        return "{\"Method\":\"One\",\"MsgBody\":" + direct(to, text) + "}";
    }

    public static String join(String group) {
        return "{\"Method\":\"UserGroup\",\"Group\":" + quoted(group) + "}";
    }

    public static String group(String group, String text) {
        return "{\"Method\":\"Group\",\"Group\":" + quoted(group) + ",\"MsgBody\":" + quoted(text) + "}";
    }

    public static String all(String text) {
        return "{\"Method\":\"All\",\"MsgBody\":" + quoted(text) + "}";
    }

    /** What a client of /chat/user sends. */
    public static String direct(String to, String text) {
        return "{\"Id\":" + quoted(to) + ",\"Msg\":" + quoted(text) + "}";
    }

    // What a client hears

    public static String heardOne(String from, String text) {
        return "user " + from + " send:" + text;
    }

    public static String heardGroup(String group, String from, String text) {
        return "group 【" + group + "】 user 【" + from + "】 send:" + text;
    }

    public static String heardAll(String from, String text) {
        return "user 【" + from + "】 send all:" + text;
    }

    public static String joined(String user, String group) {
        return "user 【" + user + "】 add  to group 【" + group + "】";
    }

    public static String notice(String user, String group) {
        return heardGroup(group, user, joined(user, group));
    }

    public static String notExists(String group) {
        return "group【" + group + "】 not exists";
    }

    public static String notIn(String user, String group) {
        return "user 【" + user + "】 not in 【" + group + "】";
    }

    /** What nodes tell each other; the published .NET node has no {@code ToId} for everyone. */
    public static String wire(String channel, String from, String text) {
        var to = channel.equals("all") ? "null" : quoted(channel.substring(channel.indexOf(':') + 1));
        return "{\"FromId\":" + quoted(from) + ",\"ToId\":" + to + ",\"Msg\":" + quoted(text) + "}";
    }

    public static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }
}
