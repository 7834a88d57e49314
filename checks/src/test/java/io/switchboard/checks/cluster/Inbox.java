package io.switchboard.checks.cluster;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.client.WsClient;
import java.util.regex.Pattern;

/** The words of the inbox protocol. */
public final class Inbox {
    public static final String KICKED = "在别处上线了，请在新的设备上查看消息！";
    private static final int SINGLE = 10;
    private static final int GROUP = 20;

    private Inbox() {}

    public static void toUser(WsClient client, long to, String content) {
        say(client, SINGLE, to, content);
    }

    public static void toGroup(WsClient client, long to, String content) {
        say(client, GROUP, to, content);
    }

    private static void say(WsClient client, int type, long to, String content) {
        client.sendText("{\"msgType\":" + type + ",\"to\":" + to + ",\"content\":\"" + content + "\"}");
    }

    /** The next that comes is this, from that user to this one. */
    public static void hears(WsClient client, long from, long to, String content) {
        hears(client, SINGLE, from, to, content);
    }

    public static void hearsGroup(WsClient client, long from, long group, String content) {
        hears(client, GROUP, from, group, content);
    }

    private static void hears(WsClient client, int type, long from, long to, String content) {
        var heard = client.nextText();
        assertTrue(
                heard.matches("\\{\"content\":\"" + Pattern.quote(content) + "\",\"fromUserId\":" + from
                        + ",\"msgType\":" + type + ",\"time\":\\d{13},\"toUserId\":" + to + "}"),
                () -> heard + " instead of " + content);
    }

    public static void hearsError(WsClient client) {
        var heard = client.nextText();
        assertTrue(heard.startsWith("{\"content\":\"error: ") && heard.contains("\"msgType\":0,"), heard);
    }

    /** Hears that its user is elsewhere now, and is closed. */
    public static void isKicked(WsClient client) {
        client.awaitText(KICKED);
        client.awaitClose(4001);
    }
}
