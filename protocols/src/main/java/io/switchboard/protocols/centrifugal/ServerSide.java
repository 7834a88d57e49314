package io.switchboard.protocols.centrifugal;

import io.switchboard.message.Topic;
import io.switchboard.protocol.Conversation;
import io.switchboard.protocol.Event;
import io.switchboard.protocol.Instruction;
import io.switchboard.protocol.Listening;
import io.switchboard.protocols.centrifugal.Reply.Push;
import io.switchboard.protocols.centrifugal.Reply.Result;
import java.util.OptionalLong;

/** What happens to a client that it did not ask for. */
final class ServerSide {
    private final Parts parts;
    private final Renewal renewal;

    ServerSide(Parts parts, Renewal renewal) {
        this.parts = parts;
        this.renewal = renewal;
    }

    void instructed(Client client, Conversation with, Instruction instruction) {
        switch (instruction) {
            case Instruction.Disconnect(var reason) -> with.close(reason);
            case Instruction.Subscribe subscribe
            when client.state == Client.State.CONNECTED -> subscribe(client, with, subscribe);
            case Instruction.Unsubscribe unsubscribe
            when client.state == Client.State.CONNECTED -> unsubscribe(client, with, unsubscribe);
            case Instruction.Refresh refresh
            when client.state == Client.State.CONNECTED -> refresh(client, with, refresh);
            default -> client.early.add(instruction);
        }
    }

    /** It has been told that it is connected, and can be told of other things. */
    void connected(Client client, Conversation with) {
        while (!client.early.isEmpty()) {
            instructed(client, with, client.early.remove(0));
        }
    }

    private void subscribe(Client client, Conversation with, Instruction.Subscribe subscribe) {
        Topic topic = subscribe.topic();
        if (client.sub(topic) != null || with.listensTo(topic)) {
            return;
        }
        Listening listening = subscribe.listening();
        var sub = new Client.Sub(true);
        sub.expiresAt = subscribe.expiresAtMillis();
        sub.info = listening.info();
        client.put(topic, sub);
        with.listen(topic, listening, new Listening.Answer() {
            @Override
            public void begins(Listening.Start start) {
                begun(client, with, subscribe, sub, start);
            }

            @Override
            public void fails(Event.Reason reason, String detail) {
                if (client.has(topic, sub)) {
                    client.remove(topic);
                }
            }
        });
    }

    private void begun(
            Client client, Conversation with, Instruction.Subscribe subscribe, Client.Sub sub, Listening.Start start) {
        sub.active = true;
        Listening listening = subscribe.listening();
        Result.Subscribed result =
                Listens.subscribed(listening, listening.positioned(), start, OptionalLong.empty(), subscribe.data());
        push(
                with,
                subscribe.topic(),
                new Push.Subscribe(result.recoverable(), result.positioned(), result.position(), result.data()));
        result.publications().forEach(publication -> with.say(new Event.Published(publication)));
        renewal.watch(client, with, subscribe.topic(), sub);
    }

    private void unsubscribe(Client client, Conversation with, Instruction.Unsubscribe unsubscribe) {
        Topic topic = unsubscribe.topic();
        if (client.remove(topic) != null) {
            with.leave(topic);
            var push = new Push.Unsubscribe(unsubscribe.code(), unsubscribe.reason());
            push(with, topic, push);
            parts.tellUnsubscribed(client, topic, push);
        }
    }

    private void refresh(Client client, Conversation with, Instruction.Refresh refresh) {
        if (refresh.expired()) {
            with.close(Ending.EXPIRED);
            return;
        }
        renewal.know(client, with, refresh.expiresAtMillis(), refresh.info());
        push(
                with,
                "",
                new Push.Refresh(
                        client.refreshes ? Parts.ttl(refresh.expiresAtMillis(), with.millis()) : OptionalLong.empty()));
    }

    /** Publications were missed: the client gets what is kept of them when it listens again, or comes again. */
    void lost(Client client, Conversation with, Topic topic) {
        Client.Sub sub = client.remove(topic);
        if (sub == null) {
            return;
        } else if (sub.byServer) {
            with.close(Ending.INSUFFICIENT_STATE);
        } else {
            push(with, topic, Ending.UNSUBSCRIBED_INSUFFICIENT_STATE);
            parts.tellUnsubscribed(client, topic, Ending.UNSUBSCRIBED_INSUFFICIENT_STATE);
        }
    }

    private static void push(Conversation with, Topic topic, Push push) {
        push(with, topic.name(), push);
    }

    private static void push(Conversation with, String channel, Push push) {
        with.say(new Event.Said(new Reply.Pushed(channel, push)));
    }
}
