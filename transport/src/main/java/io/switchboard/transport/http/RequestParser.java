package io.switchboard.transport.http;

import io.switchboard.protocol.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Reads the head of an HTTP/1.x request, strictly (RFC 9112): what two implementations could read in two ways is
 * refused, so that nothing can be smuggled past a proxy in front of us.
 */
final class RequestParser {
    private static final Set<String> ONCE = Set.of(
            "host",
            "content-length",
            "transfer-encoding",
            "origin",
            "sec-websocket-key",
            "sec-websocket-version",
            "authorization");
    private static final Set<String> LISTS =
            Set.of("connection", "upgrade", "sec-websocket-protocol", "sec-websocket-extensions", "expect");
    private static final int LENGTH_DIGITS_MAX = 18;

    private final byte[] bytes;
    private final Map<String, String> headers = new HashMap<>();
    private int at;

    private RequestParser(byte[] bytes) {
        this.bytes = bytes;
    }

    /** @param bytes lines that end in CR LF, the last one empty */
    static RequestHead parse(byte[] bytes) throws Refusal.Thrown {
        return new RequestParser(bytes).head();
    }

    private RequestHead head() throws Refusal.Thrown {
        int end = lineEnd();
        int methodEnd = indexOf(' ', at, end);
        int targetEnd = indexOf(' ', methodEnd + 1, end);
        if (methodEnd == at || methodEnd == end || targetEnd == end || targetEnd == methodEnd + 1) {
            throw bad("the request line is not: METHOD target HTTP/1.1");
        }
        String method = token(at, methodEnd, "method");
        String target = target(methodEnd + 1, targetEnd);
        boolean persistent = version(targetEnd + 1, end);
        at = end + 2;
        while (bytes[at] != '\r') {
            end = lineEnd();
            header(at, end);
            at = end + 2;
        }
        if (at + 2 != bytes.length) {
            throw bad("a line does not end in CR LF");
        }
        check(persistent);
        int question = target.indexOf('?');
        return new RequestHead(
                method,
                question < 0 ? target : target.substring(0, question),
                question < 0 ? "" : target.substring(question + 1),
                persistent,
                headers);
    }

    private String target(int from, int to) throws Refusal.Thrown {
        for (int i = from; i < to; i++) {
            if (bytes[i] <= ' ' || bytes[i] >= 0x7f || bytes[i] == '#') {
                throw bad("the request target has a character that must be percent-encoded");
            }
        }
        String target = text(from, to);
        if (target.startsWith("http://") || target.startsWith("https://")) {
            // Sent to proxies; every server has to understand it.
            int authority = target.indexOf("//") + 2;
            int question = indexOf('?', from + authority, to) - from;
            int path = indexOf('/', from + authority, from + question) - from;
            return path < question ? target.substring(path) : "/" + target.substring(question);
        }
        if (!target.startsWith("/")) {
            throw bad("the request target does not begin with /");
        }
        return target;
    }

    private boolean version(int from, int to) throws Refusal.Thrown {
        String version = text(from, to);
        if (version.equals("HTTP/1.1")) {
            return true;
        } else if (version.equals("HTTP/1.0")) {
            return false;
        } else if (version.startsWith("HTTP/")) {
            throw new Refusal.Thrown(Refusal.of(505, "only HTTP/1.1 is spoken here"));
        }
        throw bad("the request line is not: METHOD target HTTP/1.1");
    }

    private void header(int from, int to) throws Refusal.Thrown {
        if (bytes[from] == ' ' || bytes[from] == '\t') {
            throw bad("a header is folded over several lines");
        }
        int colon = indexOf(':', from, to);
        if (colon == to) {
            throw bad("a header has no colon");
        }
        String name = token(from, colon, "header name").toLowerCase(Locale.ROOT);
        int first = colon + 1;
        int last = to;
        while (first < last && isBlank(bytes[first])) {
            first++;
        }
        while (last > first && isBlank(bytes[last - 1])) {
            last--;
        }
        for (int i = first; i < last; i++) {
            if ((bytes[i] >= 0 && bytes[i] < ' ' && bytes[i] != '\t') || bytes[i] == 0x7f) {
                throw bad("header " + name + " has a control character");
            }
        }
        String value = text(first, last);
        String before = headers.putIfAbsent(name, value);
        if (before != null && ONCE.contains(name)) {
            throw bad("header " + name + " stands twice");
        } else if (before != null && LISTS.contains(name)) {
            headers.put(name, before + ", " + value);
        }
    }

    private void check(boolean persistent) throws Refusal.Thrown {
        String host = headers.get("host");
        if (host == null && persistent) {
            throw bad("header host is missing");
        }
        if (host != null && host.chars().anyMatch(c -> c <= ' ' || c > '~' || "/\\@,?#\"<>".indexOf(c) >= 0)) {
            throw bad("header host is not a host");
        }
        String length = headers.get("content-length");
        String encoding = headers.get("transfer-encoding");
        if (length != null
                && (length.isEmpty()
                        || length.length() > LENGTH_DIGITS_MAX
                        || !length.chars().allMatch(c -> c >= '0' && c <= '9'))) {
            throw bad("header content-length is not a number");
        }
        if (encoding != null && (length != null || !persistent)) {
            throw bad("transfer-encoding cannot stand beside content-length, nor in HTTP/1.0");
        }
        if (encoding != null && !encoding.equalsIgnoreCase("chunked")) {
            throw new Refusal.Thrown(Refusal.of(501, "the only transfer-encoding known here is chunked"));
        }
    }

    private String token(int from, int to, String what) throws Refusal.Thrown {
        for (int i = from; i < to; i++) {
            if (!RequestHead.isTokenCharacter(bytes[i])) {
                throw bad("a " + what + " has a character that is not permitted");
            }
        }
        if (from == to) {
            throw bad("a " + what + " is empty");
        }
        return text(from, to);
    }

    private static boolean isBlank(byte c) {
        return c == ' ' || c == '\t';
    }

    /** Where the CR LF of the present line stands. A CR or LF alone is part of no line. */
    private int lineEnd() throws Refusal.Thrown {
        for (int i = at; i + 1 < bytes.length; i++) {
            if (bytes[i] == '\r' && bytes[i + 1] == '\n') {
                return i;
            } else if (bytes[i] == '\n' || bytes[i] == '\r') {
                break;
            }
        }
        throw bad("a line does not end in CR LF");
    }

    private int indexOf(char wanted, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return to;
    }

    private String text(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private static Refusal.Thrown bad(String why) {
        return new Refusal.Thrown(Refusal.of(400, why));
    }
}
