package dev.parley.system.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/// A user at the chat page, in the system's Chromium.
class BrowserTest {
  private static final Duration WAIT = Duration.ofSeconds(30);
  private static final Path SHOTS = Path.of("target", "screenshots");

  @TempDir private Path profile;
  private final WebTarget target = new WebTarget();
  private ChromeDriver browser;

  @BeforeEach
  void open() throws IOException {
    ChromeOptions options = new ChromeOptions();
    options.setBinary(executable("chromium").toFile());
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--user-data-dir=" + profile.resolve("profile"));
    File driver = executable("chromedriver").toFile();
    browser =
        new ChromeDriver(
            new ChromeDriverService.Builder()
                .usingDriverExecutable(driver)
                .usingAnyFreePort()
                .build(),
            options);
    browser.manage().window().setSize(new Dimension(1100, 800));
    browser.get(target.url());
    Files.createDirectories(SHOTS);
  }

  private static Path executable(String name) {
    for (String folder : System.getenv("PATH").split(File.pathSeparator, -1)) {
      Path file = Path.of(folder, name);
      if (Files.isExecutable(file)) {
        return file;
      }
    }
    throw new AssertionError(
        name + " is not on the PATH: apt-get install -y chromium chromium-driver");
  }

  @AfterEach
  void close() {
    browser.quit();
    target.close();
  }

  private void shot(String name) throws IOException {
    Files.write(SHOTS.resolve(name + ".png"), browser.getScreenshotAs(OutputType.BYTES));
  }

  private void send(String text) {
    browser.findElement(By.id("text")).sendKeys(text, Keys.ENTER);
  }

  private List<WebElement> all(String selector) {
    return browser.findElements(By.cssSelector(selector));
  }

  /// The text of the newest answer; read in one step, since the page keeps redrawing it.
  private String answer() {
    Object text =
        browser.executeScript(
            "return [...document.querySelectorAll('.answer')].at(-1)?.textContent ?? ''");
    return String.valueOf(text);
  }

  private String note() {
    return String.valueOf(
        browser.executeScript(
            "return [...document.querySelectorAll('.note')].at(-1)?.textContent ?? ''"));
  }

  private boolean busy() {
    return !all(".turn.busy").isEmpty();
  }

  private void untilAnswerHas(String text) {
    await().atMost(WAIT).until(() -> answer().contains(text));
  }

  private void untilDone() {
    await().atMost(WAIT).until(() -> !busy() && !all(".turn").isEmpty());
  }

  @Test
  void an_answer_is_seen_to_grow_and_stops_when_told() throws IOException {
    shot("welcome");
    send("Count");
    untilAnswerHas("3 ");
    String early = answer();
    untilAnswerHas("12 ");
    shot("streaming");
    assertThat(answer()).startsWith(early.strip());
    browser.findElement(By.id("stop")).click();
    untilDone();
    assertThat(note()).isEqualTo("Stopped.");
    assertThat(answer()).doesNotContain("200");
    assertThat(all(".actions button")).extracting(WebElement::getText).contains("Copy", "Retry");
    send("say: And now this.");
    untilAnswerHas("And now this.");
    untilDone();
    assertThat(all(".turn")).hasSize(2);
  }

  @Test
  void a_reload_in_the_middle_of_an_answer_shows_it_whole_and_once() {
    send("say: First answer.");
    untilDone();
    send("Count");
    untilAnswerHas("5 ");
    browser.navigate().refresh();
    untilAnswerHas("15 ");
    assertThat(all(".turn")).hasSize(2);
    untilAnswerHas("200");
    untilDone();
    assertThat(answer()).startsWith("1 2 3 4 5 6 7 8 9 10 ").endsWith("199 200");
    browser.navigate().refresh();
    untilAnswerHas("200");
    assertThat(all(".turn")).hasSize(2);
    assertThat(all(".user"))
        .extracting(WebElement::getText)
        .containsExactly("say: First answer.", "Count");
    assertThat(target.turns.messages()).hasSize(2);
  }

  @Test
  void an_answer_goes_on_by_itself_on_another_gateway() {
    send("Count");
    untilAnswerHas("5 ");
    target.replaceGateway();
    untilAnswerHas("60 ");
    assertThat(browser.findElement(By.id("connection")).isDisplayed()).isFalse();
    untilAnswerHas("200");
    untilDone();
    assertThat(answer()).endsWith("199 200");
    assertThat(target.turns.messages()).hasSize(1);
  }

  @Test
  void a_second_message_waits_in_sight() throws IOException {
    send("Count");
    untilAnswerHas("2 ");
    send("say: Me too.");
    await().atMost(WAIT).until(() -> note().equals("Waiting, 1 before you"));
    shot("waiting");
    browser.findElement(By.id("stop")).click();
    untilAnswerHas("Me too.");
    untilDone();
  }

