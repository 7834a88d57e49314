package io.switchboard.checks.centrifugal;

import io.github.centrifugal.centrifuge.Client;
import io.github.centrifugal.centrifuge.ConnectedEvent;
import io.github.centrifugal.centrifuge.DisconnectedEvent;
import io.github.centrifugal.centrifuge.DuplicateSubscriptionException;
import io.github.centrifugal.centrifuge.EventListener;
import io.github.centrifugal.centrifuge.JoinEvent;
import io.github.centrifugal.centrifuge.Options;
import io.github.centrifugal.centrifuge.PublicationEvent;
import io.github.centrifugal.centrifuge.ResultCallback;
import io.github.centrifugal.centrifuge.ServerPublicationEvent;
import io.github.centrifugal.centrifuge.SubscribedEvent;
import io.github.centrifugal.centrifuge.Subscription;
import io.github.centrifugal.centrifuge.SubscriptionEventListener;
import io.github.centrifugal.centrifuge.SubscriptionOptions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Somebody with the published kit for Java. */
final class JavaPerson implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 10;

    final List<String> connected = new CopyOnWriteArrayList<>();
    final List<Integer> disconnected = new CopyOnWriteArrayList<>();
    final List<String> unasked = new CopyOnWriteArrayList<>();
    final Client client;

    JavaPerson(String url, Options options) {
        options.setMinReconnectDelay(50);
        options.setMaxReconnectDelay(200);
        client = new Client(url, options, new EventListener() {
            @Override
            public void onConnected(Client who, ConnectedEvent event) {
                connected.add(event.getClient());
            }

            @Override
            public void onDisconnected(Client who, DisconnectedEvent event) {
                disconnected.add(event.getCode());
            }

            @Override
            public void onPublication(Client who, ServerPublicationEvent event) {
                unasked.add(event.getChannel() + " " + new String(event.getData(), StandardCharsets.UTF_8));
            }
        });
        client.connect();
    }

    /** What somebody hears of a channel. */
    static final class Ear extends SubscriptionEventListener {
        final List<String> heard = new CopyOnWriteArrayList<>();
        final List<String> joined = new CopyOnWriteArrayList<>();
        final List<SubscribedEvent> subscribed = new CopyOnWriteArrayList<>();

        @Override
        public void onPublication(Subscription where, PublicationEvent event) {
            heard.add(new String(event.getData(), StandardCharsets.UTF_8));
        }

        @Override
        public void onJoin(Subscription where, JoinEvent event) {
            joined.add(event.getInfo().getClient());
        }

        @Override
        public void onSubscribed(Subscription where, SubscribedEvent event) {
            subscribed.add(event);
        }
    }

    Subscription subscribe(String channel, SubscriptionOptions options, Ear ear) {
        try {
            Subscription subscription = client.newSubscription(channel, options, ear);
            subscription.subscribe();
            return subscription;
        } catch (DuplicateSubscriptionException e) {
            throw new AssertionError(e);
        }
    }

    /** What came of a request. */
    static <T> T result(Consumer<ResultCallback<T>> request) {
        var result = new CompletableFuture<T>();
        request.accept((failure, value) -> {
            if (failure == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(failure);
            }
        });
        try {
            return result.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        try {
            if (!client.close(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS))) {
                throw new AssertionError("the kit does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
