package io.switchboard.hub;

/**
 * What may be done with the topics of a namespace.
 *
 * @param name the text before the first colon of a topic
 * @param subscribe who may listen by a command; what an endpoint opens with needs no permission
 * @param publish who may publish by a command; the application's own code always may
 * @param scope how far publications go
 * @param shortCut whether its listeners are one user or connection, which are in one place: a published format then
 *     sends only what reaches nobody here
 */
public record Namespace(String name, Access subscribe, Access publish, Scope scope, boolean shortCut) {
    public Namespace(String name, Access subscribe, Access publish, Scope scope) {
        this(name, subscribe, publish, scope, false);
    }

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
        NODE
    }

    public static final Namespace USER = new Namespace("user", Access.OWNER, Access.SIGNED_IN, Scope.CLUSTER, true);
    public static final Namespace GROUP = new Namespace("group", Access.ANYONE, Access.LISTENER, Scope.CLUSTER);
    public static final Namespace ALL = new Namespace("all", Access.ANYONE, Access.SIGNED_IN, Scope.CLUSTER);
    public static final Namespace SESSION = new Namespace("session", Access.NOBODY, Access.NOBODY, Scope.NODE);
    public static final Namespace NODE = new Namespace("node", Access.NOBODY, Access.NOBODY, Scope.CLUSTER);

    /** Of topics whose namespace is not configured. */
    public static final Namespace UNKNOWN = new Namespace("?", Access.NOBODY, Access.NOBODY, Scope.CLUSTER);
}
