package io.switchboard.transport;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test class after which a buffer was collected that nobody had released. */
public final class Leaks implements AfterAllCallback {
    private static final String CANARY = "canary";

    /** The same leak is not told twice. */
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private static final List<String> FOUND = new CopyOnWriteArrayList<>();

    /** Named by a system property of the build. */
    public static final class Detector<T> extends ResourceLeakDetector<T> {
        public Detector(Class<?> type, int interval) {
            super(type, interval);
        }

        /** The form that Netty looks for first. */
        public Detector(Class<?> type, int interval, long maxActive) {
            this(type, interval);
        }

        @Override
        protected boolean needReport() {
            return true;
        }

        @Override
        protected void reportTracedLeak(String type, String records) {
            FOUND.add(type + records);
        }

        @Override
        protected void reportUntracedLeak(String type) {
            FOUND.add(type);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        // One leak of our own: when it is found, those before it have been.
        String canary = CANARY + NUMBER.incrementAndGet();
        leak(canary);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (FOUND.stream().noneMatch(leak -> leak.contains(canary))) {
            assertTrue(System.nanoTime() < deadline, "the detector does not work");
            System.gc();
            // What was found is told when the next buffer is made.
            ByteBufAllocator.DEFAULT.directBuffer(1).release();
        }
        List<String> leaks =
                FOUND.stream().filter(leak -> !leak.contains(CANARY)).toList();
        FOUND.clear();
        assertTrue(leaks.isEmpty(), () -> leaks.size() + " leaks, the first: " + leaks.getFirst());
    }

    private static void leak(String hint) {
        ByteBuf lost = ByteBufAllocator.DEFAULT.directBuffer(1);
        lost.touch(hint);
    }
}
