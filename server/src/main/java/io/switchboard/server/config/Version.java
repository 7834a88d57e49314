package io.switchboard.server.config;

/** Which version is running. */
public final class Version {
    private Version() {}

    /** From the jar's manifest; a build that never became a jar has none. */
    public static String text() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "(from source)" : version;
    }
}
