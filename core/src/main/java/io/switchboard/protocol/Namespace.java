package io.switchboard.protocol;

import java.time.Duration;

/**
 * What may be done with the topics of a namespace, and what is kept of them.
 *
 * @param name the text before the first colon of a topic; empty for topics that have none
 * @param subscribe who may listen by a command; what an endpoint opens with needs no permission
 * @param publish who may publish by a command; the application's own code always may
 * @param scope how far publications go
 * @param slow what becomes of its publications when a listener does not keep up
 * @param shortCut whether its listeners are one user or connection, which are in one place: a published format then
 *     sends only what reaches nobody here
 * @param history what is kept of publications, for those who come back
 * @param attendance what is known, and told, of who listens
 */
public record Namespace(
        String name,
        Access subscribe,
        Access publish,
        Scope scope,
        Slow slow,
        boolean shortCut,
        History history,
        Attendance attendance) {
    /** Who may. */
    public enum Access {
        ANYONE,
        SIGNED_IN,
        LISTENER,
        OWNER,
        /** Who has a token for that topic. */
        TOKEN,
        NOBODY
    }

    /** How far publications go. */
    public enum Scope {
        CLUSTER,
        /** Likewise, but with a published format and the link down nobody has them, rather than this node alone. */
        WHOLE,
        NODE
    }

    /** What becomes of publications that do not fit into a slow session's backlog, or wait there for too long. */
    public enum Slow {
        /** The session is closed (4008), and may come back. */
        DISCONNECT,
        /** The oldest ones are dropped. */
        DROP_OLDEST,
        /** What comes is dropped. */
        DROP_NEWEST,
        /** Only the newest one of each topic is kept, whether there is room for more or not. */
        CONFLATE
    }

    /** How listeners catch up. */
    public enum Recovery {
        /** Everything since the position they know, or nothing. */
        STREAM,
        /** The newest publication alone. */
        CACHE
    }

    /**
     * What is kept of a topic's publications.
     *
     * @param size how many at most; 0 keeps none, and publications have no position
     * @param ttl how long; positions are remembered for much longer
     * @param read who may read it by a command
     * @param positioned whether every listener is told of a gap, though it did not ask for it
     * @param recoverable whether every listener may catch up, though it did not ask for it
     * @param delta whether publications may go out as differences to the one before
     */
    public record History(
            int size,
            Duration ttl,
            Access read,
            boolean positioned,
            boolean recoverable,
            Recovery recovery,
            boolean delta) {
        public static final History NONE =
                new History(0, Duration.ZERO, Access.NOBODY, false, false, Recovery.STREAM, false);

        public boolean isKept() {
            return size > 0;
        }
    }

    /**
     * Who listens to a topic.
     *
     * @param kept whether the directory keeps it, to be asked for
     * @param read who may ask by a command
     * @param announced whether listeners may hear of those who come and go
     * @param pushed whether every listener hears of them, though it did not ask for it
     */
    public record Attendance(boolean kept, Access read, boolean announced, boolean pushed) {
        public static final Attendance NONE = new Attendance(false, Access.NOBODY, false, false);
    }

    /** With neither history nor presence. */
    public Namespace(String name, Access subscribe, Access publish, Scope scope, Slow slow, boolean shortCut) {
        this(name, subscribe, publish, scope, slow, shortCut, History.NONE, Attendance.NONE);
    }

    public Namespace(String name, Access subscribe, Access publish, Scope scope, Slow slow) {
        this(name, subscribe, publish, scope, slow, false);
    }

    public Namespace(String name, Access subscribe, Access publish, Scope scope, boolean shortCut) {
        this(name, subscribe, publish, scope, Slow.DISCONNECT, shortCut);
    }

    /** With sessions that are closed when they do not keep up. */
    public Namespace(String name, Access subscribe, Access publish, Scope scope) {
        this(name, subscribe, publish, scope, Slow.DISCONNECT, false);
    }

    public static final Namespace USER =
            new Namespace("user", Access.OWNER, Access.SIGNED_IN, Scope.CLUSTER, Slow.DISCONNECT, true);
    public static final Namespace GROUP = new Namespace("group", Access.ANYONE, Access.LISTENER, Scope.CLUSTER);
    public static final Namespace ALL = new Namespace("all", Access.ANYONE, Access.SIGNED_IN, Scope.CLUSTER);
    public static final Namespace SESSION = new Namespace("session", Access.NOBODY, Access.NOBODY, Scope.NODE);
    public static final Namespace NODE = new Namespace("node", Access.NOBODY, Access.NOBODY, Scope.CLUSTER);

    /** Of topics whose namespace is not configured. */
    public static final Namespace UNKNOWN = new Namespace("?", Access.NOBODY, Access.NOBODY, Scope.CLUSTER);

    /** Whether there is such a namespace. */
    public boolean isKnown() {
        return !equals(UNKNOWN);
    }
}
