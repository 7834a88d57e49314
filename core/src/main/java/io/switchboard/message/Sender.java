package io.switchboard.message;

/** Who published: the user and the session, each empty where there is none (a backend has no session). */
public record Sender(String user, String session) {
    public static final Sender NONE = new Sender("", "");
}
