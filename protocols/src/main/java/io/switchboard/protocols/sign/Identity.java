package io.switchboard.protocols.sign;

import io.switchboard.message.Topic;

/**
 * Whom a connection belongs to: a user, of a tenant or a bank or both, and the kind of program. Each is 1 to 64
 * letters, digits and hyphens; those a user has none of are empty. The key is the published one:
 * {@code T_7_3_tenant_B_7_9_bank_1}.
 */
public record Identity(String userId, String tenantId, String bankId, String fromType) {
    private static final int LENGTH_MAX = 64;

    /** @throws IllegalArgumentException naming what is wrong; with neither tenant nor bank it would be everybody's */
    public Identity {
        check("userId", userId);
        check("fromType", fromType);
        if (tenantId.isEmpty() && bankId.isEmpty()) {
            throw new IllegalArgumentException("an identity needs a tenant or a bank");
        }
        if (!tenantId.isEmpty()) {
            check("tenantId", tenantId);
        }
        if (!bankId.isEmpty()) {
            check("bankId", bankId);
        }
    }

    private static void check(String name, String value) {
        boolean fits = !value.isEmpty()
                && value.length() <= LENGTH_MAX
                && value.chars()
                        .allMatch(c ->
                                (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-');
        if (!fits) {
            throw new IllegalArgumentException(name + " must be 1 to " + LENGTH_MAX + " letters, digits or hyphens");
        }
    }

    public String key() {
        return (tenantId.isEmpty() ? "" : "T_" + userId + "_" + tenantId + "_tenant_")
                + (bankId.isEmpty() ? "" : "B_" + userId + "_" + bankId + "_bank_")
                + fromType;
    }

    public Topic topic() {
        return Topic.of(SignProtocol.IDENTITY + ":" + key());
    }
}
