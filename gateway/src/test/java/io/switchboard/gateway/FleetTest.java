package io.switchboard.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.switchboard.discovery.Discovery;
import io.switchboard.discovery.Instance;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FleetTest {
    private static final Duration NEVER = Duration.ofHours(1);

    @Test
    void theFewestConnectionsWinAndThoseUnderWayCount() {
        var fleet = fleet(node("a", 10, false), node("b", 4, false));
        var chosen = new HashMap<String, Integer>();
        for (int i = 0; i < 10; i++) {
            chosen.merge(fleet.choose(Set.of()).orElseThrow().node(), 1, Integer::sum);
        }
        assertEquals(Map.of("a", 2, "b", 8), chosen);
        fleet.destroy();
    }

    @Test
    void aDrainingNodeIsNotChosen() {
        var fleet = fleet(node("a", 0, true), node("b", 100, false));
        assertEquals("b", fleet.choose(Set.of()).orElseThrow().node());
        assertEquals(Optional.empty(), fleet.choose(Set.of("b:1")));
        fleet.destroy();
    }

    @Test
    void whatAReportCountsIsNotUnderWayAnyMore() {
        var berth = new Berth(node("a", 5, false), NEVER);
        berth.chosen(1);
        berth.chosen(2);
        berth.chosen(3);
        assertEquals(8, berth.expected());
        assertEquals(8, berth.with(node("a", 7, false)).expected());
        assertEquals(9, berth.with(node("a", 9, false)).expected());
        assertEquals(7, berth.with(node("a", 4, false)).expected());
    }

    @Test
    void whoHasNotShownUpInTimeIsNotExpectedAnyMore() {
        var berth = new Berth(node("a", 5, false), Duration.ZERO);
        berth.chosen(1);
        assertEquals(5, berth.expected());
    }

    @Test
    void nodesAlikeComeInTurn() {
        var fleet = fleet(Duration.ZERO, node("a", 0, false), node("b", 0, false), node("c", 0, false));
        var chosen = Stream.generate(() -> fleet.choose(Set.of()).orElseThrow().node())
                .limit(6)
                .collect(Collectors.joining());
        assertEquals("abcabc", chosen);
        fleet.destroy();
    }

    @Test
    void reportsAreAwaitedForAsLongAsTheyTake() {
        var second = Duration.ofSeconds(1);
        assertEquals(
                Duration.ofSeconds(4), settings("", List.of(), second, second).arrival());
        assertEquals(
                Duration.ofSeconds(11),
                settings("nacos:8848", List.of(), second, second).arrival());
    }

    @Test
    void anAddressThatIsNoneIsNamed() {
        var settings = settings("", List.of("a:1", "b"), NEVER, NEVER);
        var failure = assertThrows(IllegalArgumentException.class, settings::listed);
        assertEquals(
                "switchboard.gateway.nodes: \"b\" is not the address of a node; give host:port", failure.getMessage());
    }

    private static GatewaySettings settings(String nacos, List<String> nodes, Duration refresh, Duration visit) {
        return new GatewaySettings("s", nodes, nacos, "", "", "", "", refresh, visit);
    }

    private static Fleet fleet(Instance... nodes) {
        return fleet(NEVER, nodes);
    }

    private static Fleet fleet(Duration arrival, Instance... nodes) {
        return new Fleet(Discovery.fixed(List.of(nodes)), new Visitor(Duration.ZERO), NEVER, arrival);
    }

    private static Instance node(String name, int connections, boolean draining) {
        return Instance.of(name, name, 1, "1", connections, draining);
    }
}
