package io.switchboard.server.cli;

import io.switchboard.server.CannotRunException;
import io.switchboard.server.config.ConfigException;
import io.switchboard.server.config.Spans;
import io.switchboard.tokens.TokenSettings;
import io.switchboard.tokens.TokenSigner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code switchboard token}: a token to try with. */
@Command(
        name = "token",
        header = "Prints a token for a user, to try with.",
        description = "%nSigned (HS256) with auth.hmac_secret of the preset, the file, SWITCHBOARD_AUTH_HMAC_SECRET or"
                + " --set. An application makes the tokens of its users itself.%n",
        optionListHeading = "%nOptions:%n",
        footer = {
            "%nExamples:",
            "  switchboard token --user 42 --ttl 1h --config board.yaml",
            "  switchboard token --user 42 --topic '$news' --preset conformance",
            "  SWITCHBOARD_AUTH_HMAC_SECRET=… switchboard token --user 42",
            "%nExit code: 0 it is printed, 1 there is no secret to sign with, 2 it was asked wrongly."
        })
final class TokenCommand implements Callable<Integer> {
    private static final String NEEDED =
            "Whose token? Give --user ID, or --user '' for somebody who has not signed in.";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--user", paramLabel = "ID", description = "Whose it is (sub).")
    private Optional<String> user = Optional.empty();

    @Option(names = "--ttl", paramLabel = "TIME", description = "How long it lasts, such as 10m, 1h or 7d. Default 1h.")
    private String lifetime = "1h";

    @Option(names = "--forever", description = "It never expires, instead of --ttl.")
    private boolean forever;

    @Option(
            names = "--topic",
            paramLabel = "T",
            description = "The topic it lets its bearer listen to; without it, the token is for a connection.")
    private Optional<String> topic = Optional.empty();

    @Option(names = "--id", paramLabel = "ID", description = "Its id (jti), by which it can be revoked.")
    private Optional<String> id = Optional.empty();

    @Option(names = "--config", paramLabel = "FILE", description = "The YAML file to read.")
    private Optional<Path> file = Optional.empty();

    @Mixin
    private SourceOptions options = new SourceOptions();

    @Override
    public Integer call() throws ConfigException {
        String whose = user.orElseThrow(() -> new ParameterException(spec.commandLine(), NEEDED));
        Optional<Duration> ttl = forever ? Optional.empty() : Optional.of(span());
        var sources = options.sources();
        TokenSettings tokens = (file.isPresent() ? sources.withFile(file.get()) : sources)
                .load()
                .auth()
                .tokens();
        if (tokens.hmacSecrets().isEmpty()) {
            throw new CannotRunException(
                    "There is no secret to sign with: set auth.hmac_secret in the file (--config FILE), in the"
                            + " environment (SWITCHBOARD_AUTH_HMAC_SECRET) or with --set auth.hmac_secret=….");
        }
        var wanted = new TokenSigner.Wanted(tokens.issuer(), tokens.audience(), id);
        var signer = new TokenSigner(tokens.hmacSecrets().getFirst());
        var out = spec.commandLine().getOut();
        out.println(signer.sign(whose, topic, ttl, wanted));
        out.flush();
        return Main.OK;
    }

    private Duration span() {
        return Spans.read(lifetime)
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(), "--ttl is a time such as 10m, 1h or 7d, not '" + lifetime + "'."));
    }
}
