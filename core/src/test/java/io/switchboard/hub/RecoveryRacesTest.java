package io.switchboard.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.directory.Directory;
import io.switchboard.directory.LoginPolicy;
import io.switchboard.message.Exclusion;
import io.switchboard.message.Message;
import io.switchboard.message.Position;
import io.switchboard.message.Publication;
import io.switchboard.message.Sender;
import io.switchboard.message.Topic;
import io.switchboard.protocol.Listening;
import io.switchboard.protocol.Namespace.Recovery;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecoveryRacesTest {
    private static final Topic NEWS = Topic.of("news:1");

    /** Sessions come, leave and come back while publications are told late, twice, in the wrong order or never. */
    @Test
    void whateverTheOrderNobodyMissesOrRepeatsAnything() {
        for (int seed = 0; seed < 300; seed++) {
            new Chaos(new Random(seed), seed).run();
        }
    }

    /** One client that comes and goes, and what it has heard in all. */
    private static final class Wanderer {
        private final TestClient client;
        private final List<Integer> heard = new ArrayList<>();
        private @Nullable Position since;
        private boolean listens;

        Wanderer(TestClient client) {
            this.client = client;
        }

        void collect(String epoch) {
            for (String line : client.take()) {
                String[] words = line.split(" ", -1);
                switch (words[0]) {
                    case "start" -> {
                        boolean recovered = words.length > 2 && words[2].equals("recovered");
                        assertTrue(since == null || recovered, line);
                        for (int i = 3; i < words.length; i++) {
                            heard.add(Integer.parseInt(words[i]));
                        }
                        since = new Position(Long.parseLong(words[1]), epoch);
                    }
                    case "news:1" -> {
                        heard.add(Integer.parseInt(words[2]));
                        since = new Position(Long.parseLong(words[2]), epoch);
                    }
                    default -> assertEquals("failed", words[0], line);
                }
            }
        }
    }

    private static final class Chaos {
        private final Random random;
        private final int seed;
        private final TestLog its = new TestLog();
        private final TestHub hub = new TestHub(
                2,
                new RecordingBackplane(),
                LoginPolicy.MANY,
                Limits.DEFAULT,
                Handler.NONE,
                Authenticator.path(),
                Directory.local(),
                its);
        private final List<Wanderer> wanderers = new ArrayList<>();
        private int published;
        private int calmAt;

        Chaos(Random random, int seed) {
            this.random = random;
            this.seed = seed;
        }

        void run() {
            for (int i = 0; i < 4; i++) {
                wanderers.add(new Wanderer(hub.client(i % 2, "w" + i)));
                wanderers.getLast().client.take();
            }
            for (int step = 0; step < 120; step++) {
                its.slow = random.nextBoolean();
                its.silent = random.nextInt(3) > 0;
                act();
                if (random.nextBoolean()) {
                    hub.settle();
                }
                if (published - 8 > calmAt) {
                    // Not more is ever missed than is kept.
                    calm();
                }
            }
            calm();
            for (Wanderer each : wanderers) {
                if (!each.listens) {
                    come(each);
                }
            }
            calm();
            for (Wanderer each : wanderers) {
                Position at = each.since;
                assertEquals(published, at == null ? -1 : at.offset(), "seed " + seed);
                for (int i = 1; i < each.heard.size(); i++) {
                    assertEquals(each.heard.get(i - 1) + 1, each.heard.get(i), "seed " + seed + ": " + each.heard);
                }
            }
            assertEquals(0, hub.framing.held.get());
        }

        private void act() {
            Wanderer one = wanderers.get(random.nextInt(wanderers.size()));
            switch (random.nextInt(6)) {
                case 0, 1 -> {
                    published++;
                    var ignored = hub.hub.publish(
                            NEWS, Message.text(Integer.toString(published)), Sender.NONE, Exclusion.NONE);
                }
                case 2 -> tellSome();
                case 3 -> answerOne();
                case 4 -> {
                    if (!one.listens) {
                        come(one);
                    }
                }
                default -> {
                    if (one.listens) {
                        leave(one);
                    }
                }
            }
        }

        private void tellSome() {
            if (!its.untold.isEmpty()) {
                Publication any = its.untold.get(random.nextInt(its.untold.size()));
                if (random.nextInt(4) > 0) {
                    its.untold.remove(any);
                }
                if (random.nextInt(5) > 0) {
                    its.tell(List.of(any));
                }
            }
        }

        private void answerOne() {
            if (!its.unanswered.isEmpty()) {
                its.unanswered.remove(random.nextInt(its.unanswered.size())).run();
            }
        }

        private void come(Wanderer one) {
            one.listens = true;
            Position since = one.since;
            hub.endpoint.actions.put("now", (with, done) -> {
                with.listen(
                        NEWS,
                        new Listening(true, since, Recovery.STREAM, false, false, false, null, null),
                        new Beginning(with));
                done.run();
            });
            one.client.says("act now");
        }

        private void leave(Wanderer one) {
            one.listens = false;
            hub.endpoint.actions.put("now", (with, done) -> {
                with.leave(NEWS);
                done.run();
            });
            one.client.says("act now");
            one.collect(epoch());
        }

        private String epoch() {
            return its.standing(NEWS).epoch();
        }

        private void calm() {
            its.slow = false;
            its.silent = false;
            its.untold.clear();
            for (int i = 0; i < 6; i++) {
                its.answerAll();
                hub.settle();
                its.linkUp();
                hub.pass(Subscription.PATIENCE_MILLIS);
            }
            calmAt = published;
            String epoch = epoch();
            for (Wanderer each : wanderers) {
                each.collect(epoch);
            }
            for (Wanderer each : wanderers) {
                if (!each.listens && each.since != null) {
                    come(each);
                    each.collect(epoch);
                }
            }
        }
    }
}
