package io.switchboard.checks.demo;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;

/** One person's card on the page. */
record Person(Page page, String name) {
    private Locator card() {
        return page.locator("[data-person='" + name + "']");
    }

    private Locator part(String role) {
        return card().locator("[data-role=" + role + "]");
    }

    String node() {
        return part("node").textContent();
    }

    /** The protocol that it speaks. */
    String language() {
        return part("language").textContent();
    }

    void awaitState(String state) {
        assertThat(card()).hasAttribute("data-state", state);
    }

    /** To an audience such as {@code one:ben}, {@code group:g1} or {@code all}. */
    void says(String audience, String text) {
        part("audience").selectOption(audience);
        part("text").fill(text);
        part("send").click();
    }

    void joins(String group) {
        part("group").fill(group);
        part("join").click();
    }

    void drops() {
        part("drop").click();
    }

    void leaves() {
        part("remove").click();
    }

    /** Waits for an entry of a kind, other than the person's own words, that holds the text. */
    void hears(String kind, String text) {
        var found = entries("[data-kind=" + kind + "]:not([data-own])")
                .filter(new Locator.FilterOptions().setHasText(text));
        assertThat(found.first()).isVisible();
    }

    /** Waits until exactly these bytes have come over the wire, or a beginning of them. */
    void hearsRaw(String beginning) {
        var found = part("log").locator(".raw").filter(new Locator.FilterOptions().setHasText(beginning));
        assertThat(found.first()).isAttached();
    }

    boolean hasHeard(String text) {
        return entries(":not([data-own])").allTextContents().stream().anyMatch(entry -> entry.contains(text));
    }

    private Locator entries(String which) {
        return part("log").locator(".entry" + which);
    }
}
