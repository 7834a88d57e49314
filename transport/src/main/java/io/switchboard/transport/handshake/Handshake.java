package io.switchboard.transport.handshake;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.switchboard.protocol.Refusal;
import io.switchboard.transport.http.RequestHead;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A well-formed request for a WebSocket (RFC 6455, 4.2), as far as its answer depends on it.
 *
 * @param key of the client
 * @param offered sub-protocols, in the client's order
 */
record Handshake(String key, List<String> offered) {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int KEY_BYTES = 16;
    private static final int KEY_LENGTH = 24;

    static Handshake check(RequestHead head) throws Refusal.Thrown {
        if (!head.method().equals("GET")) {
            throw refusal(405, "a WebSocket is asked for with GET");
        } else if (!head.persistent()) {
            throw refusal(
                    400, "a WebSocket needs HTTP/1.1; a proxy before this server may need proxy_http_version 1.1");
        } else if (!head.lists("connection", "upgrade")) {
            throw refusal(400, "header connection does not say upgrade; a proxy before this server may drop it");
        } else if (head.header("content-length")
                        .filter(length -> !length.equals("0"))
                        .isPresent()
                || head.header("transfer-encoding").isPresent()) {
            throw refusal(400, "a request for a WebSocket has no body");
        } else if (!head.header("sec-websocket-version").filter("13"::equals).isPresent()) {
            throw refusal(426, "the WebSocket version spoken here is 13");
        }
        String key = head.header("sec-websocket-key").orElse("");
        if (!isKey(key)) {
            throw refusal(400, "header sec-websocket-key is not 16 bytes in base64");
        }
        return new Handshake(key, offered(head.header("sec-websocket-protocol").orElse("")));
    }

    private static boolean isKey(String key) {
        try {
            return key.length() == KEY_LENGTH && Base64.getDecoder().decode(key).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static List<String> offered(String list) throws Refusal.Thrown {
        if (list.isEmpty()) {
            return List.of();
        }
        var names = Stream.of(list.split(",", -1)).map(String::strip).toList();
        if (!isName(names.get(0))) {
            throw refusal(400, "header sec-websocket-protocol has a name that is not permitted");
        }
        return names.stream().filter(Handshake::isName).toList();
    }

    private static boolean isName(String offered) {
        return !offered.isEmpty() && offered.chars().allMatch(RequestHead::isTokenCharacter);
    }

    /** @param agreed the sub-protocol, if there is one; only what the client has offered is named */
    ByteBuf answer(ByteBufAllocator allocator, Optional<String> agreed) {
        String subProtocol = agreed.filter(offered::contains).orElse("");
        String head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: " + accept() + "\r\n"
                + (subProtocol.isEmpty() ? "" : "Sec-WebSocket-Protocol: " + subProtocol + "\r\n")
                + "\r\n";
        ByteBuf bytes = allocator.directBuffer(head.length());
        bytes.writeCharSequence(head, StandardCharsets.US_ASCII);
        return bytes;
    }

    private String accept() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }

    private static Refusal.Thrown refusal(int status, String why) {
        return new Refusal.Thrown(Refusal.of(status, why));
    }
}
