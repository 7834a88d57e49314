package io.switchboard.transport.handshake;

import io.switchboard.hub.Lane;
import io.switchboard.protocol.Encoder;
import io.switchboard.protocol.Endpoint;
import io.switchboard.protocol.Opening;
import io.switchboard.protocol.Refusal;
import io.switchboard.protocol.Request;
import io.switchboard.transport.http.HttpConnection;
import io.switchboard.transport.http.Percent;
import io.switchboard.transport.http.RequestHead;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Which endpoint a path belongs to. */
final class EndpointTable<E extends Endpoint<?>> {
    /** An endpoint and the values of its template's variables. */
    record Found<E extends Endpoint<?>>(
            E endpoint, List<Lane> lanes, Map<String, String> variables, String emptyVariable) {
        /** @throws Refusal.Thrown if a variable of the path is empty */
        Request request(RequestHead head, HttpConnection http) throws Refusal.Thrown {
            if (!emptyVariable.isEmpty()) {
                throw new Refusal.Thrown(
                        Refusal.of(400, "{" + emptyVariable + "} is empty in the path " + endpoint.path()));
            }
            return new Request(
                    head.path(), variables, Percent.query(head.query()), head.headers(), http.remoteAddress());
        }

        /**
         * For clients that want to be spoken to as this one.
         *
         * @throws IllegalStateException if the endpoint chose an encoder that it had not named
         */
        Lane lane(Request request) {
            Encoder chosen = endpoint.encoder(request);
            for (Lane lane : lanes) {
                if (lane.encoder().equals(chosen)) {
                    return lane;
                }
            }
            throw new IllegalStateException(
                    endpoint.protocol() + " chose an encoder that is not one of its encoders()");
        }
    }

    /** What an endpoint makes of a request. */
    interface Opens {
        Opening<?> open() throws Refusal.Thrown;
    }

    private record Entry<E extends Endpoint<?>>(PathTemplate template, E endpoint, List<Lane> lanes) {}

    private final List<Entry<E>> entries;
    private final boolean anyParameter;

    /** @throws IllegalArgumentException if two endpoints claim the same paths */
    EndpointTable(List<E> endpoints, Function<E, Lanes> lanes) {
        var all = new ArrayList<Entry<E>>();
        for (E endpoint : endpoints) {
            var template = new PathTemplate(endpoint.path());
            for (Entry<E> other : all) {
                if (other.template().shape().equals(template.shape())) {
                    throw new IllegalArgumentException("two endpoints claim the same path: "
                            + other.endpoint().protocol() + " " + other.template() + " and " + endpoint.protocol() + " "
                            + template);
                }
            }
            all.add(new Entry<>(template, endpoint, lanes.apply(endpoint).of(endpoint)));
        }
        all.sort(Comparator.comparing(entry -> entry.template().rank()));
        entries = List.copyOf(all);
        anyParameter = all.stream().anyMatch(entry -> entry.template().hasParameter());
    }

    static Opening<?> guarded(Opens opens) throws Refusal.Thrown {
        try {
            return opens.open();
        } catch (IllegalArgumentException e) {
            // A name in the request that is none; the text does not repeat it.
            throw new Refusal.Thrown(Refusal.of(400, String.valueOf(e.getMessage())));
        }
    }

    /**
     * @param path percent-encoded
     * @param query percent-encoded, looked at only where an endpoint asks for a parameter
     */
    Optional<Found<E>> find(String path, String query) throws Refusal.Thrown {
        Map<String, String> parameters = anyParameter ? Percent.query(query) : Map.of();
        var segments = new ArrayList<String>();
        for (String segment : PathTemplate.segments(path)) {
            segments.add(Percent.decode(segment));
        }
        Optional<Found<E>> incomplete = Optional.empty();
        for (Entry<E> entry : entries) {
            Optional<PathTemplate.Fit> fit = entry.template().fit(segments, parameters);
            if (fit.isPresent()) {
                var found = new Found<>(
                        entry.endpoint(),
                        entry.lanes(),
                        fit.get().variables(),
                        fit.get().emptyVariable());
                if (found.emptyVariable().isEmpty()) {
                    return Optional.of(found);
                } else if (incomplete.isEmpty()) {
                    incomplete = Optional.of(found);
                }
            }
        }
        return incomplete;
    }
}
