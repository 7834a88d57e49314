package io.switchboard.checks.shape;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.core.domain.JavaModifier.SYNCHRONIZED;
import static com.tngtech.archunit.core.domain.JavaModifier.VOLATILE;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Which room may know which, and what stays out of which room. */
class ArchitectureTest {
    /** If fewer classes than this are found, the rules below prove nothing. Raised as the code grows. */
    private static final int CLASSES_MIN = 100;

    private static final JavaClasses CODE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.switchboard");

    private static final String MESSAGE = "io.switchboard.message..";
    private static final String LOOP = "io.switchboard.loop..";
    private static final String METRICS = "io.switchboard.metrics..";
    private static final String HUB = "io.switchboard.hub..";
    private static final String NODE = "io.switchboard.node..";
    private static final String PROTOCOLS = "io.switchboard.protocols..";
    private static final String TRANSPORT = "io.switchboard.transport..";
    private static final String BRIDGES = "io.switchboard.bridges..";
    private static final String BENCH = "io.switchboard.bench..";
    private static final String TOKENS = "io.switchboard.tokens..";
    private static final String SERVER = "io.switchboard.server..";

    /** The contracts that are fulfilled outside of core. */
    private static final String[] CONTRACTS = {
        "io.switchboard.protocol..",
        "io.switchboard.backplane..",
        "io.switchboard.log..",
        "io.switchboard.directory..",
        "io.switchboard.discovery.."
    };

    private static final String[] CORE = joined(CONTRACTS, MESSAGE, LOOP, METRICS, HUB, NODE);

    /** The client library of each broker, and the one bridge that may import it; and that of tokens. */
    private static final Map<String, String> CLIENT_LIBRARIES = Map.of(
            "io.lettuce..", "io.switchboard.bridges.redis..",
            "com.rabbitmq..", "io.switchboard.bridges.rabbitmq..",
            "org.apache.rocketmq..", "io.switchboard.bridges.rocketmq..",
            "com.nimbusds..", "io.switchboard.tokens..",
            "com.alibaba.nacos..", "io.switchboard.bridges.nacos..",
            "io.nats..", "io.switchboard.bridges.nats..",
            "org.apache.kafka..", "io.switchboard.bridges.kafka..");

    private static final List<String> BANNED_ENDINGS =
            List.of("Manager", "Helper", "Util", "Utils", "Impl", "Base", "Service", "DTO", "Dto");

    @Test
    void codeWasFound() {
        assertTrue(CODE.size() >= CLASSES_MIN, () -> "only " + CODE.size() + " classes were found");
    }

    // spotless:off - one rule, two lines; the formatter would put every word on a line of its own.

    @TestFactory
    Stream<DynamicTest> arrowsPointOneWay() {
        return tests(
                classes().that().resideInAnyPackage(CORE)
                        .should().onlyDependOnClassesThat().resideInAnyPackage(joined(CORE, "java..", "org.jspecify.."))
                        .as("core knows the JDK and itself"),
                noClasses().that().resideInAPackage(PROTOCOLS)
                        .should().dependOnClassesThat().resideInAnyPackage(TRANSPORT, BRIDGES, SERVER),
                noClasses().that().resideInAPackage(BRIDGES)
                        .should().dependOnClassesThat().resideInAnyPackage(TRANSPORT, PROTOCOLS, SERVER),
                noClasses().that().resideInAPackage(TRANSPORT)
                        .should().dependOnClassesThat().resideInAnyPackage(BRIDGES, SERVER),
                noClasses().that().resideInAPackage(TOKENS)
                        .should().dependOnClassesThat().resideInAnyPackage(TRANSPORT, BRIDGES, SERVER),
                noClasses().that().resideInAnyPackage(TRANSPORT, PROTOCOLS, BRIDGES)
                        .should().dependOnClassesThat().resideInAPackage(TOKENS),
                noClasses().that().resideOutsideOfPackage(SERVER)
                        .should().dependOnClassesThat().resideInAPackage(SERVER),
                classes().that().resideInAPackage(BENCH)
                        .should().onlyDependOnClassesThat()
                        .resideInAnyPackage(BENCH, "java..", "org.jspecify..", "org.HdrHistogram..")
                        .as("the load generator knows no server"),
                slices().matching("io.switchboard.bridges.(*)..").should().notDependOnEachOther());
    }

