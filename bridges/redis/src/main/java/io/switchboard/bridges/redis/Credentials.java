package io.switchboard.bridges.redis;

/** How a connection says who it is. */
record Credentials(String user, String password, String clientName) {
    static Credentials of(RedisTarget target, String node) {
        return new Credentials(target.user(), target.password(), clientName(node));
    }

    Credentials withPassword(String other) {
        return new Credentials("", other, clientName);
    }

    /** Redis allows no spaces and nothing beyond ASCII there. */
    private static String clientName(String node) {
        return "switchboard-" + node.replaceAll("[^!-~]", "_");
    }

    /** HELLO asks for RESP3, says who we are, and tells who the server is. */
    void hello(RespBuffer out) {
        if (password.isEmpty()) {
            out.command("HELLO", "3", "SETNAME", clientName);
        } else {
            out.command("HELLO", "3", "AUTH", user.isEmpty() ? "default" : user, password, "SETNAME", clientName);
        }
    }

    /** For servers older than HELLO. */
    void auth(RespBuffer out) {
        if (user.isEmpty()) {
            out.command("AUTH", password);
        } else {
            out.command("AUTH", user, password);
        }
    }

    @Override
    public String toString() {
        return "Credentials(" + clientName + ")";
    }
}
