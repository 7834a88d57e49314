package io.switchboard.protocols.chat;

/** The words of the protocol, byte for byte as published: note the spaces, and where there are none. */
final class ChatText {
    private ChatText() {}

    static String one(String from) {
        return "user " + from + " send:";
    }

    static String group(String group, String user) {
        return "group 【" + group + "】 user 【" + user + "】 send:";
    }

    static String all(String user) {
        return "user 【" + user + "】 send all:";
    }

    /** To the one who joined, and as a group's message to the others. Two spaces. */
    static String joined(String user, String group) {
        return "user 【" + user + "】 add  to group 【" + group + "】";
    }

    static String notExists(String group) {
        return "group【" + group + "】 not exists";
    }

    static String notIn(String user, String group) {
        return "user 【" + user + "】 not in 【" + group + "】";
    }

    /** Ours: the published code has no words for errors, it ends. */
    static String error(String subject, String detail) {
        return "error: " + (subject.isEmpty() ? "" : subject + ": ") + detail;
    }
}
