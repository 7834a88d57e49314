package io.switchboard.server.config;

import io.switchboard.server.config.ServerConfig.AuthMode;
import io.switchboard.tokens.TokenSettings;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Judges whether the keys about who clients are fit together. */
final class Door {
    static final String LOOPBACK = "127.0.0.1";
    private static final int SECRET_BYTES = 32;

    private final ConfigValues values;
    private final List<String> warnings;

    private Door(ConfigValues values, List<String> warnings) {
        this.values = values;
        this.warnings = warnings;
    }

    static void check(ConfigValues values, List<String> warnings) {
        var door = new Door(values, warnings);
        if (values.sound(AuthKeys.MODE, Keys.NODE_HOST)) {
            door.checkMode();
        }
        door.checkSecrets();
        if (values.sound(CentrifugalKeys.ENABLED, CentrifugalKeys.INSECURE)
                && values.get(CentrifugalKeys.ENABLED)
                && values.get(CentrifugalKeys.INSECURE)) {
            warnings.add(
                    "protocols.centrifugal.insecure is true: whoever reaches this port may hear and say everything;"
                            + " never let others than tests reach it");
        }
        if (values.sound(Keys.API_INSECURE) && values.get(Keys.API_INSECURE)) {
            warnings.add("api.insecure is true: whoever reaches this port may publish and disconnect without a key");
        }
        HookKeys.check(values);
    }

    private void checkMode() {
        var open = values.get(Keys.NODE_HOST).filter(host -> !isLoopback(host));
        switch (values.get(AuthKeys.MODE)) {
            case PATH ->
                warnings.add("auth.mode is path: a client is whoever the path of its request says;"
                        + " let only trusted networks or a proxy that checks users reach this port");
            case JWT -> {
                if (!hasKey()) {
                    values.reportAt(
                            AuthKeys.MODE,
                            "jwt needs a key that tokens are signed with; set auth.hmac_secret, auth.rsa_public_key,"
                                    + " auth.ecdsa_public_key, auth.eddsa_public_key or auth.jwks_url");
                }
            }
            case NONE -> {
                if (open.isPresent()) {
                    values.reportAt(
                            Keys.NODE_HOST,
                            Types.quoted(open.get()) + " would open the node to others, and no auth is configured;"
                                    + " set auth.mode: jwt (clients bring tokens), auth.mode: path (the id in the path"
                                    + " is believed), or node.host: " + LOOPBACK);
                } else {
                    warnings.add("auth.mode is none: listening on loopback only;"
                            + " set auth.mode: jwt to serve others (clients bring tokens), or path (the id in the path"
                            + " is believed)");
                }
            }
        }
    }

    private boolean hasKey() {
        boolean sound = values.sound(
                AuthKeys.HMAC_SECRET, AuthKeys.RSA_KEY, AuthKeys.ECDSA_KEY, AuthKeys.EDDSA_KEY, AuthKeys.JWKS_URL);
        return !sound || settings(values).hasKey();
    }

    private void checkSecrets() {
        if (!values.sound(AuthKeys.HMAC_SECRET, AuthKeys.HMAC_PREVIOUS)) {
            return;
        }
        Optional<Secret> secret = values.get(AuthKeys.HMAC_SECRET);
        if (secret.isEmpty() && values.get(AuthKeys.HMAC_PREVIOUS).isPresent()) {
            values.reportAt(AuthKeys.HMAC_PREVIOUS, "there is none after it; set auth.hmac_secret");
        }
        if (secret.filter(given -> given.text().getBytes(StandardCharsets.UTF_8).length < SECRET_BYTES)
                .isPresent()) {
            warnings.add("auth.hmac_secret is shorter than " + SECRET_BYTES
                    + " bytes and may be guessed from a token; make one with openssl rand -hex 32");
        }
    }

    static TokenSettings settings(ConfigValues values) {
        var secrets = new ArrayList<String>();
        values.get(AuthKeys.HMAC_SECRET).ifPresent(secret -> secrets.add(secret.text()));
        values.get(AuthKeys.HMAC_PREVIOUS).ifPresent(secret -> secrets.add(secret.text()));
        List<PublicKey> keys = Stream.of(AuthKeys.RSA_KEY, AuthKeys.ECDSA_KEY, AuthKeys.EDDSA_KEY)
                .flatMap(key -> values.get(key).stream())
                .toList();
        return new TokenSettings(
                secrets,
                keys,
                values.get(AuthKeys.JWKS_URL),
                values.get(AuthKeys.AUDIENCE),
                values.get(AuthKeys.ISSUER),
                values.get(AuthKeys.CLOCK_SKEW),
                values.get(AuthKeys.TOKEN_BYTES),
                values.get(AuthKeys.JWKS_REFRESH),
                values.get(AuthKeys.REVOCATIONS_KEPT));
    }

    /** Where to listen. */
    static String host(ConfigValues values) {
        return values.get(Keys.NODE_HOST).orElse(values.get(AuthKeys.MODE) == AuthMode.NONE ? LOOPBACK : "0.0.0.0");
    }

    private static boolean isLoopback(String host) {
        return host.equals("localhost") || host.startsWith("127.") || host.equals("::1") || host.equals("[::1]");
    }
}
