package io.switchboard.checks.components;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stands in front of a server and spoils the line at run time: delay, stall, throttle, cut, half-close and inject, each
 * for one direction or both, until {@link #heal()}. Bytes held back by a stall arrive after healing; bytes under way
 * when the line is cut are lost.
 */
public final class FaultProxy implements AutoCloseable {
    /** Which way bytes flow. */
    public enum Direction {
        TO_SERVER,
        TO_CLIENT
    }

    private final InetSocketAddress target;
    private final ServerSocket door;
    private final Gate toServer = new Gate();
    private final Gate toClient = new Gate();
    private final Set<ProxiedLink> links = ConcurrentHashMap.newKeySet();
    private volatile boolean refusing;

    private FaultProxy(InetSocketAddress target, ServerSocket door) {
        this.target = target;
        this.door = door;
    }

    public static FaultProxy inFrontOf(String host, int port) {
        try {
            var door = new ServerSocket(0, 1_024, InetAddress.getLoopbackAddress());
            var proxy = new FaultProxy(new InetSocketAddress(host, port), door);
            Thread.ofVirtual().start(proxy::acceptAll);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException("no port for the proxy in front of " + host + ":" + port, e);
        }
    }

    public String host() {
        return "127.0.0.1";
    }

    public int port() {
        return door.getLocalPort();
    }

    /** How many connections go through it now, both sides connected. Faults strike these. */
    public int connections() {
        return links.size();
    }

    /** Every byte arrives this much later, with up to 256 KiB under way. */
    public void delay(Direction direction, Duration by) {
        gate(direction).delay(by);
    }

    /** Accepts, and passes nothing on. */
    public void stall(Direction direction) {
        gate(direction).stall();
    }

    public void stall() {
        stall(Direction.TO_SERVER);
        stall(Direction.TO_CLIENT);
    }

    public void throttle(Direction direction, int bytesPerSecond) {
        gate(direction).throttle(bytesPerSecond);
    }

    /** Resets every connection there is, on both sides; new ones are let through. */
    public void cut() {
        links.forEach(ProxiedLink::reset);
    }

    /** Resets every connection there is and every new one, until healed: the server seems gone. */
    public void refuse() {
        refusing = true;
        cut();
    }

    /** The receiver of this direction sees an orderly end (FIN); the other direction goes on. */
    public void halfClose(Direction direction) {
        links.forEach(link -> link.halfClose(direction));
    }

    /** Slips bytes of our own into every connection. */
    public void inject(Direction direction, byte[] garbage) {
        links.forEach(link -> link.inject(direction, garbage));
    }

    /** Ends delay, stall, throttle and refusal; what was cut stays cut. */
    public void heal() {
        refusing = false;
        toServer.heal();
        toClient.heal();
    }

    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException _gone) {
            // Nobody can connect any more, which is all that was wanted.
        }
        refuse();
        heal();
    }

    private Gate gate(Direction direction) {
        return switch (direction) {
            case TO_SERVER -> toServer;
            case TO_CLIENT -> toClient;
        };
    }

    private void acceptAll() {
        while (!door.isClosed()) {
            try {
                accept(door.accept());
            } catch (IOException _closed) {
                return;
            }
        }
    }

    private void accept(Socket client) throws IOException {
        client.setTcpNoDelay(true);
        if (refusing) {
            ProxiedLink.reset(client);
            return;
        }
        var server = new Socket();
        try {
            server.setTcpNoDelay(true);
            server.connect(target, 5_000);
        } catch (IOException _unreachable) {
            ProxiedLink.reset(client);
            return;
        }
        var link = new ProxiedLink(client, server, toServer, toClient, links::remove);
        links.add(link);
        link.start();
        if (refusing) {
            link.reset();
        }
    }
}
