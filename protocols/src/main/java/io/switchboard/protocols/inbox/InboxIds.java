package io.switchboard.protocols.inbox;

import io.switchboard.message.Sink;
import io.switchboard.protocols.json.JsonStrings;
import java.nio.charset.StandardCharsets;

/** Ids are numbers in this protocol; those of others, which may be any text, are written as texts. */
final class InboxIds {
    private static final int DIGITS_MAX = 19;

    private InboxIds() {}

    /** Whether it is a whole number of 64 bits, written as numbers are. */
    static boolean isNumber(String id) {
        if (id.isEmpty() || id.length() > DIGITS_MAX + 1) {
            return false;
        }
        for (int i = id.charAt(0) == '-' ? 1 : 0; i < id.length(); i++) {
            if (id.charAt(i) < '0' || id.charAt(i) > '9') {
                return false;
            }
        }
        try {
            return Long.toString(Long.parseLong(id)).equals(id);
        } catch (NumberFormatException e) {
            return false;
        }
    }

    static void write(String id, Sink out) {
        if (isNumber(id)) {
            out.utf8(id);
        } else {
            JsonStrings.write(id.getBytes(StandardCharsets.UTF_8), out);
        }
    }
}
