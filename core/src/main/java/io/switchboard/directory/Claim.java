package io.switchboard.directory;

/**
 * That a session of a user is connected at a node.
 *
 * @param device the class within which {@link LoginPolicy.Scope#DEVICE} counts
 * @param incarnation of the node
 * @param epoch fences the claim: a later claim of the same user always has a higher one; 0 before it is granted
 */
public record Claim(String user, String device, String session, String node, long incarnation, long epoch) {
    /** The same with its epoch. */
    public Claim granted(long newEpoch) {
        return new Claim(user, device, session, node, incarnation, newEpoch);
    }
}
