package io.switchboard.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.switchboard.hub.Limits;
import io.switchboard.message.Topic;
import io.switchboard.transport.loop.NettyLoops;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WebSocketServerTest {
    @ParameterizedTest
    @EnumSource(names = {"AUTO", "NIO"})
    void carriesMessagesBothWays(NettyLoops.Kind kind) throws Exception {
        try (var server = TestServer.on(kind, Limits.DEFAULT);
                var one = server.join("/t/1");
                var two = server.join("/t/2")) {
            one.text("hello");
            one.expectText("hello");
            one.text("join g");
            one.expectText("joined g");
            two.text("join g");
            two.expectText("joined g");
            two.text("pub g hi all");
            one.expectText("hi all");
            two.expectText("hi all");
            assertEquals(1, server.publish(Topic.user("1"), "to one").local());
            one.expectText("to one");
            one.closeFrame(1000, "done");
            assertEquals("done", one.expectClose(1000).closeText());
            one.expectEnd();
            server.awaitSessions(1);
        }
    }
}
