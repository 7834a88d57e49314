package io.switchboard.checks.exactness;

import io.switchboard.checks.client.Line;
import io.switchboard.checks.client.Stamp;
import io.switchboard.checks.cluster.Chat;
import io.switchboard.checks.components.NodeProcess;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Who says what to whom, drawn by lot but the same in every run: per second so many messages to one, to a group of
 * twenty, and to everyone. Every fifth client speaks through {@code /chat/group}, the others through
 * {@code /chat/channel}; the nodes have every other.
 *
 * @param clients who talk and listen; a multiple of the group size
 * @param restless further clients who listen in the same groups, and are cut off and come back meanwhile
 */
record Script(int clients, int restless, int seconds, int onesPerSecond, int groupsPerSecond, int allsPerSecond) {
    private static final int GROUP_SIZE = 20;
    private static final int SEED = 20_221_108;

    List<URI> addresses(NodeProcess nodeA, NodeProcess nodeB) {
        var addresses = new ArrayList<URI>();
        for (int i = 0; i < clients; i++) {
            var path = isInGroupOnly(i) ? "/chat/group/" + group(i) + "/" : "/chat/channel/";
            addresses.add((isOnA(i) ? nodeA : nodeB).uri(path + user(i)));
        }
        return addresses;
    }

    List<URI> restlessAddresses(NodeProcess nodeA, NodeProcess nodeB) {
        var addresses = new ArrayList<URI>();
        for (int i = 0; i < restless; i++) {
            addresses.add((i % 2 == 0 ? nodeA : nodeB).uri("/chat/channel/restless" + i));
        }
        return addresses;
    }

    /** They are spread over the groups. */
    List<String> restlessJoins() {
        return IntStream.range(0, restless)
                .mapToObj(i -> Chat.join(group(i * GROUP_SIZE % clients)))
                .toList();
    }

    List<Line> joins() {
        var joins = new ArrayList<Line>();
        for (int i = 0; i < clients; i++) {
            if (!isInGroupOnly(i)) {
                joins.add(new Line(i, Chat.join(group(i))));
            }
        }
        return joins;
    }

    int linesPerSecond() {
        return onesPerSecond + groupsPerSecond + allsPerSecond;
    }

    List<Line> lines() {
        var lines = new ArrayList<Line>();
        play((sender, topic, receivers, number) -> lines.add(new Line(sender, words(sender, topic, number))));
        return lines;
    }

    /** For each client: how many messages of each stream. */
    Map<Integer, Map<String, Integer>> expected() {
        var expected = new HashMap<Integer, Map<String, Integer>>();
        play((sender, topic, receivers, number) -> {
            for (int receiver : receivers) {
                expected.computeIfAbsent(receiver, nobody -> new HashMap<>())
                        .put(Stamp.stream(topic, user(sender)), number + 1);
            }
        });
        return expected;
    }

    /** All that will be heard together. */
    long deliveries() {
        var sum = new long[1];
        play((sender, topic, receivers, number) -> sum[0] += receivers.length);
        return sum[0];
    }

    private interface Scene {
        void play(int sender, String topic, int[] receivers, int number);
    }

    private void play(Scene scene) {
        var random = new Random(SEED);
        var numbers = new HashMap<String, Integer>();
        var channels = channels();
        for (int n = 0; n < seconds * linesPerSecond(); n++) {
            int lot = random.nextInt(linesPerSecond());
            int sender = random.nextInt(clients);
            String topic;
            int[] receivers;
            if (lot < groupsPerSecond || isInGroupOnly(sender)) {
                topic = "group:" + group(sender);
                receivers = others(sender);
            } else if (lot < groupsPerSecond + onesPerSecond) {
                int receiver = channels[random.nextInt(channels.length)];
                topic = "user:" + user(receiver);
                receivers = new int[] {receiver};
            } else {
                topic = "all";
                receivers = without(sender, channels);
            }
            int number = numbers.merge(topic + "<" + sender, 1, Integer::sum) - 1;
            scene.play(sender, topic, receivers, number);
        }
    }

    private String words(int sender, String topic, int number) {
        var text = Stamp.of(topic, user(sender), number).text();
        if (isInGroupOnly(sender)) {
            return text;
        }
        var name = topic.substring(topic.indexOf(':') + 1);
        return switch (topic.charAt(0)) {
            case 'u' -> Chat.one(name, text);
            case 'g' -> Chat.group(name, text);
            default -> Chat.all(text);
        };
    }

    private int[] channels() {
        var channels = new int[clients - clients / 5];
        int count = 0;
        for (int i = 0; i < clients; i++) {
            if (!isInGroupOnly(i)) {
                channels[count++] = i;
            }
        }
        return channels;
    }

    private static int[] without(int sender, int[] all) {
        return Arrays.stream(all).filter(i -> i != sender).toArray();
    }

    private static int[] others(int sender) {
        int first = sender / GROUP_SIZE * GROUP_SIZE;
        return IntStream.range(first, first + GROUP_SIZE)
                .filter(i -> i != sender)
                .toArray();
    }

    private static boolean isInGroupOnly(int client) {
        return client % 5 == 0;
    }

    private static boolean isOnA(int client) {
        return client % 2 == 0;
    }

    private static String user(int client) {
        return "u" + client;
    }

    private static String group(int client) {
        return "g" + client / GROUP_SIZE;
    }
}
