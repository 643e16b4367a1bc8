package dev.portage.freeze;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.temporal.Payloads;
import dev.portage.text.Block;
import dev.portage.text.Line;
import dev.portage.text.MarkdownPage;
import dev.portage.text.Page;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whom a freeze holds up fits into a payload and onto a page, however many come. */
class HeldUpTest {

  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
  private static final Instant UNTIL = Instant.parse("2999-01-01T00:00:00.123456789Z");

  private final HeldUp heldUp = new HeldUp(FrozenState.empty());

  @Test
  void thoseHeldUpAndThoseToTellFitIntoOnePayloadTogether() throws Exception {
    come(0, 5_000);
    heldUp.ended(NOW);
    come(5_000, 10_000);

    FrozenState state = heldUp.state();

    assertThat(state.held().size() + state.toTell().size()).isEqualTo(HeldUp.MOST);
    assertThat(Payloads.mapper().writeValueAsBytes(state).length).isLessThan(1_900_000);
  }

  @Test
  void onesThatAreThereMayComeAgainWhereThereIsNoRoom() {
    come(0, HeldUp.MOST);
    Held again = new Held(id(7), NOW.plusSeconds(1));

    heldUp.hold(again);

    assertThat(heldUp.state().held()).contains(again).hasSize(HeldUp.MOST);
  }

  @Test
  void anIdThatTakesMoreRoomThanItsLengthIsNone() {
    heldUp.hold(new Held("promotion/m/" + "\u0001".repeat(200), UNTIL));
    heldUp.hold(new Held("promotion/m/" + "\"".repeat(200), UNTIL));

    assertThat(heldUp.isEmpty()).isTrue();
  }

  @Test
  void aPageDoesNotGrowWithThoseItIsAbout() {
    come(0, 3_000);

    String page = page();

    assertThat(page).contains(id(0)).contains("and 2950 more");
    assertThat(page.length()).isLessThan(50 * 400);
  }

  @Test
  void onesThatComeAgainWhileTheyAreToldAreToldOnceMore() {
    come(0, 1);
    heldUp.ended(NOW);
    List<String> told = heldUp.takeNext(100);
    come(0, 1);
    heldUp.ended(NOW);

    assertThat(told).containsExactly(id(0));
    assertThat(heldUp.takeNext(100)).containsExactly(id(0));
    assertThat(heldUp.isEmpty()).isTrue();
  }

  private void come(int from, int to) {
    for (int i = from; i < to; i++) {
      heldUp.hold(new Held(id(i), UNTIL));
    }
  }

  private String page() {
    return MarkdownPage.of(
        new Page(Line.words("frozen/prod"), List.<Block>of(), heldUp.sections()),
        Instant::toString);
  }

  /** As long as an id may be. */
  private static String id(int number) {
    String begin = "promotion/m/" + number + "/";
    return begin + "x".repeat(300 - begin.length());
  }
}
