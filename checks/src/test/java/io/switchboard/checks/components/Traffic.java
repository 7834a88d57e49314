package io.switchboard.checks.components;

/** One operation on one channel, as it went through the broker. The payload is empty except for a publish. */
public record Traffic(String operation, String channel, String payload) {
    @Override
    public String toString() {
        return payload.isEmpty() ? operation + " " + channel : operation + " " + channel + " " + payload;
    }
}
