package io.switchboard.backplane;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of a broker's URI between {@code ://} and the path, {@code [user:password@]host[:port],…}: one host or
 * several, which {@link java.net.URI} cannot take apart.
 *
 * @param user empty if none
 * @param password empty if none
 */
public record Authority(String user, String password, List<Address> hosts) {
    private static final Pattern HOST = Pattern.compile("(\\[[0-9A-Fa-f:.%]+]|[^:\\[\\]]+)(?::(\\d{1,5}))?");

    public Authority {
        hosts = List.copyOf(hosts);
    }

    /** @throws IllegalArgumentException that says what is wrong, and never the secret */
    public static Authority parse(String text, int defaultPort) {
        int at = text.lastIndexOf('@');
        String secret = at < 0 ? ":" : text.substring(0, at);
        int colon = secret.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("there is no colon before the password");
        }
        List<Address> hosts = Arrays.stream(text.substring(at + 1).split(",", -1))
                .map(host -> address(host, defaultPort))
                .toList();
        return new Authority(decoded(secret.substring(0, colon)), decoded(secret.substring(colon + 1)), hosts);
    }

    private static Address address(String text, int defaultPort) {
        Matcher host = HOST.matcher(text);
        if (!host.matches()) {
            throw new IllegalArgumentException("a host is missing or malformed");
        }
        int port = host.group(2) == null ? defaultPort : Integer.parseInt(host.group(2));
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("there is no port " + port);
        }
        String name = host.group(1);
        return new Address(name.startsWith("[") ? name.substring(1, name.length() - 1) : name, port);
    }

    /** The text that was percent-encoded; in this place a plus sign is itself. */
    public static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _secret) {
            throw new IllegalArgumentException("user or password is not well encoded");
        }
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return hosts.toString();
    }
}
