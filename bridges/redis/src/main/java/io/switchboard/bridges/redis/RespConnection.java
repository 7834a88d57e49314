package io.switchboard.bridges.redis;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.switchboard.backplane.RareLog;
import io.switchboard.message.MalformedException;
import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;

/**
 * One connection to one Redis process, from the first byte to the last. It greets (HELLO, falling back to RESP2),
 * then gives its owner whatever arrives. It dies once, and says so once, unless the owner itself closed it. Everything
 * runs on the event loop.
 */
final class RespConnection extends ChannelInboundHandlerAdapter {
    private static final RareLog LOG = new RareLog(RespConnection.class.getPackageName());

    /** Who uses the connection. */
    interface Owner extends RespHandler {
        void greeted(Greeting greeting);

        /** How what arrives is read. Asked once. */
        default RespParser parser() {
            return new RespParser();
        }

        /** All that had arrived until now has been given. */
        void readComplete();

        /** @param hopeless whether trying again soon is of no use, as with a wrong password */
        void died(String why, boolean hopeless);
    }

    private final Credentials credentials;
    private final Owner owner;
    private final RespParser parser;
    private @Nullable Channel channel;
    private @Nullable ByteBuf unread;
    private RespHandler handler;
    private boolean greeted;
    private boolean dead;

    RespConnection(Credentials credentials, Owner owner) {
        this.credentials = credentials;
        this.owner = owner;
        this.parser = owner.parser();
        this.handler = new Handshake();
    }

    /** Writes and flushes; only after the greeting. */
    void send(RespBuffer commands) {
        Channel open = channel;
        if (open != null && commands.size() > 0) {
            open.writeAndFlush(commands.take(open.alloc()), open.voidPromise());
        }
    }

    boolean greeted() {
        return greeted && !dead;
    }

    void close() {
        dead = true;
        if (unread != null) {
            // Also when called in the middle of reading: nothing more is heard from here.
            unread.skipBytes(unread.readableBytes());
        }
        if (channel != null) {
            channel.close();
        }
    }

    void die(String why) {
        die(why, false);
    }

    void die(String why, boolean hopeless) {
        if (!dead) {
            close();
            owner.died(why, hopeless);
        }
    }

    /** Time for the greeting is over. */
    void expectGreeting() {
        if (!greeted) {
            die("no answer to the greeting in time");
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
        if (dead) {
            context.close();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        var hello = new RespBuffer();
        credentials.hello(hello);
        send(hello);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = joined((ByteBuf) message);
        unread = in;
        try {
            if (!dead) {
                parser.parse(in, handler);
            }
        } catch (MalformedException e) {
            die(e.getMessage() + ": is this a Redis?");
        }
        if (unread != null && !in.isReadable()) {
            in.release();
            unread = null;
        }
    }

    /** What is left of earlier pieces, and this one. */
    private ByteBuf joined(ByteBuf arrived) {
        ByteBuf rest = unread;
        if (rest == null) {
            return arrived;
        }
        try {
            return rest.discardSomeReadBytes().writeBytes(arrived);
        } finally {
            arrived.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (greeted()) {
            owner.readComplete();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        die("the server closed the connection");
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (unread != null) {
            unread.release();
            unread = null;
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof RuntimeException && cause.getCause() == null) {
            LOG.bug("a connection to Redis ends because of a fault in this program", cause);
        }
        die(explain(cause));
        context.close();
    }

    /** The innermost cause says what was wrong, most of all with TLS. */
    static String explain(Throwable cause) {
        Throwable innermost = cause;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        String text = innermost.getMessage() == null ? innermost.getClass().getSimpleName() : innermost.getMessage();
        return innermost instanceof GeneralSecurityException
                ? "the server's certificate is not trusted (" + text + "): set tls.ca to the PEM file of its authority"
                : text;
    }

    /** Hears the replies to HELLO, or to AUTH where there is no HELLO. */
    private final class Handshake implements RespHandler {
        private boolean old;

        @Override
        public void other(RespValue value) {
            switch (value) {
                case RespValue.Items(var hello) -> greet(Greeting.of(hello));
                case RespValue.Failure failure -> refused(failure);
                case RespValue.Text(var _ok) -> greet(Greeting.OLD);
                case RespValue.Whole(var _number) -> die("not a greeting");
                case RespValue.Nil() -> die("not a greeting");
            }
        }

        private void refused(RespValue.Failure failure) {
            if (!old && (failure.is("ERR unknown command") || failure.is("NOPROTO"))) {
                old = true;
                greetOldServer();
            } else if (failure.is("NOAUTH")
                    || failure.is("WRONGPASS")
                    || failure.is("NOPERM")
                    || failure.is("ERR AUTH")
                    || failure.is("ERR invalid password")) {
                die(
                        "the server does not let us in (" + masked(failure)
                                + "): check user and password of backplane.uri",
                        true);
            } else {
                die("the server answered the greeting with: " + masked(failure));
            }
        }

        /** Some servers quote the command they do not like. */
        private String masked(RespValue.Failure failure) {
            String secret = credentials.password();
            return secret.isEmpty() ? failure.text() : failure.text().replace(secret, "***");
        }

        private void greetOldServer() {
            if (credentials.password().isEmpty()) {
                greet(Greeting.OLD);
            } else {
                var auth = new RespBuffer();
                credentials.auth(auth);
                send(auth);
            }
        }

        private void greet(Greeting greeting) {
            greeted = true;
            handler = owner;
            owner.greeted(greeting);
        }

        @Override
        public void number(long value) {
            die("not a greeting");
        }

        @Override
        public void message(ByteBuf in, int channel, int channelLength, int payload, int payloadLength) {
            die("not a greeting");
        }

        @Override
        public void oversized(long payloadLength) {
            die("not a greeting");
        }
    }
}
