package io.switchboard.tokens.wire;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks other servers over HTTP/1.1: never blocks, follows no redirect, and gives up after a time, whatever part of the
 * answer is missing by then, or when the answer is too long.
 */
public final class Exchange implements AutoCloseable {
    private final HttpClient client;
    private final int bytesMax;

    /** @param bytesMax the longest answer */
    public Exchange(Duration connecting, int bytesMax) {
        this.bytesMax = bytesMax;
        client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(connecting)
                .executor(Thread::startVirtualThread)
                .build();
    }

    /** What came back. */
    public record Answer(int status, ByteBuffer body) {}

    public CompletionStage<Answer> get(URI where, Duration within) {
        return send(HttpRequest.newBuilder(where).GET(), within);
    }

    /** Posts JSON. Headers' names and values have been checked by the caller. */
    public CompletionStage<Answer> post(URI where, Map<String, String> headers, ByteBuffer json, Duration within) {
        var bytes = new byte[json.remaining()];
        json.duplicate().get(bytes);
        var request = HttpRequest.newBuilder(where).POST(HttpRequest.BodyPublishers.ofByteArray(bytes));
        headers.forEach(request::setHeader);
        return send(request.setHeader("Content-Type", "application/json"), within);
    }

    private CompletionStage<Answer> send(HttpRequest.Builder request, Duration within) {
        // The client's own limit ends with the answer's headers; ours is for all of it.
        CompletableFuture<HttpResponse<ByteBuffer>> sent =
                client.sendAsync(request.timeout(within).build(), info -> new Bounded(bytesMax));
        CompletableFuture<HttpResponse<ByteBuffer>> bounded =
                sent.copy().orTimeout(within.toMillis(), TimeUnit.MILLISECONDS);
        return bounded.whenComplete((done, failure) -> {
                    if (failure instanceof TimeoutException) {
                        sent.cancel(true);
                    }
                })
                .thenApply(response -> new Answer(response.statusCode(), response.body()));
    }

    /** What went wrong, without the wrapping that stages put around it. */
    public static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    /** Gathers at most so many bytes. */
    private static final class Bounded implements HttpResponse.BodySubscriber<ByteBuffer> {
        private final CompletableFuture<ByteBuffer> whole = new CompletableFuture<>();
        private final int bytesMax;
        private byte[] bytes = new byte[1024];
        private int length;
        private Flow.@Nullable Subscription source;

        Bounded(int bytesMax) {
            this.bytesMax = bytesMax;
        }

        @Override
        public CompletionStage<ByteBuffer> getBody() {
            return whole;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            source = subscription;
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(List<ByteBuffer> pieces) {
            for (ByteBuffer piece : pieces) {
                int more = piece.remaining();
                if (more > bytesMax - length) {
                    giveUp();
                    return;
                }
                if (length + more > bytes.length) {
                    bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
                }
                piece.get(bytes, length, more);
                length += more;
            }
        }

        private void giveUp() {
            if (source != null) {
                source.cancel();
            }
            var ignored =
                    whole.completeExceptionally(new IOException("the answer has more than " + bytesMax + " bytes"));
        }

        @Override
        public void onError(Throwable failure) {
            var ignored = whole.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            var ignored = whole.complete(ByteBuffer.wrap(bytes, 0, length).asReadOnlyBuffer());
        }
    }
}
