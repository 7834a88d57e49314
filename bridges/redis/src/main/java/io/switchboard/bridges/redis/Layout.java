package io.switchboard.bridges.redis;

import io.switchboard.backplane.Address;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Which servers there are now, and which of them each tag belongs to. */
final class Layout {
    private final List<Address> masters;
    private final int[] ownerOfTag;
    private final int[] ownerOfSlot;
    private final boolean sharded;

    private Layout(List<Address> masters, int[] ownerOfTag, int[] ownerOfSlot, boolean sharded) {
        this.masters = List.copyOf(masters);
        this.ownerOfTag = ownerOfTag;
        this.ownerOfSlot = ownerOfSlot;
        this.sharded = sharded;
    }

    /** One server has it all, by classic publish/subscribe. */
    static Layout single(Address server) {
        return new Layout(List.of(server), new int[Channels.TAGS], new int[Slots.COUNT], false);
    }

    /**
     * Independent servers, by classic publish/subscribe. Each tag is at the server with the highest hash of both:
     * so the order of the list does not matter, and a server more or less moves its own share of the tags only.
     */
    static Layout spread(List<Address> servers) {
        int[] owners = new int[Channels.TAGS];
        for (int tag = 0; tag < owners.length; tag++) {
            long highest = 0;
            for (int place = 0; place < servers.size(); place++) {
                long hash = Slots.mixed(servers.get(place).toString(), tag);
                if (place == 0 || Long.compareUnsigned(hash, highest) > 0) {
                    highest = hash;
                    owners[tag] = place;
                }
            }
        }
        return new Layout(servers, owners, new int[Slots.COUNT], false);
    }

    /**
     * A Cluster with sharded publish/subscribe.
     *
     * @param ownerOfSlot for each slot the master's place in the list, -1 where there is none
     */
    static Layout sharded(List<Address> masters, int[] ownerOfSlot) {
        int[] owners = new int[Channels.TAGS];
        for (int tag = 0; tag < owners.length; tag++) {
            owners[tag] = ownerOfSlot[Channels.slot(tag)];
        }
        return new Layout(masters, owners, ownerOfSlot, true);
    }

    /** Those that own a tag; a master without is of no interest. */
    List<Address> masters() {
        return masters.stream().filter(master -> firstTag(master) >= 0).toList();
    }

    /** Whether one server has it all. */
    boolean isOne() {
        return masters.size() == 1;
    }

    boolean sharded() {
        return sharded;
    }

    Optional<Address> owner(int tag) {
        int owner = ownerOfTag[tag];
        return owner < 0 ? Optional.empty() : Optional.of(masters.get(owner));
    }

    /** Who has the keys of a slot of the Cluster; without Cluster the one server. */
    Optional<Address> ownerOfSlot(int slot) {
        int owner = ownerOfSlot[slot];
        return owner < 0 ? Optional.empty() : Optional.of(masters.get(owner));
    }

    /** Whether every key is where it is in the other. */
    boolean hasOwnersOf(Layout other) {
        return masters.equals(other.masters) && Arrays.equals(ownerOfSlot, other.ownerOfSlot);
    }

    /** The lowest tag the master owns, -1 if none. */
    int firstTag(Address master) {
        int place = masters.indexOf(master);
        for (int tag = 0; tag < ownerOfTag.length; tag++) {
            if (ownerOfTag[tag] == place) {
                return tag;
            }
        }
        return -1;
    }

    @Override
    public String toString() {
        return masters
                + (sharded ? " sharded" : "")
                + (Arrays.stream(ownerOfTag).anyMatch(owner -> owner < 0) ? " incomplete" : "");
    }
}
