package io.switchboard.checks.drops;

import io.switchboard.checks.vectors.Json;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * How far one listener is in one topic. Publication k of a topic has the offset k and the number k, so whatever is
 * lost, comes twice or out of order is seen at once.
 */
final class Track {
    private final String owner;
    private final String topic;
    private final boolean gaps;
    private final Tally tally;
    private final @Nullable Witness witness;
    private final AtomicLong told = new AtomicLong();
    private String epoch = "";
    private boolean known;
    private boolean listening;
    private volatile long position;

    /** Told what is heard, where the publications are not simply numbered. */
    @FunctionalInterface
    interface Witness {
        void heard(long offset, String data);
    }

    /** With {@code gaps}, a listener may be told that it missed something. */
    Track(String owner, String topic, boolean gaps, Tally tally) {
        this(owner, topic, gaps, tally, null);
    }

    Track(String owner, String topic, boolean gaps, Tally tally, @Nullable Witness witness) {
        this.witness = witness;
        this.owner = owner;
        this.topic = topic;
        this.gaps = gaps;
        this.tally = tally;
    }

    long position() {
        return position;
    }

    /** How often it was told of a gap. */
    long told() {
        return told.get();
    }

    boolean listening() {
        return listening;
    }

    String topic() {
        return topic;
    }

    /** The connection is new, or the server ended the subscription. */
    void notListening() {
        listening = false;
    }

    String request(int id) {
        String from = known ? ",\"recover\":true,\"offset\":" + position + ",\"epoch\":\"" + epoch + "\"" : "";
        return "{\"id\":" + id + ",\"subscribe\":{\"channel\":\"" + topic
                + "\",\"positioned\":true,\"recoverable\":true" + from + "}}";
    }

    void subscribed(Json result) {
        listening = true;
        long offset = number(result, "offset");
        if (!known) {
            known = true;
            epoch = result.text("epoch");
            position = offset;
            tally.count("subscriptions");
        } else if (result.flag("recovered", false)) {
            if (offset != position || !result.text("epoch").equals(epoch)) {
                trouble("recovered from " + offset + " " + result.text("epoch") + " instead of " + epoch);
            }
            tally.count("recoveries");
            tally.add("recovered publications", result.list("publications").size());
            result.list("publications").forEach(this::hear);
        } else if (gaps && offset >= position) {
            tally.count("gaps told");
            tally.add("publications in gaps", offset - position);
            epoch = result.text("epoch");
            position = offset;
            told.incrementAndGet();
        } else {
            trouble("not recovered: " + result);
        }
        if (!result.flag("recoverable", false) || !result.flag("positioned", false)) {
            trouble("neither recoverable nor positioned: " + result);
        }
    }

    void live(Json publication) {
        if (!listening) {
            trouble("hears before its subscription is answered: " + publication);
        }
        hear(publication);
    }

    private void hear(Json publication) {
        long offset = number(publication, "offset");
        Json data = publication.field("data").orElse(new Json.Nothing());
        Witness told = witness;
        long number = told == null ? number(data, "n") : offset;
        if (told != null) {
            told.heard(offset, data.text("from") + " " + data.text("n"));
        }
        if (offset != position + 1 || number != offset) {
            trouble("hears " + number + " with offset " + offset);
        }
        position = offset;
        tally.count("deliveries");
    }

    private static long number(Json json, String name) {
        return json.field(name).map(value -> Long.parseLong(value.text())).orElse(0L);
    }

    private void trouble(String what) {
        tally.trouble(owner + " in " + topic + " at " + position + " " + what);
    }
}
