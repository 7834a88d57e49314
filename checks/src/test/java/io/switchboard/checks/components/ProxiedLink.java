package io.switchboard.checks.components;

import io.switchboard.checks.components.FaultProxy.Direction;
import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** One connection through the {@link FaultProxy}: two one-way pipes between the same two sockets. */
final class ProxiedLink {
    private final Socket client;
    private final Socket server;
    private final OneWayPipe toServer;
    private final OneWayPipe toClient;
    private final Consumer<ProxiedLink> ended;
    private final AtomicInteger flowing = new AtomicInteger(2);

    ProxiedLink(Socket client, Socket server, Gate toServerGate, Gate toClientGate, Consumer<ProxiedLink> ended) {
        this.client = client;
        this.server = server;
        this.ended = ended;
        this.toServer = new OneWayPipe(client, server, toServerGate, this::reset, this::oneEnded);
        this.toClient = new OneWayPipe(server, client, toClientGate, this::reset, this::oneEnded);
    }

    void start() {
        toServer.start();
        toClient.start();
    }

    void inject(Direction direction, byte[] garbage) {
        pipe(direction).inject(garbage);
    }

    void halfClose(Direction direction) {
        pipe(direction).end();
    }

    void reset() {
        reset(client);
        reset(server);
        ended.accept(this);
    }

    /** Closes so that the other side sees a reset, not an orderly end. */
    static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException _gone) {
            // The other side was faster.
        }
    }

    private void oneEnded() {
        if (flowing.decrementAndGet() > 0) {
            return;
        }
        try (client;
                server) {
            ended.accept(this);
        } catch (IOException _gone) {
            // Both sides had said goodbye already.
        }
    }

    private OneWayPipe pipe(Direction direction) {
        return switch (direction) {
            case TO_SERVER -> toServer;
            case TO_CLIENT -> toClient;
        };
    }
}
