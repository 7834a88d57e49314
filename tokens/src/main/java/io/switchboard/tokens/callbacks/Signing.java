package io.switchboard.tokens.callbacks;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Lets the application know that a request is ours, and of now: {@code X-Switchboard-Timestamp} has the seconds since
 * 1970, {@code X-Switchboard-Signature} is {@code v1=} and the HMAC-SHA256, in hexadecimal digits, of the timestamp, a
 * dot and the body.
 */
final class Signing {
    static final String TIMESTAMP = "X-Switchboard-Timestamp";
    static final String SIGNATURE = "X-Switchboard-Signature";

    private Signing() {}

    static String signature(String secret, String timestamp, ByteBuffer body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update((timestamp + ".").getBytes(StandardCharsets.UTF_8));
            mac.update(body.duplicate());
            return "v1=" + HexFormat.of().formatHex(mac.doFinal());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC with SHA-256", e);
        }
    }
}
