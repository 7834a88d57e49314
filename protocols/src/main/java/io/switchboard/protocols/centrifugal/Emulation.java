package io.switchboard.protocols.centrifugal;

import io.switchboard.message.MalformedException;
import io.switchboard.message.Message;
import io.switchboard.protocol.UplinkReader;
import io.switchboard.protocols.json.JsonReader;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads what clients of HTTP connections say in requests of their own: commands of one frame, and whose they are. */
record Emulation(String path) implements UplinkReader {
    @Override
    public Said read(Message body) throws MalformedException {
        byte[] bytes = body.toByteArray();
        if (body.kind() == Message.Kind.BINARY) {
            return read(new ProtobufReader(bytes, 0, bytes.length), false);
        }
        var json = new JsonReader(bytes, 0, bytes.length);
        Said said = read(JsonWireReader.of(json), true);
        json.end();
        return said;
    }

    private static Said read(WireReader in, boolean json) throws MalformedException {
        String node = "";
        String key = "";
        @Nullable Message data = null;
        for (int number = in.next(Shape.EMULATION); number != 0; number = in.next(Shape.EMULATION)) {
            switch (number) {
                case 1 -> node = in.text();
                case 2 -> key = in.text();
                // In JSON the commands are a text in the text.
                default -> data = json ? Message.text(in.text()) : binary(in.bytes());
            }
        }
        if (data == null) {
            throw new MalformedException("there is no data");
        }
        return new Said(node, key, data);
    }

    private static Message binary(ByteBuffer bytes) {
        return Message.validated(Message.Kind.BINARY, bytes);
    }
}
