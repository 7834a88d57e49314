package io.switchboard.tokens;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Map;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * One key, and the algorithms that it may be used for. A token chooses among these only: that its header names another
 * kind of algorithm than the key is made for never makes the key's bytes mean something else.
 */
interface VerifyingKey {
    Set<JWSAlgorithm> algorithms();

    /** @param header names one of the {@link #algorithms} */
    boolean verifies(JWSHeader header, byte[] signed, Base64URL signature)
            throws JOSEException, GeneralSecurityException;

    /** Whether it takes so long that an event loop should not do it. */
    boolean isSlow();

    /** @throws IllegalArgumentException if no token could be signed with its private half */
    static VerifyingKey of(PublicKey key) {
        try {
            return switch (key) {
                case RSAPublicKey rsa -> new Library(new RSASSAVerifier(rsa));
                case ECPublicKey curve -> new Library(new ECDSAVerifier(curve));
                case EdECPublicKey edwards when edwards.getParams().getName().equals("Ed25519") -> new Edwards(edwards);
                default ->
                    throw new IllegalArgumentException("no token can be signed with a key of " + key.getAlgorithm());
            };
        } catch (JOSEException e) {
            throw new IllegalArgumentException("this curve is not one of P-256, P-384 and P-521", e);
        }
    }

    /** HMAC on the JDK: the library refuses secrets shorter than its hash, which published set-ups have. */
    final class Hmac implements VerifyingKey {
        private static final Map<JWSAlgorithm, String> NAMES = Map.of(
                JWSAlgorithm.HS256, "HmacSHA256",
                JWSAlgorithm.HS384, "HmacSHA384",
                JWSAlgorithm.HS512, "HmacSHA512");

        private final byte[] secret;

        Hmac(String secret) {
            this.secret = secret.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public Set<JWSAlgorithm> algorithms() {
            return NAMES.keySet();
        }

        @Override
        public boolean verifies(JWSHeader header, byte[] signed, Base64URL signature) throws GeneralSecurityException {
            return MessageDigest.isEqual(sign(header.getAlgorithm(), signed), signature.decode());
        }

        byte[] sign(JWSAlgorithm algorithm, byte[] content) throws GeneralSecurityException {
            String name = NAMES.getOrDefault(algorithm, "");
            Mac mac = Mac.getInstance(name);
            mac.init(new SecretKeySpec(secret, name));
            return mac.doFinal(content);
        }

        @Override
        public boolean isSlow() {
            return false;
        }
    }

    /** RSA and elliptic curves, as the library does them. */
    record Library(JWSVerifier verifier) implements VerifyingKey {
        @Override
        public Set<JWSAlgorithm> algorithms() {
            return verifier.supportedJWSAlgorithms();
        }

        @Override
        public boolean verifies(JWSHeader header, byte[] signed, Base64URL signature) throws JOSEException {
            return verifier.verify(header, signed, signature);
        }

        @Override
        public boolean isSlow() {
            return true;
        }
    }

    /** Ed25519 on the JDK: the library would need another one for it. */
    record Edwards(EdECPublicKey key) implements VerifyingKey {
        private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(JWSAlgorithm.EdDSA, JWSAlgorithm.Ed25519);
        private static final int SIGNATURE_BYTES = 64;

        @Override
        public Set<JWSAlgorithm> algorithms() {
            return ALGORITHMS;
        }

        @Override
        public boolean verifies(JWSHeader header, byte[] signed, Base64URL signature) throws GeneralSecurityException {
            byte[] bytes = signature.decode();
            if (bytes.length != SIGNATURE_BYTES) {
                return false;
            }
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(key);
            verifier.update(signed);
            return verifier.verify(bytes);
        }

        @Override
        public boolean isSlow() {
            return true;
        }
    }
}
