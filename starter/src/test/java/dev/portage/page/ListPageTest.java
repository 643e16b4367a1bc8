package dev.portage.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.promotion.PromotionState;
import dev.portage.serving.TrafficShare;
import dev.portage.temporal.WebUi;
import dev.portage.watch.PromotionList;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ListPageTest {

  private static final Clock BERLIN =
      Clock.fixed(Instant.parse("2026-01-02T12:00:00Z"), ZoneId.of("Europe/Berlin"));

  @Test
  void eachLineHasBothDatesInTheZoneOfThisMachine() {
    List<String> lines =
        new ListPage(BERLIN)
            .lines(
                List.of(
                    entry(PromotionState.WAITING, null, null, "waiting for the turn"),
                    entry(PromotionState.RELEASED, "2026-01-02T09:30:00Z", "stage of 3", null)));

    assertThat(lines.get(0)).startsWith("PROMOTION").contains("STARTED").contains("ENDED");
    assertThat(lines.get(1)).contains("2026-01-02 09:05").contains("  –  ");
    assertThat(lines.get(2)).isEqualTo("  waiting for the turn");
    assertThat(lines.get(3)).contains("2026-01-02 09:05").contains("2026-01-02 10:30");
    assertThat(lines.get(4)).isEqualTo("  ! unfinished: stage of 3");
    assertThat(lines.getLast()).isEqualTo("times: Central European Time");
  }

  @Test
  void whereTrafficIsMovedTheShareAndTheEndOfItsSoakAreBelow() {
    TrafficShare share =
        TrafficShare.of("churn", "4", 25, List.of(5, 25, 50, 100))
            .watchedUntil(Instant.parse("2026-01-02T11:04:00Z"));

    List<String> lines =
        new ListPage(BERLIN)
            .lines(
                List.of(
                    PromotionList.Entry.of(
                            "promotion/churn/0123456789ab",
                            "RUNNING",
                            Instant.parse("2026-01-02T08:05:00Z"))
                        .step("prod/serve")
                        .traffic(share)
                        .build()));

    assertThat(lines.get(1)).contains("prod/serve");
    assertThat(lines.get(2)).isEqualTo("  25 % of the traffic, soak ends 12:04, 2 of 4 steps");
  }

  @Test
  void pagesOfTheWebUiAreNamedForWhatIsThere() {
    WebUi ui = new WebUi(URI.create("https://temporal.example.com"), "default");
    PromotionList.Entry waiting = entry(PromotionState.WAITING, null, null, null);
    PromotionList.Entry released =
        entry(PromotionState.RELEASED, "2026-01-02T09:30:00Z", null, null);

    assertThat(ListPage.pages(ui, null, List.of())).isEmpty();
    assertThat(ListPage.pages(ui, null, List.of(released))).isEmpty();
    assertThat(ListPage.pages(ui, "churn", List.of(waiting, released)))
        .singleElement()
        .asString()
        .startsWith("waiting in the Web UI: https://temporal.example.com/namespaces/default/")
        .endsWith("PortageState%3D%27WAITING%27%20AND%20PortageModel%3D%27churn%27")
        .hasSizeLessThan(200);
    assertThat(ListPage.pages(new WebUi(null, "default"), null, List.of(waiting))).isEmpty();
  }

  private static PromotionList.Entry entry(
      PromotionState state,
      @Nullable String ended,
      @Nullable String unfinished,
      @Nullable String waitsFor) {
    return PromotionList.Entry.of(
            "promotion/churn/0123456789ab", state.name(), Instant.parse("2026-01-02T08:05:00Z"))
        .model("churn")
        .commit("0123456789ab")
        .step("prod/turn")
        .startedBy("ana@example.com")
        .ended(ended == null ? null : Instant.parse(ended))
        .unfinished(unfinished)
        .waitsFor(waitsFor)
        .build();
  }
}
