package io.switchboard.message;

/**
 * A name that can be published to and listened to: 1–255 bytes of UTF-8 without control characters. Its namespace is
 * the text before the first {@code :} (after one leading {@code $}); a topic without one is in the default namespace,
 * written as the empty string. The topic {@code all} is its own namespace.
 */
public final class Topic {
    public static final int BYTES_MAX = 255;
    public static final Topic ALL = new Topic("all");

    private final String name;

    private Topic(String name) {
        this.name = name;
    }

    /** @throws IllegalArgumentException if the name is empty, too long or has control characters */
    public static Topic of(String name) {
        return new Topic(Names.check("topic", name, BYTES_MAX));
    }

    public static Topic user(String id) {
        return of("user:" + Names.check("user id", id, BYTES_MAX));
    }

    public static Topic group(String id) {
        return of("group:" + Names.check("group", id, BYTES_MAX));
    }

    public static Topic session(String id) {
        return of("session:" + Names.check("session id", id, BYTES_MAX));
    }

    public String name() {
        return name;
    }

    public String namespace() {
        int from = name.startsWith("$") ? 1 : 0;
        int colon = name.indexOf(':', from);
        return colon < 0 ? (name.equals("all") ? name : "") : name.substring(from, colon);
    }

    /** Whether {@link #namespace()} equals the given one, without building it. */
    public boolean isIn(String namespace) {
        int from = name.startsWith("$") ? 1 : 0;
        int end = from + namespace.length();
        if (namespace.isEmpty()) {
            return namespace().isEmpty();
        }
        return name.startsWith(namespace, from)
                && (name.length() == end ? name.equals("all") : name.charAt(end) == ':' && !namespace.contains(":"));
    }

    /** What follows the namespace and its colon: the user id of {@code user:42}, the whole name where there is none. */
    public String rest() {
        return name.substring(name.indexOf(':', name.startsWith("$") ? 1 : 0) + 1);
    }

    @Override
    public boolean equals(Object other) {
        return this == other || (other instanceof Topic topic && topic.name.equals(name));
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
