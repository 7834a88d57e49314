package io.switchboard.tokens;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.util.Set;
import java.util.stream.Collectors;

/** A key that is for one of its algorithms only. */
record Narrowed(VerifyingKey key, String algorithm) implements VerifyingKey {
    @Override
    public Set<JWSAlgorithm> algorithms() {
        return key.algorithms().stream()
                .filter(candidate -> candidate.getName().equals(algorithm))
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public boolean verifies(JWSHeader header, byte[] signed, Base64URL signature)
            throws JOSEException, GeneralSecurityException {
        return key.verifies(header, signed, signature);
    }

    @Override
    public boolean isSlow() {
        return key.isSlow();
    }
}
