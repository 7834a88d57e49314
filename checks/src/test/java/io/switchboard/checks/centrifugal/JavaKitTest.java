package io.switchboard.checks.centrifugal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.centrifugal.centrifuge.ConnectionTokenEvent;
import io.github.centrifugal.centrifuge.ConnectionTokenGetter;
import io.github.centrifugal.centrifuge.HistoryOptions;
import io.github.centrifugal.centrifuge.HistoryResult;
import io.github.centrifugal.centrifuge.Options;
import io.github.centrifugal.centrifuge.PresenceResult;
import io.github.centrifugal.centrifuge.PresenceStatsResult;
import io.github.centrifugal.centrifuge.PublishResult;
import io.github.centrifugal.centrifuge.Subscription;
import io.github.centrifugal.centrifuge.SubscriptionOptions;
import io.github.centrifugal.centrifuge.TokenCallback;
import io.switchboard.checks.centrifugal.JavaPerson.Ear;
import io.switchboard.checks.client.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** The published kit for Java, which speaks Protobuf, on one node and across three. */
@Tag("component")
@Tag("node")
@ParameterizedClass
@ValueSource(ints = {1, 3})
class JavaKitTest {
    @SuppressWarnings("NullAway.Init") // Started before each round of the class.
    private static Fleet fleet;

    @Parameter
    int nodes;

    private final List<JavaPerson> people = new ArrayList<>();

    @BeforeParameterizedClassInvocation
    static void start(int nodes) {
        fleet = nodes == 1 ? Fleet.one() : Fleet.three();
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        fleet.close();
    }

    @AfterEach
    void leave() {
        people.forEach(JavaPerson::close);
    }

    private JavaPerson person(int node, Options options) {
        var person = new JavaPerson(fleet.webSocket(node), options);
        people.add(person);
        Await.until("it is connected", () -> !person.connected.isEmpty());
        return person;
    }

    private static String channel(String prefix) {
        return prefix + UUID.randomUUID();
    }

    private static Subscription subscribed(JavaPerson person, String channel, SubscriptionOptions options, Ear ear) {
        Subscription subscription = person.subscribe(channel, options, ear);
        Await.until("it is subscribed", () -> !ear.subscribed.isEmpty());
        return subscription;
    }

    private static void publish(JavaPerson person, String channel, String json) {
        JavaPerson.<PublishResult>result(done -> person.client.publish(channel, JavaPerson.bytes(json), done));
    }

    @Test
    void whatIsPublishedIsHeardAndKept() {
        String channel = channel("java");
        var ear = new Ear();
        var ann = person(0, new Options());
        Subscription subscription = subscribed(ann, channel, new SubscriptionOptions(), ear);
        var ben = person(1, new Options());
        var all = new ArrayList<String>();
        for (int i = 0; i < 20; i++) {
            all.add("{\"n\":" + i + "}");
            publish(ben, channel, all.get(i));
        }
        Await.until("all are heard", () -> ear.heard.size() >= all.size());
        assertEquals(all, ear.heard);
        HistoryResult history = JavaPerson.result(done ->
                subscription.history(new HistoryOptions.Builder().withLimit(5).build(), done));
        assertEquals(5, history.getPublications().size());
        assertEquals(20, history.getOffset());
    }

    @Test
    void whoIsThereIsKnown() {
        String channel = channel("java");
        var options = new SubscriptionOptions();
        options.setJoinLeave(true);
        var ear = new Ear();
        Subscription subscription = subscribed(person(0, new Options()), channel, options, ear);
        var ben = person(1, new Options());
        subscribed(ben, channel, new SubscriptionOptions(), new Ear());
        Await.until(
                "both are there",
                () -> JavaPerson.<PresenceStatsResult>result(subscription::presenceStats)
                                .getNumClients()
                        == 2);
        PresenceResult presence = JavaPerson.result(subscription::presence);
        assertTrue(presence.getClients().containsKey(ben.connected.getFirst()));
        Await.until("it was seen coming", () -> ear.joined.contains(ben.connected.getFirst()));
    }

    @Test
    void whatWasMissedIsMadeUpFor() {
        String channel = "recovery:" + channel("java");
        var ear = new Ear();
        var ann = person(0, new Options());
        subscribed(ann, channel, new SubscriptionOptions(), ear);
        var ben = person(1, new Options());
        publish(ben, channel, "1");
        Await.until("the first is heard", () -> ear.heard.size() == 1);
        ann.client.disconnect();
        Await.until("it is away", () -> !ann.disconnected.isEmpty());
        publish(ben, channel, "2");
        publish(ben, channel, "3");
        ann.client.connect();
        Await.until("it is back", () -> ear.subscribed.size() == 2);
        assertEquals(true, ear.subscribed.getLast().getRecovered());
        Await.until("all are heard", () -> ear.heard.size() >= 3);
        assertEquals(List.of("1", "2", "3"), ear.heard);
    }

    @Test
    void tokensAreRenewed() {
        var asked = new AtomicInteger();
        var options = new Options();
        options.setTokenGetter(new ConnectionTokenGetter() {
            @Override
            public void getConnectionToken(ConnectionTokenEvent event, TokenCallback done) {
                long seconds = asked.incrementAndGet() > 1 ? 3600 : 2;
                done.Done(null, token("java", seconds));
            }
        });
        var ann = person(0, options);
        Await.until("it asked for a newer one", () -> asked.get() == 2);
        publish(ann, channel("java"), "1");
        assertEquals(List.of(), ann.disconnected);
    }

    private static String token(String user, long seconds) {
        return Fleet.token("{\"sub\":\"" + user + "\",\"exp\":" + (System.currentTimeMillis() / 1000 + seconds) + "}");
    }

    @Test
    void whatTheTokenNamesIsHeardWithoutAsking() {
        String channel = channel("java");
        var options = new Options();
        options.setToken(Fleet.token("{\"sub\":\"ann\",\"channels\":[\"" + channel + "\"]}"));
        var ann = person(2, options);
        publish(person(0, new Options()), channel, "{\"a\":1}");
        Await.until("it is heard", () -> !ann.unasked.isEmpty());
        assertEquals(List.of(channel + " {\"a\":1}"), ann.unasked);
    }
}
