package io.switchboard.server.config;

import java.util.regex.Pattern;

/**
 * The address of a broker as its bridge understands it: one server, or several with commas between them, which
 * {@link java.net.URI} cannot take apart. {@link #text} may hold a password; {@link #toString} never does.
 */
public record BrokerUri(String text) {
    private static final Pattern SHAPE = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://[^\\s\\p{Cntrl}]+");

    /** The part before {@code ://}, such as {@code redis}. */
    public String scheme() {
        return text.substring(0, text.indexOf("://"));
    }

    static boolean looksRight(String text) {
        return SHAPE.matcher(text).matches();
    }

    /** The address with user, password and query values hidden. */
    @Override
    public String toString() {
        int start = text.indexOf("://") + 3;
        // The last @ of all counts: a password with an unescaped @, / or ? must not show its tail.
        int at = text.lastIndexOf('@');
        var shown = at < start ? text : text.substring(0, start) + "****@" + text.substring(at + 1);
        return shown.replaceAll("([?&][^=&#]*)=[^&#]*", "$1=****");
    }
}
