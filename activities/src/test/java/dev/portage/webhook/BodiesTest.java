package dev.portage.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portage.notice.Notice;
import dev.portage.notice.NoticeKind;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What each kind of receiver gets, within its rules, whatever others wrote. */
class BodiesTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final URI LINK =
      URI.create("https://temporal.example.com/namespaces/ml/workflows/x/run/user-metadata");

  /** What means something to one of the receivers. */
  private static final String NASTY =
      "<!channel> <https://evil.example.com|click> & *bold* [link](https://evil.example.com) <at>all</at>";

  @ParameterizedTest
  @EnumSource(NoticeKind.class)
  void anEventHasWhatTheSpecificationRequires(NoticeKind kind) throws IOException {
    JsonNode event = json(CloudEvent.of(Notices.of(kind), "/namespaces/ml/workflows/x", LINK));
    assertThat(event.path("specversion").asText()).isEqualTo("1.0");
    assertThat(event.path("id").asText()).isEqualTo("promotion/churn/0123456789ab/" + kind.word());
    assertThat(URI.create(event.path("source").asText())).hasPath("/namespaces/ml/workflows/x");
    assertThat(event.path("type").asText()).isEqualTo("dev.portage.promotion." + kind.word());
    assertThat(event.path("subject").asText()).isEqualTo("churn");
    assertThat(OffsetDateTime.parse(event.path("time").asText()).toInstant()).isEqualTo(Notices.AT);
    assertThat(event.path("datacontenttype").asText()).isEqualTo("application/json");
    assertThat(event.path("data").path("kind").asText()).isEqualTo(kind.word());
    assertThat(event.path("data").path("link").asText()).isEqualTo(LINK.toString());
    event.fieldNames().forEachRemaining(name -> assertThat(name).matches("[a-z0-9]{1,20}"));
  }

  /** Receivers are written from the page. */
  @ParameterizedTest
  @EnumSource(NoticeKind.class)
  void everyFieldOfAnEventIsOnThePage(NoticeKind kind) throws IOException {
    String page =
        Files.readString(
            Path.of(Objects.requireNonNull(System.getProperty("portage.root")), "docs/notices.md"));
    JsonNode event = json(CloudEvent.of(Notices.of(kind), "/namespaces/ml/workflows/x", LINK));
    assertThat(namesIn(event))
        .hasSizeGreaterThan(15)
        .allSatisfy(name -> assertThat(page).containsPattern("[\"`.]" + name + "[\"`]"));
  }

  private static Set<String> namesIn(JsonNode json) {
    Set<String> names = new TreeSet<>();
    json.properties().forEach(one -> names.add(one.getKey()));
    json.forEach(inner -> names.addAll(namesIn(inner)));
    return names;
  }

  @ParameterizedTest
  @EnumSource(NoticeKind.class)
  void aCardShowsWhatOthersWroteAsText(NoticeKind kind) throws IOException {
    JsonNode message = json(TeamsCard.of(Message.of(Notices.of(kind, NASTY, NASTY), LINK)));
    assertThat(message.path("type").asText()).isEqualTo("message");
    JsonNode attachment = message.path("attachments").path(0);
    assertThat(attachment.path("contentType").asText())
        .isEqualTo("application/vnd.microsoft.card.adaptive");
    JsonNode card = attachment.path("content");
    assertThat(card.path("type").asText()).isEqualTo("AdaptiveCard");
    // A TextBlock would read Markdown, and msteams entities would mention people.
    card.path("body")
        .forEach(block -> {
          assertThat(block.path("type").asText()).isEqualTo("RichTextBlock");
          block
              .path("inlines")
              .forEach(run -> assertThat(run.path("type").asText()).isEqualTo("TextRun"));
        });
    assertThat(card.has("msteams")).isFalse();
    assertThat(card.path("actions").path(0).path("url").asText()).isEqualTo(LINK.toString());
  }

  @ParameterizedTest
  @EnumSource(NoticeKind.class)
  void blocksShowWhatOthersWroteAsTextAndMentionNobody(NoticeKind kind) throws IOException {
    JsonNode body = json(SlackBlocks.of(Message.of(Notices.of(kind, NASTY, NASTY), LINK)));
    for (String text : textsOf(body)) {
      assertThat(text).doesNotContain("<", ">").doesNotContainPattern("&(?!amp;|lt;|gt;)");
    }
    body.path("blocks")
        .forEach(block -> {
          if (block.has("text")) {
            assertThat(block.path("text").path("type").asText()).isEqualTo("plain_text");
          }
        });
  }

  @ParameterizedTest
  @EnumSource(NoticeKind.class)
  void howeverLongTextsAreReceiversTakeThem(NoticeKind kind) throws IOException {
    Notice notice = Notices.of(kind, "ä".repeat(5_000), "<&>ü".repeat(50_000));
    assertThat(TeamsCard.of(Message.of(notice, LINK)).bytes().length).isLessThan(28_000);
    JsonNode slack = json(SlackBlocks.of(Message.of(notice, LINK)));
    assertThat(slack.path("blocks")).hasSizeLessThanOrEqualTo(50);
    slack
        .path("blocks")
        .forEach(block -> {
          int most = block.path("type").asText().equals("header") ? 150 : 3_000;
          assertThat(block.path("text").path("text").asText("x").length()).isBetween(1, most);
        });
    assertThat(CloudEvent.of(notice, "/x", LINK).bytes().length).isLessThan(64 * 1024);
  }

  @Test
  void withoutAWebUiThereIsNoLink() throws IOException {
    Notice notice = Notices.of(NoticeKind.ASKED);
    assertThat(json(TeamsCard.of(Message.of(notice, null))).findValue("actions")).isNull();
    assertThat(json(SlackBlocks.of(Message.of(notice, null))).findValue("elements")).isNull();
    assertThat(json(CloudEvent.of(notice, "/x", null)).path("data").has("link")).isFalse();
  }

  @Test
  void whoIsAskedReadsWhatItIsAboutAndUntilWhen() {
    Message asked = Message.of(Notices.of(NoticeKind.ASKED), LINK);
    assertThat(asked.title()).isEqualTo("churn: approval prod-1 for prod is needed");
    assertThat(asked.facts())
        .contains(
            new Message.Fact("Needed", "one of model-owners"),
            new Message.Fact("Until", "2026-12-13 09:12 UTC"),
            new Message.Fact("From 2026-12-06 09:12 UTC also", "one of heads-of-ml"));
    assertThat(asked.command()).startsWith("portage approve ");
  }

  private static List<String> textsOf(JsonNode node) {
    List<String> texts = new ArrayList<>();
    texts.add(node.path("text").asText());
    node.path("blocks").forEach(block -> texts.add(block.path("text").path("text").asText()));
    return texts;
  }

  private static JsonNode json(Body body) throws IOException {
    return JSON.readTree(body.bytes());
  }
}
