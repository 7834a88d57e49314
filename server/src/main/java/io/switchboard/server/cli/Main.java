package io.switchboard.server.cli;

import io.switchboard.server.CannotRunException;
import io.switchboard.server.config.ConfigException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code switchboard}. Exit codes: 0 all went well, 1 it failed while running, 2 it was asked wrongly. */
@Command(
        name = "switchboard",
        header = "Clustered WebSocket messaging: a message for a user, a group or everyone reaches every connection"
                + " it is meant for, on whichever node that is.%n",
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        footer = {
            "%nExamples:",
            "  switchboard demo",
            "  switchboard serve --preset chat-redis --port 8080",
            "  switchboard check-config board.yaml",
            "  switchboard token --user 42 --ttl 1h",
            "%n'switchboard COMMAND --help' tells more about a command."
        },
        subcommands = {
            DemoCommand.class,
            ServeCommand.class,
            CheckConfigCommand.class,
            TokenCommand.class,
            BenchCommand.class,
            VersionCommand.class
        })
public final class Main implements Runnable {
    static final int OK = 0;
    static final int FAILED = 1;
    static final int WRONG = 2;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private Main() {}

    public static void main(String[] args) {
        var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(run(out, err, args));
    }

    /** Runs one command; returns its exit code. */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        var main = new CommandLine(new Main());
        main.addMixin("help", new HelpOption());
        main.getSubcommands().values().forEach(command -> command.addMixin("help", new HelpOption()));
        return main.setOut(out)
                .setErr(err)
                .setUsageHelpWidth(100)
                .setUsageHelpLongOptionsMaxWidth(30)
                .setParameterExceptionHandler(Main::asked)
                .setExecutionExceptionHandler(Main::failed)
                .execute(args);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which command? One of " + commands() + ".");
    }

    private String commands() {
        return String.join(", ", spec.subcommands().keySet());
    }

    private static int asked(ParameterException exception, String[] args) {
        var command = exception.getCommandLine();
        var err = command.getErr();
        err.println(exception.getMessage());
        UnmatchedArgumentException.printSuggestions(exception, err);
        err.println("'" + command.getCommandSpec().qualifiedName() + " --help' tells what there is.");
        return WRONG;
    }

    private static int failed(Exception exception, CommandLine command, ParseResult parsed) {
        var err = command.getErr();
        if (exception instanceof ConfigException wrong) {
            wrong.problems().forEach(err::println);
            int count = wrong.problems().size();
            err.println(count == 1 ? "1 mistake in the configuration." : count + " mistakes in the configuration.");
            return WRONG;
        }
        if (exception instanceof CannotRunException cannot) {
            err.println(cannot.getMessage());
            return FAILED;
        }
        exception.printStackTrace(err);
        err.println("This is a fault of switchboard itself; please report it with the lines above.");
        return FAILED;
    }
}
