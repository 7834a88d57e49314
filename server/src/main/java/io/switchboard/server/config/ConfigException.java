package io.switchboard.server.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used; knows every mistake in it, not only the first. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<ConfigProblem> problems;

    ConfigException(List<ConfigProblem> problems) {
        super(problems.stream().map(ConfigProblem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** Every mistake, in the order of the layers and of the lines. */
    public List<ConfigProblem> problems() {
        return problems;
    }
}
