package io.switchboard.checks.demo;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;

/** The card of the application that calls the server API. */
record Application(Page page) {
    private Locator part(String role) {
        return page.locator("[data-api] [data-role=" + role + "]");
    }

    void posts(String group, String text) {
        part("group").fill(group);
        part("text").fill(text);
        part("post").click();
        assertThat(part("log").locator("[data-kind=notice]").last()).containsText("Taken");
    }

    void reads() {
        part("read").click();
    }

    /** Waits for what somebody said, as the API tells it. */
    void finds(String who, String text) {
        var found = part("log")
                .locator("[data-kind=group]:not([data-own])")
                .filter(new Locator.FilterOptions().setHasText(who))
                .filter(new Locator.FilterOptions().setHasText(text));
        assertThat(found.first()).isVisible();
    }
}
