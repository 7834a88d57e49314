package io.switchboard.server.scripts;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.switchboard.server.scripts.Shell.Result;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckScriptTest {
    private static final String REPORTS = """
            <testsuite xmlns:xsi="x" name="a.FirstTest" time="0.1" tests="7" errors="1" skipped="2" failures="1">
              <properties><property name="tests" value="99"/></properties>
              <testcase name="fine" classname="a.FirstTest" time="0.0"/>
              <testcase name="broken" classname="a.FirstTest" time="0.0">
                <failure message="expected: &lt;a&gt; but was: &lt;b&gt;" type="x.Error"><![CDATA[x]]></failure>
              </testcase>
              <testcase name="thrown" classname="a.FirstTest" time="0.0">
                <error message="boom &quot;here&quot;&#10;and there" type="x.Exception"/>
              </testcase>
            </testsuite>
            <testsuite name="a.SecondTest" time="0.1" tests="5" errors="0" skipped="0" failures="0">
            </testsuite>
            """;

    private final Path directory;

    CheckScriptTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void reportsAreSummedUp() throws Exception {
        assertEquals(new Result(0, "12 2 2"), reports("count_tests", REPORTS));
        assertEquals(new Result(0, "0 0 0"), reports("count_tests", ""));
    }

    @Test
    void failedTestsAreNamedWithTheReason() throws Exception {
        assertEquals("""
                a.FirstTest.broken
                      expected: <a> but was: <b>
                  a.FirstTest.thrown
                      boom "here" and there""", reports("failed_tests", REPORTS).text());
    }

    @Test
    void theProgressOfMavenIsToldStepByStep() throws Exception {
        var log = """
                [INFO] Building Switchboard 0.1.0-SNAPSHOT                              [1/8]
                [INFO] --- maven-enforcer-plugin:3.7.0:enforce (rules) @ switchboard-parent ---
                [INFO] Building Switchboard :: Bridge :: Redis 0.1.0-SNAPSHOT           [6/8]
                [INFO] --- spotless:3.11.0:check (default) @ switchboard-bridge-redis ---
                [INFO] Running a.SomeTest
                [INFO] Tests run: 16, Failures: 0, Errors: 0, Skipped: 1, Time elapsed: 0.3 s -- in a.SomeTest
                [ERROR] Tests run: 5, Failures: 1, Errors: 1, Skipped: 0, Time elapsed: 1 s <<< FAILURE! -- in a.BTest
                [INFO] Tests run: 21, Failures: 1, Errors: 1, Skipped: 1
                """;
        var told = """
                Parent: enforcer enforce
                Bridge :: Redis: spotless check
                Bridge :: Redis: a.SomeTest  15 passed, 1 skipped
                Bridge :: Redis: a.BTest  3 passed, 2 FAILED
                """;
        assertEquals(
                told.strip(),
                source("maven.sh", "maven_progress every", log).text().replaceAll("(?m)^\\[ *\\d+s] ", ""));
    }

    @Test
    void theReasonOfAFailedBuildIsWhatThePersonNeeds() throws Exception {
        var log = """
                [INFO] fine
                [WARNING] /a/B.java:[3,4] [SomeCheck] do not do this
                [ERROR] COMPILATION ERROR :
                [ERROR] Failed to execute goal x:compile on project y: Compilation failure -> [Help 1]
                [ERROR]
                [ERROR] Re-run Maven using the -X switch to enable full debug logging.
                [ERROR] [Help 1] http://example.com
                """;
        var told = """
                [WARNING] /a/B.java:[3,4] [SomeCheck] do not do this
                [ERROR] COMPILATION ERROR :
                [ERROR] Failed to execute goal x:compile on project y: Compilation failure
                """;
        assertEquals(
                told.strip(), source("maven.sh", "maven_reason /dev/stdin", log).text());
    }

    private Result reports(String function, String input) throws Exception {
        return source("reports.sh", function, input);
    }

    private Result source(String file, String command, String input) throws Exception {
        var script = ". " + Shell.ROOT + "/scripts/" + file + "; " + command;
        return new Shell(directory)
                .run(Map.of("PATH", "/usr/bin:/bin"), input, "/bin/bash", "-euo", "pipefail", "-c", script);
    }
}
