package io.switchboard.checks.demo;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import io.switchboard.checks.components.DemoProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A running demo and a browser to look at it, for the tests of a class. */
final class Stage implements BeforeAllCallback, AfterAllCallback {
    private static final List<String> OPTIONS = List.of("--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu");

    private @Nullable DemoProcess demo;
    private @Nullable Playwright playwright;
    private @Nullable Browser browser;

    DemoProcess demo() {
        if (demo == null) {
            throw new IllegalStateException("the demo has not been started");
        }
        return demo;
    }

    Browser browser() {
        if (browser == null) {
            throw new IllegalStateException("the browser has not been started");
        }
        return browser;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        var chromium = chromium();
        demo = DemoProcess.start();
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium)
                        .setArgs(OPTIONS));
    }

    private static Path chromium() {
        return Stream.of("chromium", "chromium-browser", "google-chrome")
                .flatMap(name -> Stream.of(System.getenv("PATH").split(":")).map(at -> Path.of(at, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the demo page is tested in a browser, and there is no"
                        + " chromium in PATH: apt-get install --no-install-recommends chromium,"
                        + " or leave out such tests with ./check --fast"));
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (playwright != null) {
            playwright.close();
        }
        if (demo != null) {
            demo.close();
        }
    }
}
