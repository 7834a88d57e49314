package io.switchboard.checks.vectors;

import io.switchboard.checks.components.Traffic;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Compares what went through the broker with what a vector lists. A list of subscriptions means either those that the
 * input caused or those of the set-up as well; publications and the rest mean the input alone.
 */
record BrokerLedger(List<Traffic> expected, List<Traffic> setup, Set<String> leftDuringSetup) {
    /** Says what differs; empty if nothing does. */
    String difference(List<Traffic> seen) {
        return publications(seen) + subscriptions(seen) + unsubscriptions(seen);
    }

    private String publications(List<Traffic> seen) {
        var missing = new ArrayList<>(only(expected, "PUBLISH"));
        var surplus = new ArrayList<Traffic>();
        for (var publication : only(seen, "PUBLISH")) {
            var match = missing.stream().filter(one -> isSame(one, publication)).findFirst();
            match.ifPresentOrElse(missing::remove, () -> surplus.add(publication));
        }
        return report(missing, surplus);
    }

    private String subscriptions(List<Traffic> seen) {
        var wanted = only(expected, "SUBSCRIBE");
        var byInput = only(seen, "SUBSCRIBE");
        var all = new ArrayList<>(only(setup, "SUBSCRIBE"));
        all.addAll(byInput);
        var withSetup = report(minus(wanted, all), minus(all, wanted));
        return withSetup.isEmpty() ? "" : report(minus(wanted, byInput), minus(byInput, wanted));
    }

    /** Whether "all" is given up with the last listener or kept is free; who left early may be forgotten late. */
    private String unsubscriptions(List<Traffic> seen) {
        var wanted = only(expected, "UNSUBSCRIBE");
        var done = only(seen, "UNSUBSCRIBE");
        var surplus = new ArrayList<>(minus(done, wanted));
        surplus.removeIf(one -> one.channel().equals("all") || leftDuringSetup.contains(one.channel()));
        return report(minus(wanted, done), surplus);
    }

    /** The payload to the byte, except that fields may follow the published three. */
    private static boolean isSame(Traffic wanted, Traffic seen) {
        if (!wanted.channel().equals(seen.channel())) {
            return false;
        }
        var payload = wanted.payload();
        if (payload.isEmpty() || payload.equals(seen.payload())) {
            return true;
        }
        boolean extended =
                payload.endsWith("}") && seen.payload().startsWith(payload.substring(0, payload.length() - 1) + ",\"");
        return extended && JsonReader.read(seen.payload()) instanceof Json.Struct;
    }

    private static List<Traffic> only(List<Traffic> traffic, String operation) {
        return traffic.stream().filter(one -> one.operation().equals(operation)).toList();
    }

    private static List<Traffic> minus(List<Traffic> from, List<Traffic> what) {
        var rest = new ArrayList<>(from);
        what.forEach(rest::remove);
        return rest;
    }

    private static String report(List<Traffic> missing, List<Traffic> surplus) {
        var text = new StringBuilder();
        missing.forEach(one -> text.append("\n  missing on the broker: ").append(one));
        surplus.forEach(one -> text.append("\n  too much on the broker: ").append(one));
        return text.toString();
    }
}
