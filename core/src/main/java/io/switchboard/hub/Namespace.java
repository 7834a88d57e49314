package io.switchboard.hub;

/**
 * What may be done with the topics of a namespace.
 *
 * @param name the text before the first colon of a topic
 * @param subscribe who may listen by a command; what an endpoint opens with needs no permission
 * @param publish who may publish by a command; the application's own code always may
 * @param scope how far publications go
 * @param slow what becomes of its publications when a listener does not keep up
 * @param shortCut whether its listeners are one user or connection, which are in one place: a published format then
 *     sends only what reaches nobody here
 */
public record Namespace(String name, Access subscribe, Access publish, Scope scope, Slow slow, boolean shortCut) {
    /** Who may. */
    public enum Access {
        ANYONE,
        SIGNED_IN,
        LISTENER,
        OWNER,
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
}
