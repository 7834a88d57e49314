package io.switchboard.checks.components;

import io.switchboard.checks.client.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A real RocketMQ: a name server and one broker, each in a JVM of its own, small and short of threads. What is stored
 * survives a restart. The broker can be killed, frozen and restarted under the feet of whoever uses it.
 */
public final class RocketServer implements AutoCloseable {
    private static final int ATTEMPTS = 3;
    private static final Pattern GROUP = Pattern.compile("\"groupName\"\\s*:\\s*\"([^\"]+)\"");
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Scratch scratch;
    private final int namesPort;
    private final int brokerPort;
    private @Nullable Program names;
    private @Nullable Program broker;

    private RocketServer() {
        this.scratch = Scratch.create("rocketmq");
        this.namesPort = Ports.free();
        this.brokerPort = Ports.free();
        scratch.write("namesrv.conf", """
                listenPort=%d
                bindAddress=127.0.0.1
                rocketmqHome=%s
                """.formatted(namesPort, scratch.path()));
        scratch.write("broker.conf", configuration());
    }

    public static RocketServer start() {
        for (int attempt = 1; ; attempt++) {
            var server = new RocketServer();
            try {
                server.names = server.launch(
                        "namesrv", "org.apache.rocketmq.namesrv.NamesrvStartup", List.of("-Xms32m", "-Xmx128m"));
                server.launchBroker();
                return server;
            } catch (AssertionError e) {
                server.close();
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private String configuration() {
        return """
                brokerClusterName=checks
                brokerName=broker-0
                brokerId=0
                brokerIP1=127.0.0.1
                bindAddress=127.0.0.1
                listenPort=%d
                haListenPort=%d
                fastListenPort=%d
                namesrvAddr=127.0.0.1:%d
                storePathRootDir=%5$s/store
                storePathCommitLog=%5$s/store/commitlog
                mappedFileSizeCommitLog=33554432
                mappedFileSizeConsumeQueue=600000
                maxIndexNum=100000
                maxHashSlotNum=50000
                diskMaxUsedSpaceRatio=99
                flushDiskType=ASYNC_FLUSH
                brokerRole=ASYNC_MASTER
                autoCreateTopicEnable=true
                autoCreateSubscriptionGroup=true
                defaultTopicQueueNums=2
                timerWheelEnable=false
                transientStorePoolEnable=false
                warmMapedFileEnable=false
                sendMessageThreadPoolNums=2
                pullMessageThreadPoolNums=4
                adminBrokerThreadPoolNums=2
                clientManageThreadPoolNums=2
                heartbeatThreadPoolNums=1
                useEpollNativeSelector=false
                """.formatted(brokerPort, Ports.free(), Ports.free(), namesPort, scratch.path());
    }

    private void launchBroker() {
        var started = launch(
                "broker",
                "org.apache.rocketmq.broker.BrokerStartup",
                List.of(
                        "-Xms64m",
                        "-Xmx256m",
                        "-XX:MaxDirectMemorySize=256m",
                        "-Drocketmq.broker.diskSpaceWarningLevelRatio=0.99",
                        "-Drocketmq.broker.diskSpaceCleanForciblyRatio=0.98"));
        broker = started;
        Await.until("RocketMQ to be ready", PATIENCE, () -> {
            if (!started.alive()) {
                throw new AssertionError("the broker has ended" + started.report());
            }
            return started.printed("boot success") && accepts(brokerPort);
        });
    }

    private static boolean accepts(int port) throws IOException {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            return true;
        }
    }

    private Program launch(String what, String main, List<String> flags) {
        var line = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        line.addAll(flags);
        line.addAll(List.of(
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Drocketmq.home.dir=" + scratch.path(),
                "-Duser.home=" + scratch.path(),
                "-cp",
                classPath(),
                main,
                "-c",
                what + ".conf"));
        return Program.start(what + ":" + brokerPort, scratch.path(), line);
    }

    private static String classPath() {
        try {
            return Files.readString(Repository.file("checks/rocketmq/target/class-path"))
                    .strip();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the class path of RocketMQ is missing: mvn -pl checks/rocketmq generate-test-resources", e);
        }
    }

    public String nameServer() {
        return "127.0.0.1:" + namesPort;
    }

    public String uri() {
        return "rocketmq://" + nameServer();
    }

    public int brokerPort() {
        return brokerPort;
    }

    /** What the broker has written down, such as {@code subscriptionGroup.json}; empty if there is no such file. */
    public String written(String file) {
        try {
            Path path = scratch.path().resolve("store/config").resolve(file);
            return Files.exists(path) ? Files.readString(path) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The consumer groups that the broker keeps, its own among them. */
    public Set<String> groups() {
        return GROUP.matcher(written("subscriptionGroup.json"))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** With TERM; it takes its time. */
    public void stop() {
        program().term();
        program().exitCode(PATIENCE);
    }

    public void kill9() {
        program().kill9();
    }

    /** SIGSTOP of the broker: connections stay open, and nothing answers. */
    public void freeze() {
        program().freeze();
    }

    public void thaw() {
        program().thaw();
    }

    /** Starts the broker again on the same port, killing it first if it runs. */
    public void restart() {
        if (program().alive()) {
            kill9();
        }
        launchBroker();
    }

    private Program program() {
        return Objects.requireNonNull(broker, "not started");
    }

    @Override
    public void close() {
        if (broker != null) {
            broker.close();
        }
        if (names != null) {
            names.close();
        }
        scratch.close();
    }
}
