package io.switchboard.protocol;

import io.switchboard.message.Message;
import io.switchboard.message.Topic;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The application, asked what its clients may do, and told what they did. Safe from any thread, never blocks: a stage
 * completes on any thread, within a bounded time, and does not fail. A question that it {@link #decides} alone counts;
 * of one that it does not decide, it is not asked.
 */
public interface Backend {
    /** No application: everything is decided by tokens and namespaces. */
    Backend NONE = new Backend() {};

    /** What it can be asked, and told. */
    enum Question {
        CONNECT,
        REFRESH,
        SUBSCRIBE,
        SUB_REFRESH,
        PUBLISH,
        RPC,
        SEND,
        DISCONNECT,
        UNSUBSCRIBE
    }

    /**
     * Whether it is asked.
     *
     * @param namespace of the topic that it is about, empty where it is about none, or the topic is in none
     */
    default boolean decides(Question question, String namespace) {
        return false;
    }

    /**
     * Who asks.
     *
     * @param session its id
     * @param user empty while nobody knows, and for somebody who has not signed in
     * @param transport as {@code websocket}
     * @param protocol as {@code centrifugal}
     * @param encoding {@code json} or {@code binary}
     * @param headers those of its request, by lower-case name
     * @param remoteAddress of the client, host only
     * @param meta what the application said of it when it came
     */
    record Caller(
            String session,
            String user,
            String transport,
            String protocol,
            String encoding,
            Map<String, String> headers,
            String remoteAddress,
            @Nullable Message meta) {
        public Caller {
            headers = Map.copyOf(headers);
        }

        /** Without headers, of which some are secrets. */
        @Override
        public String toString() {
            return "Caller[" + session + ", " + user + "]";
        }
    }

    /** The application's answer. */
    sealed interface Reply<T> {
        record Granted<T>(T result) implements Reply<T> {}

        /** No, and the client is told why. Codes are the Centrifugal protocol's, or the application's, 400–1999. */
        record Denied<T>(int code, String text, boolean temporary) implements Reply<T> {}

        /** No, and the client shall go. */
        record Dismissed<T>(CloseReason reason) implements Reply<T> {}
    }

    /** @param topics what the client wants to listen to from its first moment, beside what it is told to */
    record Connect(
            Caller caller,
            String name,
            String version,
            @Nullable Message data,
            List<String> topics) {}

    /**
     * @param expiresAtMillis until when what it says holds; empty for ever
     * @param info what others are told of it
     * @param data for the client
     */
    record Connected(
            String user,
            OptionalLong expiresAtMillis,
            @Nullable Message info,
            @Nullable Message data,
            @Nullable Message meta,
            List<Token.Grant> topics) {}

    default CompletionStage<Reply<Connected>> connect(Connect question) {
        return notAvailable();
    }

    record Refresh(Caller caller) {}

    /** @param expired it is no longer true: the session ends */
    record Refreshed(
            boolean expired,
            OptionalLong expiresAtMillis,
            @Nullable Message info,
            @Nullable Message meta) {}

    /** A session is about to expire. */
    default CompletionStage<Reply<Refreshed>> refresh(Refresh question) {
        return notAvailable();
    }

    /** @param token what the client gave along, empty if nothing */
    record Subscribe(
            Caller caller,
            Topic topic,
            String token,
            @Nullable Message data) {
        /** Without the token. */
        @Override
        public String toString() {
            return "Subscribe[" + caller.session() + ", " + topic + "]";
        }
    }

    record Subscribed(
            OptionalLong expiresAtMillis,
            @Nullable Message info,
            @Nullable Message data,
            Token.Overrides overrides) {}

    default CompletionStage<Reply<Subscribed>> subscribe(Subscribe question) {
        return notAvailable();
    }

    record SubRefresh(Caller caller, Topic topic) {}

    record SubRefreshed(
            boolean expired,
            OptionalLong expiresAtMillis,
            @Nullable Message info) {}

    /** That a session listens to a topic is about to expire. */
    default CompletionStage<Reply<SubRefreshed>> subRefresh(SubRefresh question) {
        return notAvailable();
    }

    record Publish(Caller caller, Topic topic, Message data) {}

    /**
     * @param data what is published instead; null for what the client gave
     * @param skipHistory whether it is not kept
     */
    record ToPublish(@Nullable Message data, boolean skipHistory) {}

    /** Asked before it is published. */
    default CompletionStage<Reply<ToPublish>> publish(Publish question) {
        return notAvailable();
    }

    record Rpc(Caller caller, String method, Message data) {}

    /** @param data for the client, null for nothing */
    record Returned(@Nullable Message data) {}

    default CompletionStage<Reply<Returned>> rpc(Rpc question) {
        return notAvailable();
    }

    /** A client sends something and wants no answer. */
    default void sent(Caller caller, Message data) {}

    /** A session that had been admitted has gone. Told once if all is well, perhaps twice or never if not. */
    default void disconnected(Caller caller, CloseReason reason) {}

    /** A session listens to a topic no more, or has gone. Told as {@link #disconnected} is. */
    default void unsubscribed(Caller caller, Topic topic, int code, String reason) {}

    private static <T> CompletionStage<Reply<T>> notAvailable() {
        return CompletableFuture.completedFuture(new Reply.Denied<>(108, "not available", false));
    }
}
