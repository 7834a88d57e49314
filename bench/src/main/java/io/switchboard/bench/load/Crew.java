package io.switchboard.bench.load;

import io.switchboard.bench.plan.BenchPlan;
import io.switchboard.bench.plan.Scenario;
import java.util.ArrayList;
import java.util.List;

/** Everybody who takes part: first the listeners, then the publishers where these are connections of their own. */
final class Crew {
    private final List<Member> members;
    private final Scenario traffic;
    private final int groups;
    private final int listeners;
    private final int publishersPerGroup;

    Crew(BenchPlan plan) {
        traffic = plan.traffic();
        var crowd = plan.crowd();
        groups = crowd.groups();
        listeners = crowd.connections();
        int publishers = traffic.hasPublishers() ? crowd.publishers() : 0;
        publishersPerGroup = publishers / groups;
        members = new ArrayList<>(listeners + publishers);
        int servers = plan.urls().size();
        boolean everybody = traffic == Scenario.PAIRS || traffic == Scenario.ECHO;
        for (int i = 0; i < listeners; i++) {
            int target = traffic == Scenario.PAIRS ? i ^ 1 : i;
            members.add(new Member(i, i, target, i % groups, server(i, servers), everybody, traffic.hasTraffic()));
        }
        for (int i = 0; i < publishers; i++) {
            int server = traffic == Scenario.CLUSTER ? 0 : i % servers;
            members.add(new Member(listeners + i, i, i, i % groups, server, true, false));
        }
    }

    /** In a cluster one listener of each group is beside its publisher, to tell what the way between nodes adds. */
    private int server(int listener, int servers) {
        if (traffic != Scenario.CLUSTER) {
            return listener % servers;
        }
        return listener < groups ? 0 : 1 + (listener - groups) % (servers - 1);
    }

    List<Member> members() {
        return members;
    }

    /** Who belongs to a worker; partners are never parted, because one's message is the other's cue. */
    List<Member> of(int worker, int workers) {
        return members.stream()
                .filter(member -> member.id / 2 % workers == worker)
                .toList();
    }

    int publishers() {
        return traffic.hasPublishers() ? members.size() - listeners : listeners;
    }

    int firstPublisher() {
        return traffic.hasPublishers() ? listeners : 0;
    }

    /** Pairs of a listener and a publisher whose messages are meant for it. */
    int pairs() {
        return listeners * perListener();
    }

    private int perListener() {
        return traffic.hasPublishers() ? publishersPerGroup : 1;
    }

    /** The pair's number, or -1 if this listener should not hear that publisher. */
    int pair(Member listener, long publisher) {
        if (publisher < 0 || publisher >= publishers()) {
            return -1;
        }
        int number = (int) publisher;
        if (traffic.hasPublishers()) {
            return number % groups == listener.group ? listener.id * publishersPerGroup + number / groups : -1;
        }
        return number == listener.target ? listener.id : -1;
    }

    Member listenerOf(int pair) {
        return members.get(pair / perListener());
    }

    Member publisherOf(int pair) {
        var listener = listenerOf(pair);
        return traffic.hasPublishers()
                ? members.get(listeners + listener.group + pair % publishersPerGroup * groups)
                : members.get(listener.target);
    }

    /** Tells each publisher how many there are to hear it; everybody is connected, nothing is said yet. */
    void countAudiences() {
        var perGroup = new int[groups];
        for (var member : members) {
            if (member.listens && member.ready()) {
                perGroup[member.group]++;
            }
        }
        for (var member : members) {
            if (traffic.hasPublishers()) {
                member.audience = member.publishes ? perGroup[member.group] : 0;
            } else {
                member.audience = members.get(member.target).ready() ? 1 : 0;
            }
        }
    }
}
