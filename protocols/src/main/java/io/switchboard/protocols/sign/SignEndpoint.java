package io.switchboard.protocols.sign;

import io.switchboard.message.Exclusion;
import io.switchboard.message.MalformedException;
import io.switchboard.message.Message;
import io.switchboard.protocol.Command;
import io.switchboard.protocol.Encoder;
import io.switchboard.protocol.Endpoint;
import io.switchboard.protocol.Opening;
import io.switchboard.protocol.Refusal;
import io.switchboard.protocol.Request;
import io.switchboard.protocols.sign.SignSettings.Kind;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** Connections by sign. Who a client is it says afterwards; an authenticator may know better, then that counts. */
final class SignEndpoint implements Endpoint<String> {
    private final String path;
    private final Encoder encoder;
    private final SignSettings settings;
    private final LongAdder ignored;
    private final LongAdder rejected;

    SignEndpoint(String path, Encoder encoder, SignSettings settings, LongAdder ignored, LongAdder rejected) {
        this.path = path;
        this.encoder = encoder;
        this.settings = settings;
        this.ignored = ignored;
        this.rejected = rejected;
    }

    @Override
    public String protocol() {
        return "sign";
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public Encoder encoder() {
        return encoder;
    }

    @Override
    public Opening<String> open(Request request) throws Refusal.Thrown {
        String sign = request.variable(settings.parameter());
        try {
            return new Opening<>("", "sign", List.of(SignProtocol.connection(sign), SignProtocol.EVERYBODY), sign);
        } catch (IllegalArgumentException e) {
            throw new Refusal.Thrown(Refusal.of(400, String.valueOf(e.getMessage())));
        }
    }

    @Override
    public void decode(String sign, Message.Kind kind, ByteBuffer content, Consumer<Command> commands) {
        Optional<Command> command;
        try {
            command = command(sign, SignBody.read(settings, kind, content));
        } catch (MalformedException | IllegalArgumentException e) {
            command = Optional.of(new Command.Malformed(String.valueOf(e.getMessage())));
        }
        command.ifPresent(commands);
    }

    private Optional<Command> command(String sign, SignBody body) throws MalformedException {
        Optional<Kind> kind = settings.kind(body.type());
        if (kind.isEmpty() || kind.get() == Kind.TASK_COUNT) {
            ignored.increment();
            return Optional.empty();
        }
        return kind.get() == Kind.USER_INFO ? bind(sign, body) : Optional.of(broadcast(body));
    }

    /** As published, there is no answer; ours is none either to an identity that would not be one user's. */
    private Optional<Command> bind(String sign, SignBody body) throws MalformedException {
        SignBody.UserInfo info = body.userInfo(settings);
        if (info.userId().isEmpty()) {
            ignored.increment();
            return Optional.empty();
        }
        try {
            var identity = new Identity(info.userId(), info.tenantId(), info.bankId(), info.fromType());
            return Optional.of(new Command.Bind(identity.topic(), identity.userId(), sign));
        } catch (IllegalArgumentException e) {
            rejected.increment();
            return Optional.empty();
        }
    }

    private Command broadcast(SignBody body) throws MalformedException {
        int type = settings.types().getOrDefault(Kind.BROADCAST, 0);
        Message message = settings.message(type, body.dataOrNull(), NetTime.now());
        boolean toSender = body.toSender().orElse(settings.toSender());
        return new Command.Publish(SignProtocol.EVERYBODY, message, toSender ? Exclusion.NONE : Exclusion.SESSION);
    }
}