    @TestFactory
    Stream<DynamicTest> roomsOfCoreFormAStair() {
        return tests(
                noClasses().that().resideInAnyPackage(MESSAGE, LOOP, METRICS)
                        .should().dependOnClassesThat().resideInAnyPackage(joined(CONTRACTS, HUB, NODE)),
                noClasses().that().resideInAnyPackage(CONTRACTS)
                        .should().dependOnClassesThat().resideInAnyPackage(HUB, NODE),
                noClasses().that().resideInAPackage(HUB)
                        .should().dependOnClassesThat().resideInAPackage(NODE),
                slices().matching("io.switchboard.(*)..").should().beFreeOfCycles());
    }

    @TestFactory
    Stream<DynamicTest> librariesStayWhereTheyBelong() {
        var netty = noClasses().that().resideOutsideOfPackages(TRANSPORT, "io.switchboard.bridges.redis..")
                .should().dependOnClassesThat().resideInAPackage("io.netty..");
        var clients = CLIENT_LIBRARIES.entrySet().stream().map(library ->
                noClasses().that().resideOutsideOfPackage(library.getValue())
                        .should().dependOnClassesThat().resideInAPackage(library.getKey()));
        return tests(Stream.concat(Stream.of(netty), clients).toArray(ArchRule[]::new));
    }

    @TestFactory
    Stream<DynamicTest> whatIsPublicIsClosed() {
        return tests(
                classes().that().arePublic().and().areNotInterfaces().and(not(assignableTo(Enum.class)))
                        .should().haveModifier(FINAL)
                        .as("public means interface, record, enum, annotation, or final class"));
    }

    @TestFactory
    Stream<DynamicTest> shardHasOneWriter() {
        var shard = belongToOneEventLoop();
        return tests(
                noClasses().that(shard).should().dependOnClassesThat(guardAgainstOtherThreads()),
                fields().that().areDeclaredInClassesThat(shard).should().notHaveModifier(VOLATILE),
                methods().that().areDeclaredInClassesThat(shard).should().notHaveModifier(SYNCHRONIZED));
    }

    @TestFactory
    Stream<DynamicTest> nobodySleepsOrPrints() {
        return tests(
                noClasses().should().callMethodWhere(describe("Thread.sleep is called", call ->
                        call.getTargetOwner().isEquivalentTo(Thread.class) && call.getName().equals("sleep"))),
                noClasses().that().resideOutsideOfPackages("io.switchboard.server", "io.switchboard.server.cli..")
                        .should().accessFieldWhere(describe("System.out or System.err is used", access ->
                                access.getTargetOwner().isEquivalentTo(System.class)
                                        && access.getTarget().getRawType().isEquivalentTo(PrintStream.class))));
    }

    @TestFactory
    Stream<DynamicTest> namesSayWhatAThingIs() {
        return tests(
                noClasses().should().haveNameMatching(".*[.$]Abstract[A-Z]\\w*")
                        .orShould().haveNameMatching(".*(" + String.join("|", BANNED_ENDINGS) + ")")
                        .as("no class is called " + BANNED_ENDINGS + " or Abstract…"));
    }

    // spotless:on

    private static DescribedPredicate<JavaClass> belongToOneEventLoop() {
        return describe(
                "belong to one event loop",
                type -> type.getName().matches("io\\.switchboard\\.hub\\.(Shard|Members)(\\$.*)?"));
    }

    private static DescribedPredicate<JavaClass> guardAgainstOtherThreads() {
        // A LongAdder is allowed: it only counts, for others to read.
        return resideInAnyPackage("java.util.concurrent.locks..")
                .or(describe(
                        "are concurrent collections or atomics",
                        type -> type.getName()
                                .matches("java\\.util\\.concurrent\\.(Concurrent|CopyOnWrite|atomic\\.Atomic).*"
                                        + "|java\\.util\\.concurrent\\..*(Queue|Deque)")));
    }

    /** A module that is still empty breaks no rule. */
    private static Stream<DynamicTest> tests(ArchRule... rules) {
        return Stream.of(rules)
                .map(rule -> DynamicTest.dynamicTest(
                        rule.getDescription(), () -> rule.allowEmptyShould(true).check(CODE)));
    }

    private static String[] joined(String[] some, String... more) {
        return Stream.concat(Stream.of(some), Stream.of(more)).toArray(String[]::new);
    }
}
