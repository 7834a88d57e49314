package io.switchboard.transport.loop;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Netty's epoll, and past Netty's pipeline for the connections that ask for it: those that something has come for are
 * gathered, fetched from memory at the same time, and then read one after another, once each, into one buffer for all.
 * Of whatever is not plainly bytes to read (an end, an error, room to write) Netty takes care as ever.
 *
 * <p>Level-triggered, as Netty's epoll is: what a read leaves is there in the next turn.
 */
public final class DirectReads implements IoHandler {
    /** A connection that reads directly. Called on its loop. */
    public interface Reader {
        /** Reads what {@link #received} will read, and returns anything of it. Must not fail. */
        int prefetchToRead();

        /** Takes bytes over, in a buffer for all; one that is not released before this returns costs a new one. */
        void received(ByteBuf bytes);

        /** Reading failed, by a reset, a bug or for want of memory: ends the connection. */
        void failedToRead(Throwable failure);
    }

    @SuppressWarnings("try") // close() may throw anything, as Netty has it.
    private final class Entry implements EpollIoHandle {
        private final EpollIoHandle netty;
        private @Nullable Reader reader;

        Entry(EpollIoHandle netty) {
            this.netty = netty;
        }

        @Override
        public void handle(IoRegistration registered, IoEvent event) {
            if (reader != null && ((EpollIoEvent) event).ops().value() == EpollIoOps.EPOLLIN.value()) {
                ready.add(this);
            } else {
                netty.handle(registered, event);
            }
        }

        @Override
        public FileDescriptor fd() {
            return netty.fd();
        }

        @Override
        public void registered() {
            netty.registered();
        }

        @Override
        public void unregistered() {
            int fd = fd().intValue();
            // The number may be another connection's by now.
            if (entries.get(fd) == this) {
                entries.remove(fd);
            }
            netty.unregistered();
        }

        @Override
        public void close() throws Exception {
            netty.close();
        }
    }

    private final IoHandler epoll;
    private final IntObjectMap<Entry> entries = new IntObjectHashMap<>();
    private final List<Entry> ready = new ArrayList<>();
    private final ReadBuffers buffers = new ReadBuffers();

    /** Keeps what is fetched ahead from being left out as useless. */
    @SuppressWarnings("UnusedVariable")
    private int fetched;

    DirectReads(IoHandler epoll) {
        this.epoll = epoll;
    }

    /** From now on the reader gets what comes for this channel, which lives on this loop. On the loop. */
    public void begin(EpollSocketChannel channel, Reader reader) {
        Entry entry = entries.get(channel.fd().intValue());
        if (entry != null && entry.netty.equals(channel.unsafe())) {
            entry.reader = reader;
        }
    }

    /** How many file descriptors it knows of. */
    int size() {
        return entries.size();
    }

    @Override
    public int run(IoHandlerContext context) {
        int handled = epoll.run(context);
        if (!ready.isEmpty()) {
            readAll();
        }
        return handled;
    }

    private void readAll() {
        try {
            int any = 0;
            for (int i = 0; i < ready.size(); i++) {
                Reader reader = ready.get(i).reader;
                any += reader == null ? 0 : reader.prefetchToRead();
            }
            fetched = any;
            for (int i = 0; i < ready.size(); i++) {
                Entry entry = ready.get(i);
                Reader reader = entry.reader;
                if (reader != null && entry.fd() instanceof Socket socket && socket.isOpen()) {
                    read(entry, reader, socket);
                }
            }
        } finally {
            ready.clear();
        }
    }

    private void read(Entry entry, Reader reader, Socket socket) {
        try {
            ByteBuf into = buffers.take(ByteBufAllocator.DEFAULT);
            int count = -1;
            try {
                count = receive(socket, into);
            } finally {
                if (count <= 0) {
                    into.release();
                }
            }
            if (count > 0) {
                reader.received(into.writerIndex(count));
            } else if (count < 0) {
                // Netty finds the end in the next turn, and reads from now on if there is anything more.
                entry.reader = null;
            }
        } catch (Throwable e) {
            // Whatever left here would end the loop, and with it everybody else's connection.
            reader.failedToRead(e);
        }
    }

    /** How much came: 0 if nothing did after all, -1 at the end. */
    private static int receive(Socket socket, ByteBuf into) throws IOException {
        if (into.hasMemoryAddress()) {
            return socket.recvAddress(into.memoryAddress(), 0, into.capacity());
        }
        ByteBuffer bytes = into.internalNioBuffer(0, into.capacity());
        return socket.recv(bytes, bytes.position(), bytes.limit());
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        if (!(handle instanceof EpollIoHandle netty)) {
            return epoll.register(handle);
        }
        var entry = new Entry(netty);
        IoRegistration registration = epoll.register(entry);
        entries.put(netty.fd().intValue(), entry);
        return registration;
    }

    @Override
    public void initialize() {
        epoll.initialize();
    }

    @Override
    public void prepareToDestroy() {
        epoll.prepareToDestroy();
    }

    @Override
    public void destroy() {
        epoll.destroy();
    }

    @Override
    public void wakeup() {
        epoll.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> type) {
        return epoll.isCompatible(type);
    }
}
