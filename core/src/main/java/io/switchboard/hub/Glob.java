package io.switchboard.hub;

/** A pattern of names: {@code *} stands for any characters, {@code ?} for one. */
record Glob(String pattern) {
    static final Glob ALL = new Glob("*");

    boolean matches(String name) {
        int at = 0;
        int in = 0;
        int star = -1;
        int retry = 0;
        while (at < name.length()) {
            char wanted = in < pattern.length() ? pattern.charAt(in) : 0;
            if (wanted == '*') {
                star = in++;
                retry = at;
            } else if (in < pattern.length() && (wanted == '?' || wanted == name.charAt(at))) {
                in++;
                at++;
            } else if (star >= 0) {
                // The last star takes one more character.
                in = star + 1;
                at = ++retry;
            } else {
                return false;
            }
        }
        while (in < pattern.length() && pattern.charAt(in) == '*') {
            in++;
        }
        return in == pattern.length();
    }
}
