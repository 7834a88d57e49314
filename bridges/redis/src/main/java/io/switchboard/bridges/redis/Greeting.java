package io.switchboard.bridges.redis;

import java.util.List;

/**
 * Who answered.
 *
 * @param major version of the server
 */
record Greeting(int major, boolean cluster, boolean replica) {
    /** Nodes of a Cluster pass on what is published in the order of its slots only from then on. */
    static final int SHARDED_SINCE = 7;

    /** What is known of a server too old for HELLO. */
    static final Greeting OLD = new Greeting(5, false, false);

    /** @param hello the reply to HELLO: keys and values in turn */
    static Greeting of(List<RespValue> hello) {
        int major = 0;
        boolean cluster = false;
        boolean replica = false;
        for (int i = 0; i + 1 < hello.size(); i += 2) {
            String value = hello.get(i + 1).asText();
            switch (hello.get(i).asText()) {
                case "version" -> major = leadingNumber(value);
                case "mode" -> cluster = value.equals("cluster");
                case "role" -> replica = value.equals("replica") || value.equals("slave");
                default -> {
                    // Servers tell more than we ask for.
                }
            }
        }
        return new Greeting(major, cluster, replica);
    }

    private static int leadingNumber(String text) {
        int number = 0;
        for (int i = 0; i < text.length() && Character.isDigit(text.charAt(i)); i++) {
            number = number * 10 + text.charAt(i) - '0';
        }
        return number;
    }
}
