package io.switchboard.tokens.callbacks;

import io.switchboard.message.MalformedException;
import io.switchboard.message.Topic;
import io.switchboard.metrics.Meters;
import io.switchboard.protocol.Backend;
import io.switchboard.protocol.CloseReason;
import io.switchboard.tokens.wire.JsonText;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;

/**
 * The application, asked by HTTP: a POST of JSON for each question, with members as those of Centrifugo's proxy. What
 * is not answered properly is an error that the client may try again; it is never taken for permission.
 */
public final class HttpBackend implements Backend, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(HttpBackend.class.getName());
    private static final Duration LAST_NOTICES = Duration.ofSeconds(2);
    private static final long COMPLAINT_NANOS = Duration.ofSeconds(10).toNanos();

    private final CallbackSettings settings;
    private final Poster poster;
    private final Notices notices;
    private final Semaphore room;
    private final LongAdder asked;
    private final LongAdder failed;
    private final LongAdder crowded;
    private volatile long complainedNanos = System.nanoTime() - COMPLAINT_NANOS;

    public HttpBackend(CallbackSettings settings, Meters meters) {
        this.settings = settings;
        poster = new Poster(settings, System::nanoTime);
        room = new Semaphore(settings.underWayMax());
        asked = meters.counter("switchboard.hooks.asked", "Questions to the application");
        failed = meters.counter("switchboard.hooks.failed", "Of those, the ones that were not answered properly");
        crowded = meters.counter("switchboard.hooks.crowded", "Questions not asked, for hooks.concurrency was reached");
        notices = new Notices(
                settings.noticesMax(),
                meters.counter("switchboard.hooks.notices", "Notices that the application was told"),
                meters.counter("switchboard.hooks.notices.dropped", "Notices that it could not be told"));
        meters.gauge("switchboard.hooks.notices.waiting", "Notices that wait to be told", notices::size);
    }

    @Override
    public boolean decides(Question question, String namespace) {
        Hook hook = settings.hooks().get(question);
        return hook != null && hook.isFor(namespace);
    }

    @Override
    public CompletionStage<Reply<Connected>> connect(Connect question) {
        JsonText body = body(question.caller())
                .text("name", question.name())
                .text("version", question.version())
                .texts("channels", question.topics());
        if (question.data() != null) {
            body.content("data", question.data());
        }
        return ask(Question.CONNECT, question.caller(), body, Answers::connected);
    }

    @Override
    public CompletionStage<Reply<Refreshed>> refresh(Refresh question) {
        return ask(Question.REFRESH, question.caller(), body(question.caller()), Answers::refreshed);
    }

    @Override
    public CompletionStage<Reply<Subscribed>> subscribe(Subscribe question) {
        JsonText body =
                body(question.caller()).text("channel", question.topic().name()).text("token", question.token());
        if (question.data() != null) {
            body.content("data", question.data());
        }
        return ask(Question.SUBSCRIBE, question.caller(), body, Answers::subscribed);
    }

    @Override
    public CompletionStage<Reply<SubRefreshed>> subRefresh(SubRefresh question) {
        JsonText body = body(question.caller()).text("channel", question.topic().name());
        return ask(Question.SUB_REFRESH, question.caller(), body, Answers::subRefreshed);
    }

    @Override
    public CompletionStage<Reply<ToPublish>> publish(Publish question) {
        JsonText body =
                body(question.caller()).text("channel", question.topic().name()).content("data", question.data());
        return ask(Question.PUBLISH, question.caller(), body, Answers::toPublish);
    }

    @Override
    public CompletionStage<Reply<Returned>> rpc(Rpc question) {
        JsonText body =
                body(question.caller()).text("method", question.method()).content("data", question.data());
        return ask(Question.RPC, question.caller(), body, Answers::returned);
    }

    @Override
    public void disconnected(Backend.Caller who, CloseReason reason) {
        JsonText body = body(who).number("code", reason.code()).text("reason", reason.text());
        tell(Question.DISCONNECT, "", who, body);
    }

    @Override
    public void unsubscribed(Backend.Caller who, Topic topic, int code, String reason) {
        JsonText body =
                body(who).text("channel", topic.name()).number("code", code).text("reason", reason);
        tell(Question.UNSUBSCRIBE, topic.namespace(), who, body);
    }

    private static JsonText body(Backend.Caller who) {
        JsonText body = new JsonText()
                .text("client", who.session())
                .text("transport", who.transport())
                .text("protocol", who.protocol())
                .text("encoding", who.encoding())
                .text("user", who.user());
        return who.meta() == null ? body : body.json("meta", who.meta());
    }

    private <T> CompletionStage<Reply<T>> ask(
            Question question, Backend.Caller who, JsonText body, Answers.Result<T> result) {
        Hook hook = settings.hooks().get(question);
        if (hook == null) {
            return CompletableFuture.completedFuture(new Reply.Denied<>(108, "not available", false));
        }
        if (!room.tryAcquire()) {
            crowded.increment();
            return CompletableFuture.completedFuture(tryAgain());
        }
        asked.increment();
        return poster.ask(question, hook, who.headers(), body.end()).handle((answer, failure) -> {
            room.release();
            if (failure != null) {
                return this.<T>unanswered(question, Poster.words(failure));
            }
            return read(question, answer, result);
        });
    }

    private <T> Reply<T> read(Question question, ByteBuffer answer, Answers.Result<T> result) {
        try {
            return Answers.read(answer, result);
        } catch (MalformedException e) {
            return unanswered(question, String.valueOf(e.getMessage()));
        }
    }

    private <T> Reply<T> unanswered(Question question, String why) {
        failed.increment();
        complain(question, why);
        return tryAgain();
    }

    private static <T> Reply<T> tryAgain() {
        return new Reply.Denied<>(100, "internal server error", true);
    }

    private void tell(Question question, String namespace, Backend.Caller who, JsonText body) {
        Hook hook = settings.hooks().get(question);
        if (hook == null || !hook.isFor(namespace)) {
            return;
        }
        ByteBuffer text = body.end();
        notices.tell(() -> poster.ask(question, hook, who.headers(), text).whenComplete((done, failure) -> {
            if (failure != null) {
                complain(question, Poster.words(failure));
            }
        }));
    }

    /** Now and then: with the application down, every client would be a line. */
    private void complain(Question question, String why) {
        long now = System.nanoTime();
        if (now - complainedNanos >= COMPLAINT_NANOS) {
            complainedNanos = now;
            LOG.log(
                    System.Logger.Level.WARNING,
                    "hooks.{0} did not answer properly: {1}; more of this in switchboard_hooks_failed_total",
                    question.name().toLowerCase(Locale.ROOT),
                    why);
        }
    }

    /** Tells what is left to be told, for a moment at most. */
    @Override
    public void close() {
        try {
            notices.close(LAST_NOTICES).toCompletableFuture().get(2 * LAST_NOTICES.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.log(System.Logger.Level.WARNING, "not all notices could be told");
        }
        poster.close();
    }
}
