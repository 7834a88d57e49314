package io.switchboard.server.web;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * What a demo gives to its page, so that the page can speak for anybody: made at its start, and gone with it.
 *
 * @param tokenSecret that tokens of people are signed with
 * @param apiKey of the server API
 */
public record DemoKeys(String tokenSecret, String apiKey) {
    private static final int BYTES = 32;

    /** New ones that nobody can guess. */
    public static DemoKeys random() {
        var random = new SecureRandom();
        return new DemoKeys(secret(random), secret(random));
    }

    private static String secret(SecureRandom random) {
        var bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** Without the keys. */
    @Override
    public String toString() {
        return "DemoKeys(…)";
    }
}
