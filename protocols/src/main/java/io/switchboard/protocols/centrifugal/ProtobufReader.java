package io.switchboard.protocols.centrifugal;

import io.switchboard.message.MalformedException;
import io.switchboard.message.Message;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads a message in Protobuf. */
final class ProtobufReader implements WireReader {
    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED_32 = 5;

    private final byte[] in;
    private int at;
    private final int end;

    /** How the member that was found last is written. */
    private int type = BYTES;

    ProtobufReader(byte[] in, int from, int end) {
        this.in = in;
        this.at = from;
        this.end = end;
    }

    /** How many bytes are left. */
    int length() {
        return end - at;
    }

    boolean isAtEnd() {
        return at == end;
    }

    @Override
    public int next(Shape shape) throws MalformedException {
        while (at < end) {
            long tag = varint();
            type = (int) (tag & 7);
            long number = tag >>> 3;
            if (number == 0 || number > 0x1fff_ffff) {
                throw new MalformedException("a member has no number");
            }
            if (shape.has((int) number)) {
                return (int) number;
            }
            skip();
        }
        return 0;
    }

    @Override
    public String text() throws MalformedException {
        return Message.checked(Message.Kind.TEXT, bytes()).asText();
    }

    @Override
    public long number() throws MalformedException {
        expect(VARINT);
        return varint();
    }

    @Override
    public int small() throws MalformedException {
        // As the format has it: the lower half counts.
        return (int) number();
    }

    @Override
    public long unsigned() throws MalformedException {
        return number() & 0xffff_ffffL;
    }

    @Override
    public boolean flag() throws MalformedException {
        return number() != 0;
    }

    /** Bytes say not what they are: if they are JSON, clients that speak JSON hear them as that. */
    @Override
    public @Nullable Message data() throws MalformedException {
        ByteBuffer bytes = bytes();
        if (!bytes.hasRemaining()) {
            return null;
        }
        if (mayBeJson(bytes.get(bytes.position()))) {
            try {
                return Message.checked(Message.Kind.JSON, bytes.duplicate());
            } catch (MalformedException e) {
                return Message.validated(Message.Kind.BINARY, bytes);
            }
        }
        return Message.validated(Message.Kind.BINARY, bytes);
    }

    private static boolean mayBeJson(byte first) {
        return switch (first) {
            case '{', '[', '"', 't', 'f', 'n', '-', ' ', '\t', '\r', '\n' -> true;
            default -> first >= '0' && first <= '9';
        };
    }

    @Override
    public ProtobufReader message() throws MalformedException {
        ByteBuffer bytes = bytes();
        return new ProtobufReader(in, bytes.position(), bytes.limit());
    }

    /** A message after its length, as they stand one after another in a frame. */
    ProtobufReader delimited() throws MalformedException {
        type = BYTES;
        return message();
    }

    @Override
    public void each(Taker taker) throws MalformedException {
        taker.take(this);
    }

    /** Each entry is a message of its own: 1 is the name, 2 what stands under it. */
    @Override
    public void entries(EntryTaker taker) throws MalformedException {
        ByteBuffer entry = bytes();
        var names = new ProtobufReader(in, entry.position(), entry.limit());
        var values = new ProtobufReader(in, entry.limit(), entry.limit());
        String name = "";
        for (int number = names.next(Shape.POSITION); number != 0; number = names.next(Shape.POSITION)) {
            if (number == 1) {
                name = names.text();
            } else {
                int from = names.at;
                names.skip();
                values = new ProtobufReader(in, from, names.at);
                values.type = names.type;
            }
        }
        if (values.isAtEnd()) {
            // What is left out is empty.
            values = new ProtobufReader(new byte[1], 0, 1);
        }
        taker.take(name, values);
    }

    @Override
    public void skip() throws MalformedException {
        switch (type) {
            case VARINT -> varint();
            case FIXED_64 -> move(8);
            case BYTES -> bytes();
            case FIXED_32 -> move(4);
            default -> throw new MalformedException("a member of unknown form");
        }
    }

    private void move(int bytes) throws MalformedException {
        if (end - at < bytes) {
            throw new MalformedException("a member is cut off");
        }
        at += bytes;
    }

    @Override
    public ByteBuffer bytes() throws MalformedException {
        expect(BYTES);
        long length = varint();
        if (length < 0 || length > end - at) {
            throw new MalformedException("a length reaches beyond the end");
        }
        int from = at;
        at += (int) length;
        return ByteBuffer.wrap(in, from, (int) length);
    }

    private void expect(int wanted) throws MalformedException {
        if (type != wanted) {
            throw new MalformedException("a member is of another form");
        }
    }

    private long varint() throws MalformedException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (at >= end) {
                throw new MalformedException("a number is cut off");
            }
            byte next = in[at++];
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new MalformedException("a number is too long");
    }
}
