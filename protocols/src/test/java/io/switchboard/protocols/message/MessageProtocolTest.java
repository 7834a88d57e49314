package io.switchboard.protocols.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.message.ByteArraySink;
import io.switchboard.message.Exclusion;
import io.switchboard.message.MalformedException;
import io.switchboard.message.Message;
import io.switchboard.message.Publication;
import io.switchboard.message.Sender;
import io.switchboard.message.Topic;
import io.switchboard.metrics.Meters;
import io.switchboard.protocol.CloseReason;
import io.switchboard.protocol.Command;
import io.switchboard.protocol.Event;
import io.switchboard.protocols.Frames;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageProtocolTest {
    private static List<Command> decode(boolean toSender, Message.Kind kind, byte[] content) {
        var endpoint = (MessageEndpoint) new MessageProtocol(toSender, new Meters())
                .endpoints(List.of("/message"))
                .getFirst();
        var commands = new ArrayList<Command>();
        endpoint.decode("", kind, ByteBuffer.wrap(content), commands::add);
        return commands;
    }

    private static List<Command> decode(String text) {
        return decode(true, Message.Kind.TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "你好 hello", "Ping", " ping", "ping ", "pingping", "{\"a\":1}", "\u0000", "<b>x</b>"})
    void everyTextGoesToEverybodyAsItIs(String text) {
        var publish = assertInstanceOf(Command.Publish.class, decode(text).getFirst());
        assertEquals(MessageProtocol.EVERYBODY, publish.topic());
        assertEquals(text, publish.message().asText());
        assertEquals(Exclusion.NONE, publish.exclusion());
    }

    @Test
    void theExactWordPingAndBinaryMessagesGoNowhere() {
        assertEquals(List.of(), decode("ping"));
        assertEquals(List.of(), decode(true, Message.Kind.BINARY, new byte[] {'b', 'i', 'n'}));
    }

    /** R1: the published sender hears its own message and cannot choose. */
    @Test
    void r1SenderIsPassedOverWhereConfigured() {
        var publish = assertInstanceOf(
                Command.Publish.class,
                decode(false, Message.Kind.TEXT, new byte[] {'x'}).getFirst());
        assertEquals(Exclusion.SESSION, publish.exclusion());
    }

    @Test
    void everyTextIsOneTextFrame() {
        var encoder = new MessageProtocol(true, new Meters())
                .endpoints(List.of("/message"))
                .getFirst()
                .encoder();
        var topic = MessageProtocol.EVERYBODY;
        assertEquals(List.of("你好"), Frames.of(encoder, new Event.Published(Publication.of(topic, Message.text("你好")))));
        assertEquals(List.of(""), Frames.of(encoder, new Event.Published(Publication.of(topic, Message.text("")))));
        assertEquals(
                List.of("{\"a\":1}"),
                Frames.of(encoder, new Event.Published(Publication.of(topic, Message.json("{ \"a\": 1 }")))));
        assertEquals(List.of(), Frames.of(encoder, new Event.Published(Publication.of(topic, Message.binary(new byte[] {
            1
        })))));
        assertEquals(List.of(), Frames.of(encoder, new Event.Closing(CloseReason.REPLACED)));
    }

    /** R8: with the broker down the published sender is disconnected and never told why. */
    @Test
    void r8WhatWasNotSentIsTold() {
        var encoder = new MessageProtocol(true, new Meters())
                .endpoints(List.of("/message"))
                .getFirst()
                .encoder();
        assertEquals(
                List.of("error: the link is down"),
                Frames.of(encoder, new Event.Refused(Event.Reason.NOT_SENT, "message:all", "", "the link is down")));
    }

    @Test
    void bodyBetweenNodesIsTheTextAlone() throws Exception {
        var wire = new MessageWire(MessageWire.EXCHANGE);
        var out = new ByteArraySink(16);
        wire.encode(
                Publication.from(
                        MessageProtocol.EVERYBODY, Message.text("你好 hello"), new Sender("", "s"), Exclusion.NONE),
                out);
        assertEquals("你好 hello", new String(out.toByteArray(), StandardCharsets.UTF_8));
        var back = wire.decode(MessageProtocol.EVERYBODY, out.view());
        assertEquals(MessageProtocol.EVERYBODY, back.topic());
        assertEquals("你好 hello", back.message().asText());
        assertEquals(Message.Kind.TEXT, back.message().kind());
        assertTrue(wire.carries(MessageProtocol.EVERYBODY));
        assertFalse(wire.carries(Topic.ALL));
        assertFalse(wire.carriesOrigin());
        assertThrows(
                MalformedException.class,
                () -> wire.decode(MessageProtocol.EVERYBODY, ByteBuffer.wrap(new byte[] {(byte) 0xc3})));
    }

    @Test
    void nothingThatComesIsAnException() {
        var random = new Random(4);
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            assertTrue(decode(true, Message.Kind.BINARY, bytes).isEmpty());
            assertTrue(decode(true, Message.Kind.TEXT, bytes).size() <= 1);
        }
    }
}
