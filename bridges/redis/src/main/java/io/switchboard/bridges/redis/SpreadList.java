package io.switchboard.bridges.redis;

import io.switchboard.backplane.Address;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The servers this node spreads topics over, as it tells the others and expects of them. With another list a node would
 * look for some topics elsewhere, and publications would be lost between the two without a trace.
 */
final class SpreadList {
    static final int BYTES_MAX = 32 << 10;
    private static final int SHOWN_MAX = 400;

    private final String own;

    SpreadList(List<Address> servers) {
        own = servers.stream().map(Address::toString).sorted().collect(Collectors.joining(","));
    }

    byte[] bytes() {
        return own.getBytes(StandardCharsets.UTF_8);
    }

    boolean isOther(String theirs) {
        return !own.equals(theirs);
    }

    String warning(String theirs) {
        return "another node of this cluster spreads topics over other servers: it has " + shown(theirs)
                + ", this node has " + shown(own)
                + "; some publications between them are lost: give every node the same backplane.uri";
    }

    /** It comes from outside. */
    private static String shown(String list) {
        String clean = list.replaceAll("[^!-~]", "?");
        return clean.length() <= SHOWN_MAX ? clean : clean.substring(0, SHOWN_MAX) + "…";
    }
}
