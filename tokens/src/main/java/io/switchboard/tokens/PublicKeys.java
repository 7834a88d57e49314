package io.switchboard.tokens;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads public keys from PEM: a {@code PUBLIC KEY} or a {@code CERTIFICATE}. */
public final class PublicKeys {
    static final int RSA_BITS_MIN = 2048;

    private static final Pattern PEM =
            Pattern.compile("-----BEGIN (PUBLIC KEY|CERTIFICATE)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "Ed25519");

    private PublicKeys() {}

    /** @throws IllegalArgumentException with the cause and the cure, if there is no key that could be used */
    public static PublicKey ofPem(String text) {
        Matcher pem = PEM.matcher(text);
        if (!pem.find()) {
            throw new IllegalArgumentException(
                    text.contains("PRIVATE KEY")
                            ? "this is a private key; give the public one: openssl pkey -in key.pem -pubout"
                            : "this is not PEM; give a text that begins with -----BEGIN PUBLIC KEY-----");
        }
        byte[] encoded = Base64.getMimeDecoder().decode(pem.group(2));
        PublicKey key = pem.group(1).equals("CERTIFICATE") ? ofCertificate(encoded) : ofEncoded(encoded);
        if (key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() < RSA_BITS_MIN) {
            throw new IllegalArgumentException("this RSA key has "
                    + rsa.getModulus().bitLength() + " bits; make one of " + RSA_BITS_MIN + " at least");
        }
        return key;
    }

    private static PublicKey ofCertificate(byte[] encoded) {
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(encoded))
                    .getPublicKey();
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("this certificate cannot be read; is the file whole?", e);
        }
    }

    private static PublicKey ofEncoded(byte[] encoded) {
        return ALGORITHMS.stream()
                .flatMap(algorithm -> ofEncoded(algorithm, encoded).stream())
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("this key is none of RSA, EC (P-256, P-384, P-521) and Ed25519"));
    }

    private static Optional<PublicKey> ofEncoded(String algorithm, byte[] encoded) {
        try {
            return Optional.of(KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(encoded)));
        } catch (GeneralSecurityException e) {
            // Not of this kind; the bytes themselves say of which, and only that kind reads them.
            return Optional.empty();
        }
    }
}
