package io.switchboard.bench.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** When the next message is sent. */
public sealed interface Pace {
    /** As soon as fewer than this are under way: it finds the limit, and a slow server slows its own load down. */
    record Window(int inFlight) implements Pace {
        public Window {
            if (inFlight < 1) {
                throw new BadPlanException("--window " + inFlight + " sends nothing; give 1 or more");
            }
        }
    }

    /** By the clock, whatever the server does; so many a second altogether. One rate after the other. */
    record Rates(List<Double> perSecond) implements Pace {
        private static final Pattern FORM = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,6})?)(?:\\.\\.(\\d{1,9}))?");

        public Rates {
            perSecond = List.copyOf(perSecond);
        }

        /** {@code 1000}, or {@code 1000..20000} in equal steps. */
        public static Rates parse(String text, int steps) {
            var form = FORM.matcher(text);
            if (!form.matches()) {
                throw new BadPlanException("--rate " + text
                        + " is no rate; give messages per second such as 1000, or a ramp such as 1000..20000");
            }
            double first = Double.parseDouble(form.group(1));
            double last = form.group(2) == null ? first : Double.parseDouble(form.group(2));
            if (first <= 0 || last <= 0) {
                throw new BadPlanException("--rate " + text + " sends nothing; give more than 0");
            }
            if (form.group(2) == null) {
                return new Rates(List.of(first));
            }
            if (steps < 2) {
                throw new BadPlanException("--steps " + steps + " is no ramp; give 2 or more, or a single --rate");
            }
            var rates = new ArrayList<Double>();
            for (int step = 0; step < steps; step++) {
                rates.add(first + (last - first) * step / (steps - 1));
            }
            return new Rates(rates);
        }
    }

    /** As people say it. */
    default String words() {
        return switch (this) {
            case Window(int inFlight) -> "closed loop, " + inFlight + " in flight";
            case Rates(var rates) when rates.size() == 1 -> "open loop, " + number(rates.getFirst()) + " messages/s";
            case Rates(var rates) ->
                "open loop, " + number(rates.getFirst()) + " to " + number(rates.getLast()) + " messages/s in "
                        + rates.size() + " steps";
        };
    }

    private static String number(double rate) {
        return rate == Math.rint(rate) ? String.format(Locale.ROOT, "%,.0f", rate) : Double.toString(rate);
    }
}
