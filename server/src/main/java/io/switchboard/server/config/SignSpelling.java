package io.switchboard.server.config;

import io.switchboard.protocols.sign.SignSettings;
import io.switchboard.protocols.sign.SignSettings.Kind;
import io.switchboard.protocols.sign.SignSettings.Member;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Reads how a deployment spells the sign protocol. */
final class SignSpelling {
    private static final List<Member> ORDERED = List.of(Member.TIME, Member.TYPE, Member.DATA);

    private SignSpelling() {}

    static void check(ConfigValues values) {
        if (!values.sound(Keys.SIGN_NAMES, Keys.SIGN_TYPES, Keys.SIGN_ORDER)) {
            return;
        }
        boolean names = check(values, Keys.SIGN_NAMES, values.get(Keys.SIGN_NAMES).keySet().stream(), Member.values());
        boolean types = check(values, Keys.SIGN_TYPES, values.get(Keys.SIGN_TYPES).keySet().stream(), Kind.values());
        boolean order =
                check(values, Keys.SIGN_ORDER, values.get(Keys.SIGN_ORDER).stream(), ORDERED.toArray(new Member[0]));
        if (names && types && order) {
            try {
                var ignored = of(values);
            } catch (IllegalArgumentException e) {
                Key<?> key = values.isSet(Keys.SIGN_NAMES) ? Keys.SIGN_NAMES : Keys.SIGN_TYPES;
                values.reportAt(
                        values.isSet(Keys.SIGN_ORDER) && !values.isSet(Keys.SIGN_NAMES) ? Keys.SIGN_ORDER : key,
                        e.getMessage() + "; spell each in its own way");
            }
        }
    }

    private static boolean check(ConfigValues values, Key<?> key, Stream<String> names, Enum<?>[] constants) {
        List<String> known = Stream.of(constants).map(Types::lowerCase).toList();
        List<String> unknown = names.filter(name -> !known.contains(name)).toList();
        unknown.forEach(name -> values.reportAt(
                key, Types.quoted(name) + " is not known here; give one of " + String.join(", ", known)));
        return unknown.isEmpty();
    }

    /** @throws IllegalArgumentException if the parts do not fit together */
    static SignSettings of(ConfigValues values) {
        var names = new EnumMap<Member, String>(Member.class);
        Map<String, String> spelled = values.get(Keys.SIGN_NAMES);
        for (Member member : Member.values()) {
            String name = spelled.get(Types.lowerCase(member));
            if (name != null) {
                names.put(member, name);
            }
        }
        var types = new EnumMap<Kind, Integer>(Kind.class);
        Map<String, String> numbers = values.get(Keys.SIGN_TYPES);
        for (Kind kind : Kind.values()) {
            String number = numbers.get(Types.lowerCase(kind));
            if (number != null) {
                types.put(kind, Integer.valueOf(number));
            }
        }
        List<Member> order = values.get(Keys.SIGN_ORDER).stream()
                .flatMap(name -> ORDERED.stream()
                        .filter(member -> Types.lowerCase(member).equals(name)))
                .toList();
        return new SignSettings(values.get(Keys.SIGN_PARAMETER), names, types, order, values.get(Keys.SIGN_TO_SENDER));
    }
}
