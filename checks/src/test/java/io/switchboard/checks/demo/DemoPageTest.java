package io.switchboard.checks.demo;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.switchboard.checks.client.Handshake;
import io.switchboard.checks.client.WsClient;
import io.switchboard.checks.components.Repository;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The demo page in a headless Chromium: Anna on one node reaches Ben on the other, groups and everyone; people who
 * speak chat, one who speaks Centrifugal and an application that calls the server API hear each other; lost connections
 * come back; what people write stays text; the browser finds nothing to complain about. Leaves two screenshots in
 * {@code checks/target}.
 */
@Tag("component")
@Tag("node")
class DemoPageTest {
    @RegisterExtension
    static final Stage STAGE = new Stage();

    private final List<String> complaints = new ArrayList<>();
    private final List<BrowserContext> contexts = new ArrayList<>();

    @AfterEach
    void browserHasNothingToComplainAbout() {
        contexts.forEach(BrowserContext::close);
        assertEquals(List.of(), complaints);
    }

    private Page open(String query) {
        return open(query, ColorScheme.LIGHT);
    }

    private Page open(String query, ColorScheme scheme) {
        var context = STAGE.browser()
                .newContext(new Browser.NewContextOptions()
                        .setViewportSize(1280, 800)
                        .setColorScheme(scheme));
        contexts.add(context);
        var page = context.newPage();
        page.onPageError(error -> complaints.add("uncaught: " + error));
        page.onConsoleMessage(message -> {
            if (!message.type().equals("log") && !message.type().equals("info")) {
                complaints.add(message.type() + ": " + message.text());
            }
        });
        page.addInitScript("addEventListener('securitypolicyviolation',"
                + " (event) => console.error('violates ' + event.violatedDirective + ': ' + event.blockedURI))");
        page.navigate(STAGE.demo().page() + query);
        return page;
    }

    private Person person(Page page, String name) {
        var person = new Person(page, name);
        person.awaitState("connected");
        return person;
    }

    @Test
    void annaReachesBenOnTheOtherNode() {
        var page = open("");
        var anna = person(page, "anna");
        var ben = person(page, "ben");
        var cleo = person(page, "cleo");
        assertEquals("node-a", anna.node());
        assertEquals("node-b", ben.node());
        anna.says("one:ben", "Hello Ben, from another node");
        ben.hears("one", "Hello Ben, from another node");
        ben.says("one:anna", "Hello Anna");
        anna.hears("one", "Hello Anna");
        assertFalse(cleo.hasHeard("Hello"));
    }

    @Test
    void groupsTellWhoJoinsAndReachTheirMembersOnly() {
        var page = open("");
        var anna = person(page, "anna");
        var ben = person(page, "ben");
        var cleo = person(page, "cleo");
        anna.joins("chess");
        anna.hears("notice", "You are in chess.");
        ben.joins("chess");
        ben.hears("notice", "You are in chess.");
        anna.hears("notice", "ben joined chess.");
        anna.says("group:chess", "e4");
        ben.hears("group", "e4");
        cleo.says("group:chess", "may I watch?");
        cleo.hears("error", "");
        assertFalse(cleo.hasHeard("e4"));
    }

    @Test
    void everyoneHearsWhatIsForEveryone() {
        var page = open("");
        var elsewhere = open("?people=xenia,yuri");
        var anna = person(page, "anna");
        var others = List.of(
                person(page, "ben"), person(page, "cleo"), person(elsewhere, "xenia"), person(elsewhere, "yuri"));
        anna.says("all", "Good morning, everyone");
        others.forEach(other -> other.hears("all", "Good morning, everyone"));
    }

    @Test
    void buttonsOnTopDoWhatTheySay() {
        var page = open("");
        var anna = person(page, "anna");
        var ben = person(page, "ben");
        page.click("[data-try=hello]");
        ben.hears("one", "Hello ben");
        page.click("[data-try=join]");
        anna.hears("notice", "You are in g1.");
        ben.hears("notice", "You are in g1.");
        page.click("[data-try=call]");
        ben.hears("all", "Good morning");
        page.click("[data-try=cut]");
        ben.awaitState("reconnecting");
        ben.awaitState("connected");
    }

