package io.switchboard.protocols.centrifugal;

import io.switchboard.message.Topic;
import io.switchboard.protocol.Conversation;
import io.switchboard.protocol.Namespace;
import io.switchboard.protocol.Namespace.Access;
import java.util.Arrays;
import java.util.Set;

/** Names of channels, and who may do what with them. */
record Channels(CentrifugalSettings settings) {
    /** Shared with the other protocols, whose names know neither {@code $} nor {@code #}. */
    private static final Set<String> BUILT_IN = Set.of("user", "group", "all", "session", "node");

    private static final Set<String> NOBODYS = Set.of("session", "node");

    /** A channel that has a name and rules. */
    record Channel(Topic topic, Namespace namespace, ChannelRules rules) {
        boolean isBuiltIn() {
            return BUILT_IN.contains(namespace.name());
        }

        /** Whether nobody may listen without a token. */
        boolean isPrivate() {
            return topic.name().startsWith("$") && !isBuiltIn();
        }

        /** Whether the name says which users it is for. */
        boolean isUserLimited() {
            return rules.userLimited() && !isBuiltIn() && topic.name().indexOf('#') >= 0;
        }

        boolean names(String user) {
            String name = topic.name();
            String users = name.substring(name.lastIndexOf('#') + 1);
            return !user.isEmpty() && Arrays.asList(users.split(",", -1)).contains(user);
        }

        Channel with(Namespace other) {
            return new Channel(topic, other, rules);
        }
    }

    /** A channel cannot be used as it is named. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;
        private final ErrorCode code;

        Refused(ErrorCode code) {
            super(code.name(), null, false, false);
            this.code = code;
        }

        ErrorCode code() {
            return code;
        }
    }

    Channel find(String name, Conversation with) throws Refused {
        Topic topic;
        try {
            topic = Topic.of(name);
        } catch (IllegalArgumentException e) {
            throw new Refused(ErrorCode.BAD_REQUEST);
        }
        Namespace namespace = with.namespace(topic);
        if (!namespace.isKnown()) {
            throw new Refused(ErrorCode.UNKNOWN_CHANNEL);
        }
        var channel = new Channel(topic, namespace, settings.rules(namespace.name()));
        if (!channel.isBuiltIn() && !isNamedWell(channel)) {
            throw new Refused(ErrorCode.BAD_REQUEST);
        }
        return channel;
    }

    private static boolean isNamedWell(Channel channel) {
        return channel.rules
                .name()
                .map(pattern -> pattern.matcher(channel.topic.rest()).matches())
                .orElseGet(() -> channel.topic.name().chars().allMatch(c -> c < 0x80));
    }

    /** Whether it is for addressing alone. */
    static boolean isNobodys(Channel channel) {
        return NOBODYS.contains(channel.namespace.name());
    }

    /** Whether a client may listen without a token, where nobody else decides. */
    boolean maySubscribe(Channel channel, String user) {
        if (isNobodys(channel)) {
            return false;
        }
        if (channel.isUserLimited()) {
            return channel.names(user) || settings.insecure();
        }
        return settings.insecure() || permits(channel.namespace.subscribe(), channel, user, false);
    }

    /** Whether a client may publish where nobody else decides. */
    boolean mayPublish(Channel channel, String user, boolean listens) {
        return may(channel.namespace.publish(), channel, user, listens);
    }

    boolean mayReadHistory(Channel channel, String user, boolean listens) {
        return may(channel.namespace.history().read(), channel, user, listens);
    }

    boolean mayReadPresence(Channel channel, String user, boolean listens) {
        return may(channel.namespace.attendance().read(), channel, user, listens);
    }

    private boolean may(Access access, Channel channel, String user, boolean listens) {
        return !isNobodys(channel) && (settings.insecure() || permits(access, channel, user, listens));
    }

    private static boolean permits(Access access, Channel channel, String user, boolean listens) {
        return switch (access) {
            case ANYONE -> true;
            case SIGNED_IN -> !user.isEmpty();
            case LISTENER -> listens && (!user.isEmpty() || channel.rules.anonymousListeners());
            case OWNER -> !user.isEmpty() && channel.topic.rest().equals(user);
            case TOKEN, NOBODY -> false;
        };
    }
}