  @Test
  void markup_in_messages_and_answers_stays_text() {
    String attack =
        "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
            + " [a](javascript:document.title='owned') [b](data:text/html,x)"
            + " ![c](https://example.invalid/c.png) <b>bold</b>";
    send("say:" + attack);
    untilAnswerHas("<b>bold</b>");
    untilDone();
    assertThat(all(".turn img, .turn script, .turn b, .turn a, .turn iframe")).isEmpty();
    assertThat(browser.getTitle()).isEqualTo("Parley");
    assertThat(answer()).contains("<script>").contains("javascript:document.title");
    assertThat(all(".user").getFirst().getText()).contains("<img src=x");
  }

  @Test
  void what_is_sent_while_the_history_loads_is_shown_once_and_last() {
    send("say: The first.");
    untilAnswerHas("The first.");
    untilDone();
    holdHistoryBack();
    browser.navigate().refresh();
    send("say: The second.");
    untilAnswerHas("The second.");
    browser.executeScript("window.letHistoryCome()");
    await().atMost(WAIT).until(() -> all(".turn").size() > 1);
    untilDone();
    assertThat(all(".answer")).extracting(WebElement::getText).hasSize(2);
    assertThat(all(".answer").getFirst().getText()).isEqualTo("The first.");
    assertThat(answer()).contains("The second.");
  }

  /// From the next page on, the answer to its first request for the history comes when it is told to.
  private void holdHistoryBack() {
    browser.executeCdpCommand(
        "Page.addScriptToEvaluateOnNewDocument",
        Map.of(
            "source",
            """
            const fetchNow = window.fetch;
            const told = new Promise(resolve => window.letHistoryCome = resolve);
            window.fetch = (path, options) => String(path).startsWith("/api/conversations/")
              ? told.then(() => fetchNow(path, options)) : fetchNow(path, options);
            """));
  }

  @Test
  void markdown_is_shown_as_what_it_means() throws IOException {
    String markdown =
        """
        ## Plan

        Do **this** first, then *that*, and run `make all`. See [the docs](https://example.org/a).

        1. One
        2. Two
           - inner
           - more

        > Quoted words.

        | Name | Size |
        |------|-----:|
        | a | 1 |

        ```java
        int x = 1 < 2 ? 3 : 4; // <b>
        ```

        snake_case_name stays.
        """;
    browser.executeScript(
        "const t = document.getElementById('text'); t.value = arguments[0];"
            + " t.dispatchEvent(new Event('input')); t.form.requestSubmit();",
        "say:" + markdown);
    untilAnswerHas("snake_case_name stays.");
    untilDone();
    shot("markdown");
    assertThat(browser.findElement(By.cssSelector(".answer h4")).getText()).isEqualTo("Plan");
    assertThat(browser.findElement(By.cssSelector(".answer strong")).getText()).isEqualTo("this");
    assertThat(browser.findElement(By.cssSelector(".answer em")).getText()).isEqualTo("that");
    assertThat(browser.findElement(By.cssSelector(".answer p > code")).getText())
        .isEqualTo("make all");
    WebElement link = browser.findElement(By.cssSelector(".answer a"));
    assertThat(link.getDomAttribute("href")).isEqualTo("https://example.org/a");
    assertThat(link.getDomAttribute("rel")).contains("noopener").contains("nofollow");
    assertThat(all(".answer ol > li")).hasSize(2);
    assertThat(all(".answer ol > li > ul > li")).hasSize(2);
    assertThat(all(".answer td")).extracting(WebElement::getText).containsExactly("a", "1");
    assertThat(browser.findElement(By.cssSelector(".answer pre code")).getText())
        .isEqualTo("int x = 1 < 2 ? 3 : 4; // <b>");
    assertThat(all(".answer button.copy")).hasSize(1);
    browser.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        java.util.Map.of(
            "features",
            List.of(java.util.Map.of("name", "prefers-color-scheme", "value", "dark"))));
    browser.manage().window().setSize(new Dimension(500, 900));
    shot("markdown-dark-phone");
  }

  @Test
  void a_new_conversation_begins_empty() {
    send("say: Old.");
    untilAnswerHas("Old.");
    untilDone();
    browser.findElement(By.id("new")).click();
    await().atMost(WAIT).until(() -> all(".turn").isEmpty());
    assertThat(browser.findElement(By.id("welcome")).isDisplayed()).isTrue();
    send("say: New.");
    untilAnswerHas("New.");
    untilDone();
    assertThat(target.turns.messages().get(0).conversation())
        .isNotEqualTo(target.turns.messages().get(1).conversation());
  }
}
