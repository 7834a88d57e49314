package io.switchboard.hub;

import io.switchboard.protocol.Conversation.Attendee;
import java.util.Map;

/**
 * Some of those who listen to a topic.
 *
 * @param sessions by id
 * @param next how to ask for the next page, empty after the last one
 */
public record Attendants(Map<String, Attendee> sessions, String next) {}