    @Test
    void threeProtocolsHearEachOtherInOneGroup() {
        var page = open("");
        var anna = person(page, "anna");
        var ben = person(page, "ben");
        var dora = person(page, "dora");
        var application = new Application(page);
        assertEquals(List.of("chat", "chat", "Centrifugal"), List.of(anna.language(), ben.language(), dora.language()));
        List.of(anna, ben, dora).forEach(one -> {
            one.joins("g1");
            one.hears("notice", "You are in g1.");
        });

        anna.says("group:g1", "in words of chat");
        ben.hearsRaw("group 【g1】 user 【anna】 send:in words of chat");
        dora.hears("group", "in words of chat");
        var push = "{\"push\":{\"channel\":\"group:g1\",\"pub\":{\"data\":";
        dora.hearsRaw(push + "\"in words of chat\",\"info\":{\"user\":\"anna\"");

        dora.says("group:g1", "in words of Centrifugal");
        List.of(anna, ben).forEach(one -> one.hearsRaw("group 【g1】 user 【dora】 send:in words of Centrifugal"));

        application.posts("g1", "over HTTP");
        List.of(anna, ben).forEach(one -> one.hearsRaw("group 【g1】 user 【】 send:over HTTP"));
        List.of(anna, ben, dora).forEach(one -> one.hears("group", "over HTTP"));
        dora.hearsRaw(push + "\"over HTTP\"");
        application.reads();
        application.finds("anna", "in words of chat");
        application.finds("dora", "in words of Centrifugal");
        application.finds("application", "over HTTP");
    }

    @Test
    void centrifugalClientIsAPersonLikeAnyOther() {
        var page = open("");
        var anna = person(page, "anna");
        var dora = person(page, "dora");
        assertEquals("node-b", dora.node());
        anna.says("one:dora", "to you alone");
        dora.hears("one", "to you alone");
        dora.says("one:anna", "and back");
        anna.hears("one", "and back");
        dora.says("all", "to everyone");
        anna.hears("all", "to everyone");
        dora.says("group:g1", "not a member");
        dora.hears("error", "permission denied (103)");

        dora.joins("g1");
        dora.hears("notice", "You are in g1.");
        dora.drops();
        dora.awaitState("reconnecting");
        dora.awaitState("connected");
        anna.joins("g1");
        dora.hears("notice", "anna joined g1.");

        page.fill("#add-id", "xenia");
        page.selectOption("#add-language", "Centrifugal");
        page.click("#add");
        assertEquals("Centrifugal", person(page, "xenia").language());
    }

    @Test
    void oneButtonLetsThreeProtocolsTalk() {
        var page = open("");
        var people = List.of(person(page, "anna"), person(page, "ben"), person(page, "cleo"), person(page, "dora"));
        page.click("[data-try=bridge]");
        people.forEach(one -> one.hears("group", "The application posts over HTTP."));
        people.getFirst().hears("group", "dora speaks Centrifugal.");
        people.getLast().hears("group", "anna speaks chat.");
        new Application(page).finds("dora", "dora speaks Centrifugal.");
        var raw = page.locator("[data-person=ben] .raw").last();
        assertThat(raw).isVisible();
        page.click("#raw");
        assertThat(raw).isHidden();
    }

    @Test
    void keysAreForThePageOnThisMachine() {
        var page = STAGE.demo().page();
        var asked = Handshake.to(page.getHost(), page.getPort(), "/demo/keys?user=dora")
                .plain();
        var given = WsClient.ask(asked);
        assertEquals(200, given.status());
        assertEquals("no-store", given.header("cache-control"));
        assertEquals("", given.header("access-control-allow-origin"));
        for (var others : List.of(
                asked.with("Host", "attacker.example:" + page.getPort()),
                asked.with("Host", "127.0.0.1.attacker.example"),
                asked.with("Sec-Fetch-Site", "cross-site"),
                asked.with("X-Forwarded-For", "203.0.113.7"))) {
            assertEquals(403, WsClient.ask(others).status(), others.headers().toString());
        }
        var body = "{\"channel\":\"group:g1\",\"data\":1}";
        assertEquals(
                401,
                WsClient.ask(Handshake.to(page.getHost(), page.getPort(), "/api/publish")
                                .plain()
                                .withMethod("POST")
                                .with("X-API-Key", "guessed")
                                .with("Content-Length", "" + body.length())
                                .followedBy(body.getBytes(StandardCharsets.UTF_8)))
                        .status());
    }

