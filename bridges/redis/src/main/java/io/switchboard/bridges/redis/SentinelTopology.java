package io.switchboard.bridges.redis;

import io.switchboard.backplane.Address;
import java.util.List;
import java.util.function.Consumer;

/** Asks the sentinels, one after another, where the master is. */
final class SentinelTopology implements Topology {
    private final Dialer dialer;
    private final List<Address> sentinels;
    private final String master;

    SentinelTopology(Dialer dialer, List<Address> sentinels, String master) {
        this.dialer = dialer;
        this.sentinels = sentinels;
        this.master = master;
    }

    @Override
    public void find(Consumer<Layout> found, Consumer<String> failed) {
        ask(0, found, failed);
    }

    private void ask(int number, Consumer<Layout> found, Consumer<String> failed) {
        Address sentinel = sentinels.get(number);
        Question.ask(
                dialer,
                sentinel,
                new Question.Answer() {
                    @Override
                    public void told(Greeting greeting, RespValue value) {
                        var place = value.asItems();
                        if (place.size() == 2 && place.get(1).asText().matches("\\d{1,5}")) {
                            int port = Integer.parseInt(place.get(1).asText());
                            found.accept(Layout.single(new Address(place.get(0).asText(), port)));
                        } else {
                            failed("it knows no master named " + master + " " + value.asText());
                        }
                    }

                    @Override
                    public void failed(String why) {
                        if (number + 1 < sentinels.size()) {
                            ask(number + 1, found, failed);
                        } else {
                            failed.accept("no sentinel tells where the master is; the last, " + sentinel + ": " + why);
                        }
                    }
                },
                "SENTINEL",
                "GET-MASTER-ADDR-BY-NAME",
                master);
    }

    @Override
    public boolean changes() {
        return true;
    }
}
