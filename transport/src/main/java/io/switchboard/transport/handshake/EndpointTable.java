package io.switchboard.transport.handshake;

import io.switchboard.hub.Framing;
import io.switchboard.hub.Lane;
import io.switchboard.protocol.Endpoint;
import io.switchboard.protocol.Refusal;
import io.switchboard.transport.http.Percent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which endpoint a path belongs to. */
final class EndpointTable {
    /** An endpoint and the values of its template's variables. */
    record Found(Endpoint<?> endpoint, Lane lane, Map<String, String> variables, String emptyVariable) {}

    private record Entry(PathTemplate template, Endpoint<?> endpoint, Lane lane) {}

    private final List<Entry> entries;
    private final boolean anyParameter;

    /** @throws IllegalArgumentException if two endpoints claim the same paths */
    EndpointTable(List<Endpoint<?>> endpoints, Framing framing) {
        var all = new ArrayList<Entry>();
        for (Endpoint<?> endpoint : endpoints) {
            var template = new PathTemplate(endpoint.path());
            for (Entry other : all) {
                if (other.template().shape().equals(template.shape())) {
                    throw new IllegalArgumentException("two endpoints claim the same path: "
                            + other.endpoint().protocol() + " " + other.template() + " and " + endpoint.protocol() + " "
                            + template);
                }
            }
            all.add(new Entry(template, endpoint, lane(all, endpoint, framing)));
        }
        all.sort(Comparator.comparing(entry -> entry.template().rank()));
        entries = List.copyOf(all);
        anyParameter = all.stream().anyMatch(entry -> entry.template().hasParameter());
    }

    /** Endpoints that have an encoder in common share its lane. */
    private static Lane lane(List<Entry> before, Endpoint<?> endpoint, Framing framing) {
        for (Entry entry : before) {
            if (entry.lane().encoder().equals(endpoint.encoder())) {
                return entry.lane();
            }
        }
        return new Lane(endpoint.encoder(), framing);
    }

    /**
     * @param path percent-encoded
     * @param query percent-encoded, looked at only where an endpoint asks for a parameter
     */
    Optional<Found> find(String path, String query) throws Refusal.Thrown {
        Map<String, String> parameters = anyParameter ? Percent.query(query) : Map.of();
        var segments = new ArrayList<String>();
        for (String segment : PathTemplate.segments(path)) {
            segments.add(Percent.decode(segment));
        }
        Optional<Found> incomplete = Optional.empty();
        for (Entry entry : entries) {
            Optional<PathTemplate.Fit> fit = entry.template().fit(segments, parameters);
            if (fit.isPresent()) {
                var found = new Found(
                        entry.endpoint(),
                        entry.lane(),
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
