package io.switchboard.server.cli;

import io.switchboard.server.config.Version;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code switchboard version}: what is running here. */
@Command(
        name = "version",
        header = "Prints the version, and what it runs on.",
        optionListHeading = "%nOptions:%n",
        footer = {"%nExample:", "  switchboard version"})
final class VersionCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        out.println("switchboard " + Version.text());
        out.println("JDK " + Runtime.version() + " (" + System.getProperty("java.vendor") + "), "
                + System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        return Main.OK;
    }
}
