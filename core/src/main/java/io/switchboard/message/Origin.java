package io.switchboard.message;

/** The node a publication came from: its name and its incarnation, a number new at every start. */
public record Origin(String node, long incarnation) {
    public static final Origin UNKNOWN = new Origin("", 0);
}
