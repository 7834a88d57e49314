package io.switchboard.checks.exactness;

import io.switchboard.checks.client.Crowd;
import java.net.URI;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** People who are cut off by a reset and come back at once, one after the other, and join their group again. */
final class Restless implements AutoCloseable {
    private final Crowd crowd;
    private final List<URI> addresses;
    private final List<String> joins;
    private final int[] member;
    private final Random random = new Random(1);
    private int comings;

    private Restless(Crowd crowd, List<URI> addresses, List<String> joins) {
        this.crowd = crowd;
        this.addresses = addresses;
        this.joins = joins;
        this.member = IntStream.range(0, addresses.size()).toArray();
    }

    /** One at each address, each with what it says when it has come. */
    static Restless connect(List<URI> addresses, List<String> joins) {
        var restless = new Restless(Crowd.connect(addresses), addresses, joins);
        for (int i = 0; i < addresses.size(); i++) {
            restless.crowd.send(i, joins.get(i));
        }
        return restless;
    }

    void oneGoesAndComesBack() {
        int who = random.nextInt(member.length);
        crowd.abort(member[who]);
        crowd.join(List.of(addresses.get(who)));
        member[who] = member.length + comings++;
        crowd.send(member[who], joins.get(who));
    }

    int comings() {
        return comings;
    }

    @Override
    public void close() {
        crowd.close();
    }
}
