package io.switchboard.protocols.centrifugal;

import io.switchboard.message.Message;
import io.switchboard.message.Topic;
import io.switchboard.protocol.CloseReason;
import io.switchboard.protocol.Command;
import io.switchboard.protocol.Conversation;
import io.switchboard.protocol.Endpoint;
import io.switchboard.protocol.Instruction;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An endpoint whose clients are treated alike, whichever way they came. */
interface Conducted extends Endpoint<Client> {
    Conduct conduct();

    @Override
    default String protocol() {
        return CentrifugalProtocol.NAME;
    }

    @Override
    default void opened(Client client, Conversation with) {
        conduct().opened(client, with);
    }

    @Override
    default void decode(Client client, Message.Kind kind, ByteBuffer content, Consumer<Command> commands) {
        conduct().decode(client, kind, content, commands);
    }

    @Override
    default CloseReason ending(CloseReason usual) {
        return Ending.of(usual);
    }

    @Override
    default void lost(Client client, Conversation with, Topic topic) {
        conduct().lost(client, with, topic);
    }

    @Override
    default void instructed(Client client, Conversation with, Instruction instruction) {
        conduct().instructed(client, with, instruction);
    }

    @Override
    default void ended(Client client, @Nullable CloseReason reason) {
        conduct().ended(client, reason);
    }
}
