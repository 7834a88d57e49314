package io.switchboard.bridges.redis;

import io.netty.buffer.ByteBuf;
import io.switchboard.backplane.Address;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One question to one server, on a connection of its own that ends with the answer. */
final class Question implements RespConnection.Owner {
    private static final int ANSWER_MILLIS = 3_000;

    /** What came of it. */
    interface Answer {
        void told(Greeting greeting, RespValue value);

        void failed(String why);
    }

    private final Dialer dialer;
    private final List<String> words;
    private final Answer answer;
    private final RespConnection connection;
    private Greeting greeting = Greeting.OLD;
    private boolean answered;

    private Question(Dialer dialer, Address server, Answer answer, List<String> words) {
        this.dialer = dialer;
        this.words = words;
        this.answer = answer;
        this.connection = dialer.dial(server, this);
    }

    static void ask(Dialer dialer, Address server, Answer answer, String... words) {
        new Question(dialer, server, answer, List.of(words)).expectAnswer();
    }

    private void expectAnswer() {
        dialer.eventLoop().schedule(() -> fail("no answer in time"), ANSWER_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void greeted(Greeting from) {
        greeting = from;
        var command = new RespBuffer();
        command.command(words.toArray(String[]::new));
        connection.send(command);
    }

    @Override
    public void other(RespValue value) {
        if (!answered) {
            answered = true;
            connection.close();
            answer.told(greeting, value);
        }
    }

    @Override
    public void died(String why, boolean hopeless) {
        fail(why);
    }

    private void fail(String why) {
        if (!answered) {
            answered = true;
            connection.close();
            answer.failed(why);
        }
    }

    @Override
    public void number(long value) {
        other(new RespValue.Whole(value));
    }

    @Override
    public void message(ByteBuf in, int channel, int channelLength, int payload, int payloadLength) {
        fail("a message instead of an answer");
    }

    @Override
    public void oversized(long payloadLength) {
        fail("a message instead of an answer");
    }

    @Override
    public void readComplete() {}
}
