package io.switchboard.protocols.centrifugal;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What of a namespace's rules this protocol alone has.
 *
 * @param name what the name after the namespace must match; empty for ASCII
 * @param userLimited whether a channel whose name ends in {@code #ann,ben} is open to ann and ben, and to nobody else
 * @param positioning whether a client may ask to be told of gaps, though it may not read the history
 * @param recovery whether a client may ask for what it missed, though it may not read the history
 * @param tagsFilter whether a client may choose by tags what it hears
 * @param anonymousListeners whether those who have not signed in may do what only listeners may
 */
public record ChannelRules(
        Optional<Pattern> name,
        boolean userLimited,
        boolean positioning,
        boolean recovery,
        boolean tagsFilter,
        boolean anonymousListeners) {
    public static final ChannelRules USUAL = new ChannelRules(Optional.empty(), false, false, false, false, true);
}
