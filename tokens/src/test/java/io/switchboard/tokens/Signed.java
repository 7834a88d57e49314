package io.switchboard.tokens;

import com.nimbusds.jose.util.Base64URL;
import io.switchboard.protocol.Tokens.Verdict;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Tokens made by hand with the JDK alone, so that what verifies them is not tested against itself. */
final class Signed {
    static final KeyPair RSA = pair("RSA", 2048);
    static final KeyPair OTHER_RSA = pair("RSA", 2048);
    static final KeyPair P256 = curve("secp256r1");
    static final KeyPair P384 = curve("secp384r1");
    static final KeyPair P521 = curve("secp521r1");
    static final KeyPair ED = pair("Ed25519", 0);

    private Signed() {}

    static String hmac(String algorithm, byte[] secret, String claims) {
        return hmac("{\"alg\":\"" + algorithm + "\"}", "HmacSHA" + algorithm.substring(2), secret, claims);
    }

    static String hmac(String header, String name, byte[] secret, String claims) {
        try {
            String content = encoded(header) + "." + encoded(claims);
            Mac mac = Mac.getInstance(name);
            mac.init(new SecretKeySpec(secret, name));
            return content + "." + Base64URL.encode(mac.doFinal(content.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String by(KeyPair pair, String algorithm, String kid, String claims) {
        String header = "{\"alg\":\"" + algorithm + "\"" + (kid.isEmpty() ? "" : ",\"kid\":\"" + kid + "\"") + "}";
        String content = encoded(header) + "." + encoded(claims);
        try {
            Signature signer = signature(algorithm);
            signer.initSign(pair.getPrivate());
            signer.update(content.getBytes(StandardCharsets.US_ASCII));
            return content + "." + Base64URL.encode(signer.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Signature signature(String algorithm) throws GeneralSecurityException {
        String bits = algorithm.substring(2);
        return switch (algorithm.substring(0, 2)) {
            case "RS" -> Signature.getInstance("SHA" + bits + "withRSA");
            case "ES" -> Signature.getInstance("SHA" + bits + "withECDSAinP1363Format");
            case "PS" -> {
                Signature pss = Signature.getInstance("RSASSA-PSS");
                pss.setParameter(new PSSParameterSpec(
                        "SHA-" + bits,
                        "MGF1",
                        new MGF1ParameterSpec("SHA-" + bits),
                        Integer.parseInt(bits) / 8,
                        PSSParameterSpec.TRAILER_FIELD_BC));
                yield pss;
            }
            default -> Signature.getInstance("Ed25519");
        };
    }

    static String encoded(String text) {
        return Base64URL.encode(text).toString();
    }

    /** A set with one key. */
    static String jwks(KeyPair pair, String kid) {
        return "{\"keys\":[" + jwk(pair, kid) + "]}";
    }

    static String jwk(KeyPair pair, String kid) {
        String kind = switch (pair.getPublic()) {
            case RSAPublicKey rsa ->
                "\"kty\":\"RSA\",\"n\":\"" + unsigned(rsa.getModulus(), 0) + "\",\"e\":\""
                        + unsigned(rsa.getPublicExponent(), 0) + "\"";
            case ECPublicKey ec ->
                "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" + unsigned(ec.getW().getAffineX(), 32) + "\",\"y\":\""
                        + unsigned(ec.getW().getAffineY(), 32) + "\"";
            case EdECPublicKey ed -> "\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" + lastBytes(ed.getEncoded()) + "\"";
            default -> throw new IllegalArgumentException(pair.getPublic().getAlgorithm());
        };
        return "{" + kind + ",\"kid\":\"" + kid + "\",\"use\":\"sig\"}";
    }

    /** The encoded form ends with the 32 bytes of the key. */
    private static Base64URL lastBytes(byte[] encoded) {
        return Base64URL.encode(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
    }

    private static Base64URL unsigned(BigInteger number, int bytes) {
        byte[] all = number.toByteArray();
        int length = Math.max(bytes, (number.bitLength() + 7) / 8);
        var fixed = new byte[length];
        int count = Math.min(all.length, length);
        System.arraycopy(all, all.length - count, fixed, length - count, count);
        return Base64URL.encode(fixed);
    }

    static Verdict verdict(CompletionStage<Verdict> stage) {
        return stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
    }

    private static KeyPair curve(String name) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(name));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair pair(String algorithm, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (bits > 0) {
                generator.initialize(bits);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
