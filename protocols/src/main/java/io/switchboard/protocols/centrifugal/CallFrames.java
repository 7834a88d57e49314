package io.switchboard.protocols.centrifugal;

import io.switchboard.message.MalformedException;
import io.switchboard.message.Message;
import io.switchboard.protocols.json.JsonReader;
import java.nio.ByteBuffer;

/** Takes a frame apart: several commands may stand in one. */
final class CallFrames {
    private CallFrames() {}

    /** Takes the commands one after another, so that those before a mistake have been taken. */
    interface Taker {
        void take(Call call, int bytes);
    }

    /**
     * @param json whether the client writes JSON, one command in each line; else Protobuf, each after its length
     * @throws MalformedException if it is no frame of commands, or has none
     */
    static void read(boolean json, Message.Kind kind, ByteBuffer frame, Taker taker) throws MalformedException {
        if (!frame.hasRemaining()) {
            throw new MalformedException("a frame is empty");
        }
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        if (json) {
            if (kind != Message.Kind.TEXT) {
                var checked = Message.checked(Message.Kind.TEXT, ByteBuffer.wrap(bytes));
                assert checked.length() == bytes.length;
            }
            lines(bytes, taker);
        } else {
            delimited(bytes, taker);
        }
    }

    private static void lines(byte[] bytes, Taker taker) throws MalformedException {
        int from = 0;
        while (from < bytes.length) {
            int to = from;
            while (to < bytes.length && bytes[to] != '\n') {
                to++;
            }
            if (to == from) {
                throw new MalformedException("a line is empty");
            }
            var in = new JsonReader(bytes, from, to - from);
            Call call = CallReader.call(JsonWireReader.of(in));
            in.end();
            taker.take(call, to - from);
            from = to + 1;
        }
    }

    private static void delimited(byte[] bytes, Taker taker) throws MalformedException {
        var in = new ProtobufReader(bytes, 0, bytes.length);
        while (!in.isAtEnd()) {
            ProtobufReader one = in.delimited();
            int length = one.length();
            taker.take(CallReader.call(one), length);
        }
    }

    /** What a client says first that is told but does not ask: who it is, and nothing else. */
    static Ask.Connect connect(boolean json, ByteBuffer frame) throws MalformedException {
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        if (!json) {
            return CallReader.connect(new ProtobufReader(bytes, 0, bytes.length));
        }
        var in = new JsonReader(bytes, 0, bytes.length);
        Ask.Connect connect = CallReader.connect(JsonWireReader.of(in));
        in.end();
        return connect;
    }
}
