package io.switchboard.protocols.centrifugal;

import io.switchboard.message.MalformedException;
import io.switchboard.message.Message;
import io.switchboard.message.Topic;
import io.switchboard.protocol.Backend;
import io.switchboard.protocol.CloseReason;
import io.switchboard.protocol.Command;
import io.switchboard.protocol.Conversation;
import io.switchboard.protocol.Instruction;
import io.switchboard.protocol.Request;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the server does with a client, whichever way it came. Holds nothing of any client. */
final class Conduct {
    private final Parts parts;
    private final Liveness liveness;
    private final Renewal renewal;
    private final Subscribing subscribing;
    private final ServerSide serverSide;
    private final Connecting connecting;
    private final Publishing publishing;
    private final Looking looking;

    Conduct(Parts parts) {
        this.parts = parts;
        liveness = new Liveness(parts.settings().limits());
        renewal = new Renewal(parts);
        subscribing = new Subscribing(parts, renewal);
        serverSide = new ServerSide(parts, renewal);
        connecting = new Connecting(parts, liveness, renewal, serverSide);
        publishing = new Publishing(parts);
        looking = new Looking(parts);
    }

    /** What is remembered of a request: nobody but the application asks for its headers, and they are long. */
    Request remembered(Request request) {
        return parts.backend().equals(Backend.NONE)
                ? new Request("", Map.of(), Map.of(), Map.of(), request.remoteAddress())
                : request;
    }

    void opened(Client client, Conversation with) {
        liveness.opened(client, with);
        String introduction = client.introduction;
        if (introduction != null) {
            client.introduction = null;
            introduce(client, with, introduction);
        }
    }

    /** Who it is stood in the address: JSON, whatever it wants to hear. */
    private void introduce(Client client, Conversation with, String introduction) {
        var turn = new Turn(client, with, 1, () -> {});
        try {
            var text = ByteBuffer.wrap(introduction.getBytes(StandardCharsets.UTF_8));
            connecting.begin(turn, CallFrames.connect(true, text));
        } catch (MalformedException e) {
            turn.end(Ending.BAD_REQUEST);
        }
    }

    void lost(Client client, Conversation with, Topic topic) {
        serverSide.lost(client, with, topic);
    }

    void instructed(Client client, Conversation with, Instruction instruction) {
        serverSide.instructed(client, with, instruction);
    }

    void ended(Client client, @Nullable CloseReason reason) {
        Backend.Caller caller = client.caller;
        if (caller == null) {
            return;
        }
        client.subs().forEach((topic, sub) -> parts.tellUnsubscribed(client, topic, Ending.UNSUBSCRIBED_BY_END));
        if (parts.backend().decides(Backend.Question.DISCONNECT, "")) {
            parts.backend().disconnected(caller, reason == null ? Ending.CLOSED : reason);
        }
    }

    void decode(Client client, Message.Kind kind, ByteBuffer frame, Consumer<Command> commands) {
        try {
            if (!client.dialect.unidirectional()) {
                CallFrames.read(
                        client.dialect.json(),
                        kind,
                        frame,
                        (call, bytes) -> commands.accept(command(client, call, bytes)));
            } else if (client.state == Client.State.NEW) {
                Ask.Connect connect = frame.hasRemaining()
                        ? CallFrames.connect(client.dialect.json(), frame)
                        : CallReader.connect(new ProtobufReader(new byte[0], 0, 0));
                commands.accept(command(client, new Call(1, connect), 0));
            }
        } catch (MalformedException e) {
            commands.accept(
                    new Command.Act((with, done) -> new Turn(client, with, 0, done).end(Ending.BAD_REQUEST), 0));
        }
    }

    private Command command(Client client, Call call, int bytes) {
        int cost = call.ask() instanceof Ask.Publish ? bytes : 0;
        return new Command.Act(
                (with, done) -> {
                    client.busy = true;
                    carryOut(call, new Turn(client, with, call.id(), () -> {
                        client.busy = false;
                        done.run();
                    }));
                },
                cost);
    }

    private void carryOut(Call call, Turn turn) {
        Client client = turn.client();
        Ask ask = call.ask();
        boolean numbered = call.id() != 0 || ask instanceof Ask.Send;
        if (call.isPong() && client.state == Client.State.CONNECTED) {
            liveness.pong(client, turn.with());
            turn.pass();
        } else if (ask == null || !numbered) {
            turn.end(Ending.BAD_REQUEST);
        } else if (ask instanceof Ask.Connect connect && client.state == Client.State.NEW) {
            connecting.begin(turn, connect);
        } else if (client.state != Client.State.CONNECTED) {
            turn.end(Ending.BAD_REQUEST);
        } else {
            carryOut(ask, turn);
        }
    }

    private void carryOut(Ask ask, Turn turn) {
        switch (ask) {
            case Ask.Subscribe subscribe -> subscribing.begin(turn, subscribe);
            case Ask.Unsubscribe unsubscribe -> subscribing.end(turn, unsubscribe);
            case Ask.Publish publish -> publishing.publish(turn, publish);
            case Ask.Presence presence -> looking.presence(turn, presence);
            case Ask.PresenceStats stats -> looking.stats(turn, stats);
            case Ask.History history -> looking.history(turn, history);
            case Ask.Rpc rpc -> publishing.rpc(turn, rpc);
            case Ask.Send send -> publishing.send(turn, send);
            case Ask.Refresh refresh -> renewal.refresh(turn, refresh);
            case Ask.SubRefresh subRefresh -> renewal.subRefresh(turn, subRefresh);
            case Ask.Connect again -> turn.end(Ending.BAD_REQUEST);
            case Ask.Ping ping -> turn.end(Ending.BAD_REQUEST);
        }
    }
}
