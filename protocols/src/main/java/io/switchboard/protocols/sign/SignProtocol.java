package io.switchboard.protocols.sign;

import io.switchboard.message.Names;
import io.switchboard.message.Topic;
import io.switchboard.metrics.Meters;
import io.switchboard.protocol.Encoder;
import io.switchboard.protocol.Endpoint;
import io.switchboard.protocol.Namespace;
import io.switchboard.protocols.plain.PlainEncoder;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * The endpoints of the sign protocol: any path with {@code ?sign=}, whose value names the connection. A client may
 * bind an identity to it; pushes find it by either ({@link SignPush}).
 *
 * <pre>
 *   {"Type":1,"DataInfo":{"userId":7,"tenantId":3,"bankId":null,"fromeType":1}}
 *
 *   sign:{sign}       one connection: several if they have the same sign, and each hears
 *   identity:{key}    the connection that bound the identity last
 *   signs:all         every connection
 * </pre>
 */
public final class SignProtocol {
    static final String IDENTITY = "identity";
    static final Topic EVERYBODY = Topic.of("signs:all");
    private static final String CONNECTION = "sign";
    private static final int SIGN_BYTES_MAX = 200;

    private final SignSettings settings;
    private final Encoder encoder;
    private final LongAdder ignored;
    private final LongAdder rejected;

    public SignProtocol(SignSettings settings, Meters meters) {
        this.settings = settings;
        encoder = new PlainEncoder(
                meters.counter("switchboard.sign.skipped", "Binary messages that the sign protocol has no form for"));
        ignored = meters.counter("switchboard.sign.ignored", "Clients' messages of types that are not spoken here");
        rejected = meters.counter(
                "switchboard.sign.rejected", "Clients' identities without a tenant or bank, or with a wrong name");
    }

    /** @param paths to serve; none for any path that nobody else claims */
    public List<Endpoint<?>> endpoints(List<String> paths) {
        List<String> claimed = paths.isEmpty() ? List.of("") : paths;
        return claimed.stream().<Endpoint<?>>map(this::endpoint).toList();
    }

    private SignEndpoint endpoint(String path) {
        return new SignEndpoint(path + "?" + settings.parameter(), encoder, settings, ignored, rejected);
    }

    /** Only the application writes to connections and identities; to everybody clients write by a type of its own. */
    public static List<Namespace> namespaces() {
        return List.of(
                new Namespace(
                        CONNECTION, Namespace.Access.NOBODY, Namespace.Access.NOBODY, Namespace.Scope.CLUSTER, true),
                new Namespace(
                        IDENTITY, Namespace.Access.NOBODY, Namespace.Access.NOBODY, Namespace.Scope.CLUSTER, true),
                new Namespace("signs", Namespace.Access.NOBODY, Namespace.Access.ANYONE, Namespace.Scope.CLUSTER));
    }

    /** @throws IllegalArgumentException if it can be no sign */
    static Topic connection(String sign) {
        return Topic.of(CONNECTION + ":" + Names.check(CONNECTION, sign, SIGN_BYTES_MAX));
    }

    static boolean isConnection(Topic topic) {
        return topic.isIn(CONNECTION);
    }
}
