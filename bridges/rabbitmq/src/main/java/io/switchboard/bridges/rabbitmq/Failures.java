package io.switchboard.bridges.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.ShutdownSignalException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What an exception of the client says about the broker. */
final class Failures {
    private static final int NOT_ALLOWED = 530;

    private Failures() {}

    /** The broker's own words where it gave any. */
    static String explain(Throwable thrown) {
        Throwable innermost = thrown;
        for (Throwable e = thrown; e != null; e = e.getCause()) {
            innermost = e;
            String said = said(e);
            if (said != null) {
                return said;
            }
        }
        if (thrown instanceof TimeoutException || innermost instanceof TimeoutException) {
            return "no answer within " + Dialer.PATIENCE_MILLIS + " ms";
        }
        return innermost.getMessage() == null ? innermost.getClass().getSimpleName() : innermost.getMessage();
    }

    private static @Nullable String said(Throwable thrown) {
        if (thrown instanceof AuthenticationFailureException) {
            return "the broker refuses user or password: " + thrown.getMessage();
        }
        if (thrown instanceof ShutdownSignalException signal) {
            if (signal.getReason() instanceof AMQP.Channel.Close close) {
                return close.getReplyText() + permissions(close.getReplyCode());
            }
            if (signal.getReason() instanceof AMQP.Connection.Close close) {
                return close.getReplyText();
            }
        }
        return null;
    }

    private static String permissions(int code) {
        return code == AMQP.ACCESS_REFUSED
                ? "; the user needs to configure, write and read what is called ^<cluster>\\..* and ^<cluster>$,"
                        + " and to write and read the published exchange"
                : "";
    }

    /** Whether only somebody's intervention can help. */
    static boolean isHopeless(Throwable thrown) {
        for (Throwable e = thrown; e != null; e = e.getCause()) {
            int code = code(e);
            if (e instanceof AuthenticationFailureException
                    || code == NOT_ALLOWED
                    || code == AMQP.ACCESS_REFUSED
                    || code == AMQP.PRECONDITION_FAILED) {
                return true;
            }
        }
        return false;
    }

    /** The reply code with which the broker ended a channel or a connection; 0 if it did not. */
    static int code(@Nullable Throwable thrown) {
        if (thrown instanceof ShutdownSignalException signal) {
            if (signal.getReason() instanceof AMQP.Channel.Close close) {
                return close.getReplyCode();
            }
            if (signal.getReason() instanceof AMQP.Connection.Close close) {
                return close.getReplyCode();
            }
        }
        return 0;
    }
}
