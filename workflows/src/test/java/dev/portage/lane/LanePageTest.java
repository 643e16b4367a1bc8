package dev.portage.lane;

import static dev.portage.text.InertMarkdown.assertInert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Problem;
import dev.portage.text.Bounded;
import dev.portage.text.NastyTexts;
import dev.portage.text.Visible;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LanePageTest {

  private static final Instant NOON = Instant.parse("2026-01-02T12:00:00.5Z");

  private final NastyTexts texts = new NastyTexts(17);

  @Test
  void showsWhoHoldsTheTurnSinceWhenAndWhoIsNext() {
    String page =
        LanePage.of(
            "lane/prod/m",
            new LaneState(
                request("promotion/m/1"), List.of(request("promotion/m/2")), 7L, null, NOON));
    assertThat(page)
        .contains("Turn 7 is held by `promotion/m/1` since 2026-01-02T12:00:00Z.")
        .contains("### Next\n\n1. `promotion/m/2`\n");
    assertThat(LanePage.of("lane/prod/m", LaneState.free())).contains("Nobody holds the turn.");
  }

  @Test
  void anyTextIsShownAsPlainTextWithinTheLimits() {
    for (int i = 0; i < 500; i++) {
      String page =
          LanePage.of(
              "lane/prod/" + texts.text(),
              new LaneState(
                  request(texts.text()),
                  IntStream.range(0, 30).mapToObj(_ -> request(texts.text())).toList(),
                  7L,
                  IntStream.range(0, 9)
                      .mapToObj(_ ->
                          new TurnRefused(
                              request(texts.text()),
                              Problem.of(
                                  FailureKind.USER, "number it", "prod", texts.text(), "ask")))
                      .toList(),
                  NOON));
      assertThat(Bounded.size(page)).isLessThanOrEqualTo(Bounded.PAGE);
      assertThat(page.codePoints()).allMatch(c -> c == '\n' || Visible.isShown(c));
      page.lines().forEach(line -> assertInert(line));
    }
  }

  private static TurnRequest request(String holder) {
    return new TurnRequest("prod", "m", holder, "prod-1", "run");
  }
}
