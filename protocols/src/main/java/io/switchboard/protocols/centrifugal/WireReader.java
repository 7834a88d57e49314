package io.switchboard.protocols.centrifugal;

import io.switchboard.message.MalformedException;
import io.switchboard.message.Message;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads one message, member by member; each that {@link #next} finds is then taken by one of the other methods. */
interface WireReader {
    /** The number of the next member that has a value, 0 after the last. Those without meaning here are passed over. */
    int next(Shape shape) throws MalformedException;

    String text() throws MalformedException;

    /** A whole number; of one that has no sign, the bits. */
    long number() throws MalformedException;

    /** A number without a sign, of 32 bits. */
    default long unsigned() throws MalformedException {
        long value = number();
        if (value < 0 || value > 0xffff_ffffL) {
            throw new MalformedException("a number is out of range");
        }
        return value;
    }

    /** A number of 32 bits. */
    default int small() throws MalformedException {
        long value = number();
        if (value != (int) value) {
            throw new MalformedException("a number is out of range");
        }
        return (int) value;
    }

    boolean flag() throws MalformedException;

    /** The application's own; null if it is empty. */
    @Nullable
    Message data() throws MalformedException;

    /** Bytes as they are; only where they are no data of the application. */
    ByteBuffer bytes() throws MalformedException;

    /** A message within this one, which must be read to its end before this one is read on. */
    WireReader message() throws MalformedException;

    /** Takes what there may be several of. */
    void each(Taker taker) throws MalformedException;

    /** Takes what is found by a name. */
    void entries(EntryTaker taker) throws MalformedException;

    /** Passes over it. */
    void skip() throws MalformedException;

    /** Takes one of several. */
    interface Taker {
        void take(WireReader in) throws MalformedException;
    }

    /** Takes what stands under a name. */
    interface EntryTaker {
        void take(String name, WireReader in) throws MalformedException;
    }
}