    @Test
    void textStaysText() {
        var page = open("");
        var anna = person(page, "anna");
        var ben = person(page, "ben");
        var markup = "<img src=x onerror=\"document.title='taken over'\"><script>alert(1)</script>";
        for (var audience : List.of("one:ben", "all")) {
            anna.says(audience, markup);
        }
        ben.hears("one", markup);
        ben.hears("all", markup);
        anna.joins("<b>bold</b>");
        anna.hears("notice", "You are in <b>bold</b>.");
        assertThat(page).hasTitle("Switchboard");
        assertThat(page.locator(".log img, .log script, .log b b, [data-role=groups] b"))
                .hasCount(0);
    }

    @Test
    void lostConnectionComesBackAndItsGroupsWithIt() {
        var page = open("");
        var anna = person(page, "anna");
        var ben = person(page, "ben");
        ben.joins("g1");
        ben.hears("notice", "You are in g1.");
        anna.joins("g1");
        ben.hears("notice", "anna joined g1.");

        ben.drops();
        ben.awaitState("reconnecting");
        ben.hears("notice", "Connection lost.");
        anna.says("one:ben", "lost on the way");
        ben.awaitState("connected");
        anna.hears("notice", "ben joined g1.");
        anna.says("group:g1", "welcome back");
        ben.hears("group", "welcome back");
        assertFalse(ben.hasHeard("lost on the way"));
    }

    @Test
    void newestConnectionOfAPersonWins() {
        var first = person(open(""), "anna");
        var second = person(open("?people=anna"), "anna");
        first.awaitState("replaced");
        second.says("one:anna", "still me");
        second.hears("one", "still me");
        second.awaitState("connected");
    }

    @Test
    void peopleComeAndGo() {
        var page = open("");
        var anna = person(page, "anna");
        page.fill("#add-id", "zoe");
        page.selectOption("#add-node", "1");
        page.click("#add");
        var zoe = person(page, "zoe");
        assertEquals("node-b", zoe.node());
        anna.says("one:zoe", "Welcome");
        zoe.hears("one", "Welcome");
        zoe.leaves();
        assertThat(page.locator("[data-person=zoe]")).hasCount(0);
        anna.says("one:anna", "alone again");
        anna.hears("one", "alone again");
    }

    @Test
    void pageMayLoadNothingFromElsewhere() {
        var page = open("");
        person(page, "anna");
        var policy = String.valueOf(page.reload().headerValue("content-security-policy"));
        assertTrue(policy.matches(".*default-src '(none|self)'.*") && !policy.contains("unsafe"), policy);
        person(page, "anna");
    }

    @Test
    void screenshots() {
        for (var scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            var page = open("", scheme);
            var anna = person(page, "anna");
            var ben = person(page, "ben");
            var cleo = person(page, "cleo");
            var dora = person(page, "dora");
            page.click("[data-try=join]");
            List.of(anna, ben, cleo, dora).forEach(one -> one.hears("notice", "You are in g1."));
            anna.says("one:ben", "Hello Ben, are you on the other node?");
            ben.hears("one", "Hello Ben");
            ben.says("one:anna", "I am. It makes no difference.");
            anna.hears("one", "It makes no difference");
            cleo.says("group:g1", "Lunch at noon?");
            ben.hears("group", "Lunch");
            ben.says("all", "Lunch for everyone!");
            cleo.hears("all", "Lunch for everyone!");
            anna.hears("all", "Lunch for everyone!");
            page.click("[data-try=bridge]");
            new Application(page).finds("application", "The application posts over HTTP.");
            page.evaluate("document.activeElement.blur()");
            var file = "checks/target/demo-" + scheme.name().toLowerCase(Locale.ROOT) + ".png";
            page.screenshot(new Page.ScreenshotOptions().setFullPage(true).setPath(Repository.file(file)));
            contexts.removeLast().close();
        }
    }
}
