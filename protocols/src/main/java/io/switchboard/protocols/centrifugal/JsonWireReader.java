package io.switchboard.protocols.centrifugal;

import io.switchboard.message.ByteArraySink;
import io.switchboard.message.MalformedException;
import io.switchboard.message.Message;
import io.switchboard.protocols.json.JsonReader;
import java.nio.ByteBuffer;

/** Reads a message that is a JSON object. Names match in any case; null is no value. */
final class JsonWireReader implements WireReader {
    private final JsonReader in;
    private boolean first = true;

    private JsonWireReader(JsonReader in) {
        this.in = in;
    }

    /** Of a whole document. */
    static JsonWireReader of(JsonReader in) throws MalformedException {
        in.beginObject();
        return new JsonWireReader(in);
    }

    @Override
    public int next(Shape shape) throws MalformedException {
        while (in.hasMember(first)) {
            first = false;
            int place = in.nameAmong(shape.names());
            if (place >= 0 && in.peek() != JsonReader.Token.NULL) {
                return shape.number(place);
            }
            in.skip();
        }
        return 0;
    }

    @Override
    public String text() throws MalformedException {
        return in.string();
    }

    @Override
    public long number() throws MalformedException {
        String digits = in.number();
        try {
            return digits.startsWith("-") ? Long.parseLong(digits) : Long.parseUnsignedLong(digits);
        } catch (NumberFormatException e) {
            throw new MalformedException("not a whole number");
        }
    }

    @Override
    public boolean flag() throws MalformedException {
        JsonReader.Token token = in.peek();
        if (token != JsonReader.Token.TRUE && token != JsonReader.Token.FALSE) {
            throw new MalformedException("neither true nor false");
        }
        in.skip();
        return token == JsonReader.Token.TRUE;
    }

    @Override
    public Message data() throws MalformedException {
        return Message.validated(Message.Kind.JSON, withoutLines(in.raw()));
    }

    /** Line ends stand between the parts of a document only, where they mean nothing. */
    private static ByteBuffer withoutLines(ByteBuffer text) {
        ByteArraySink out = null;
        for (int i = text.position(); i < text.limit(); i++) {
            byte c = text.get(i);
            boolean line = c == '\n' || c == '\r';
            if (line && out == null) {
                out = new ByteArraySink(text.remaining());
                for (int before = text.position(); before < i; before++) {
                    out.write(text.get(before));
                }
            } else if (!line && out != null) {
                out.write(c);
            }
        }
        return out == null ? text : out.view();
    }

    @Override
    public ByteBuffer bytes() throws MalformedException {
        return in.stringBytes();
    }

    @Override
    public WireReader message() throws MalformedException {
        return of(in);
    }

    @Override
    public void each(Taker taker) throws MalformedException {
        in.beginArray();
        for (boolean one = true; in.hasItem(one); one = false) {
            taker.take(this);
        }
    }

    @Override
    public void entries(EntryTaker taker) throws MalformedException {
        in.beginObject();
        for (boolean one = true; in.hasMember(one); one = false) {
            taker.take(in.name(), this);
        }
    }

    @Override
    public void skip() throws MalformedException {
        in.skip();
    }
}
