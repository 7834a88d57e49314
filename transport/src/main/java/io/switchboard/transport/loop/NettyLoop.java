package io.switchboard.transport.loop;

import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.switchboard.loop.Loop;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One event loop of Netty as the hub sees it, and how its connections read if that is not through Netty. */
record NettyLoop(EventLoop eventLoop, @Nullable DirectReads reads) implements Loop {
    @Override
    public void execute(Runnable task) {
        try {
            eventLoop.execute(task);
        } catch (RejectedExecutionException e) {
            // While the loops end, one may still tell another that its last connections are gone.
            if (!eventLoop.isShuttingDown() || !(Thread.currentThread() instanceof FastThreadLocalThread)) {
                throw e;
            }
        }
    }

    @Override
    public void afterInput(Runnable task) {
        if (eventLoop instanceof SingleThreadEventLoop loop) {
            // A loop that has a task looks for input without waiting, before it runs the task.
            loop.executeAfterEventLoopIteration(() -> execute(task));
        } else {
            execute(task);
        }
    }

    @Override
    public boolean isCurrent() {
        return eventLoop.inEventLoop();
    }

    @Override
    public void schedule(Runnable task, long delayMillis) {
        eventLoop.schedule(task, delayMillis, TimeUnit.MILLISECONDS);
    }

    @Override
    public <T> Optional<T> unwrap(Class<T> type) {
        return Stream.of(eventLoop, reads)
                .filter(type::isInstance)
                .<T>map(type::cast)
                .findFirst();
    }
}
