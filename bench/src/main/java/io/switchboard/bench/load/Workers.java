package io.switchboard.bench.load;

import io.switchboard.bench.plan.TargetFailedException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/** All workers of a run, asked together. */
final class Workers implements AutoCloseable {
    private final Run run;
    private final List<Worker> workers = new ArrayList<>();

    Workers(Run run) {
        this.run = run;
        for (int i = 0; i < run.plan().crowd().threads(); i++) {
            workers.add(new Worker(run, i, this::heardOf));
        }
    }

    private long heardOf(int publisher) {
        long sum = 0;
        for (int i = 0; i < workers.size(); i++) {
            sum += workers.get(i).heardOf(publisher);
        }
        return sum;
    }

    void connect(int inFlight, double gapNanos, boolean churn) {
        int each = Math.max(1, inFlight / workers.size());
        all(worker -> worker.connect(each, gapNanos * workers.size(), churn));
    }

    void stopConnecting() {
        all(Worker::stopConnecting);
    }

    /** Every publisher sends at the same rate, wherever it lives. */
    void begin(double rate, long at) {
        double publishers =
                run.crew().members().stream().filter(member -> member.publishes).count();
        for (int i = 0; i < workers.size(); i++) {
            long own = run.crew().of(i, workers.size()).stream()
                    .filter(member -> member.publishes)
                    .count();
            answer(workers.get(i).begin(rate, own / publishers, at));
        }
    }

    void end() {
        all(Worker::end);
    }

    Slice cut() {
        var sum = new Slice(run.endpoints().size());
        all(Worker::cut).forEach(sum::add);
        return sum;
    }

    List<Worker.State> states() {
        return all(Worker::state);
    }

    /** What each pair has heard, whichever worker its listener is on. */
    long[] heard() {
        var sum = new long[run.crew().pairs()];
        for (var one : all(Worker::heard)) {
            for (int pair = 0; pair < sum.length; pair++) {
                sum[pair] += one.get(pair);
            }
        }
        return sum;
    }

    /** CPU nanoseconds of each worker's thread until now. */
    List<Long> cpu() {
        var threads = ManagementFactory.getThreadMXBean();
        return workers.stream()
                .map(worker -> Math.max(0, threads.getThreadCpuTime(worker.threadId())))
                .toList();
    }

    private <T> List<T> all(Function<Worker, CompletableFuture<T>> question) {
        return workers.stream().map(question).toList().stream()
                .map(Workers::answer)
                .toList();
    }

    private static <T> T answer(CompletableFuture<T> asked) {
        try {
            return asked.join();
        } catch (CompletionException e) {
            throw new TargetFailedException("the generator gave up: " + e.getCause());
        }
    }

    @Override
    public void close() {
        workers.forEach(Worker::close);
    }
}
