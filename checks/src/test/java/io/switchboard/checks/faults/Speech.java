package io.switchboard.checks.faults;

import io.switchboard.checks.cluster.Chat;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** How those who talk are called and what they say, in the words of a protocol. */
enum Speech {
    CHAT {
        @Override
        String user(int member) {
            return "talk" + member;
        }

        @Override
        String group(int group) {
            return "talk" + group;
        }

        @Override
        String path(String user) {
            return "/chat/channel/" + user;
        }

        @Override
        Optional<String> join(String group) {
            return Optional.of(Chat.join(group));
        }

        @Override
        String toUser(String user, String text) {
            return Chat.one(user, text);
        }

        @Override
        String toGroup(String group, String text) {
            return Chat.group(group, text);
        }
    },

    /** Users and groups are numbers, groups have lists, and who says something in one hears it too. */
    INBOX {
        @Override
        String user(int member) {
            return Integer.toString(member + 1);
        }

        @Override
        String group(int group) {
            return Integer.toString(group + 1);
        }

        @Override
        String path(String user) {
            return "/ws/" + user;
        }

        @Override
        Optional<String> join(String group) {
            return Optional.empty();
        }

        @Override
        String toUser(String user, String text) {
            return said(10, user, text);
        }

        @Override
        String toGroup(String group, String text) {
            return said(20, group, text);
        }

        private String said(int type, String to, String text) {
            return "{\"msgType\":" + type + ",\"to\":" + to + ",\"content\":\"" + text + "\"}";
        }
    };

    abstract String user(int member);

    abstract String group(int group);

    abstract String path(String user);

    /** What a member says to be in a group, where that is said. */
    abstract Optional<String> join(String group);

    abstract String toUser(String user, String text);

    abstract String toGroup(String group, String text);

    /** The value of {@code protocols.inbox.groups} for a talk of that size. */
    static String inboxGroups(int size) {
        return IntStream.range(0, Talk.GROUPS)
                .mapToObj(group -> INBOX.group(group) + "="
                        + IntStream.range(0, size)
                                .filter(member -> Talk.isInGroup(member) && Talk.groupOf(member) == group)
                                .mapToObj(INBOX::user)
                                .collect(Collectors.joining(" ")))
                .collect(Collectors.joining(","));
    }
}
