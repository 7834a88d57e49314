package io.switchboard.server.config;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;

/** Names a node that nobody named: after its host and port, so that several on one machine differ. */
final class NodeName {
    private static final int LONGEST = 64;

    private NodeName() {}

    static String of(int port) {
        return of(hostName(), port);
    }

    static String of(String hostName, int port) {
        var tail = port == 0 ? "-" + randomTail() : "-" + port;
        int dot = hostName.indexOf('.');
        var host = (dot > 0 ? hostName.substring(0, dot) : hostName).replaceAll("[^A-Za-z0-9_-]+", "-");
        var head = host.isEmpty() ? "node" : host;
        return head.substring(0, Math.min(head.length(), LONGEST - tail.length())) + tail;
    }

    /** The port is not known yet when it is to be any free one. */
    private static String randomTail() {
        return Integer.toHexString(ThreadLocalRandom.current().nextInt(0x1000_0000, Integer.MAX_VALUE));
    }

    /** The kernel's answer first: the name service may be slow or away, and a start should not wait for it. */
    private static String hostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            try {
                return InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException unknown) {
                return "node";
            }
        }
    }
}
