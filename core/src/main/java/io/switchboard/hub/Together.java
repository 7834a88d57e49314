package io.switchboard.hub;

import io.switchboard.protocol.Conversation;
import java.util.ArrayList;
import java.util.List;

/** Topics that a session listens to from the same moment, or not at all. */
final class Together {
    private final List<Subscription> all = new ArrayList<>();
    private boolean ended;

    Together(Session session, List<Conversation.Wish> wishes) {
        for (Conversation.Wish wish : wishes) {
            all.add(new Subscription(session, wish.topic(), wish.listening(), wish.answer(), this));
        }
    }

    void begin() {
        for (Subscription each : all) {
            if (!ended) {
                each.begin();
            }
        }
    }

    /** One more is ready. */
    void proceed() {
        if (!ended && all.stream().allMatch(Subscription::isReady)) {
            ended = true;
            all.forEach(Subscription::finish);
        }
    }

    /** One will not listen; the others have not begun yet, or are on their own by now. */
    void failed() {
        if (!ended) {
            ended = true;
            all.forEach(Subscription::abandon);
        }
    }
}
