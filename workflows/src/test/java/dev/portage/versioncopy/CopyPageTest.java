package dev.portage.versioncopy;

import static dev.portage.text.InertMarkdown.assertInert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.text.Bounded;
import dev.portage.text.NastyTexts;
import dev.portage.text.Visible;
import dev.portage.versioncopy.CopyView.Phase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A copy's page and summary show what people and servers wrote, as plain text. */
class CopyPageTest {

  private final NastyTexts texts = new NastyTexts(13);

  @Test
  void anyTextIsShownAsPlainTextWithinTheLimits() {
    for (int i = 0; i < 2_000; i++) {
      String page =
          CopyPage.of(
              view(texts.text(), orNone(), orNone(), texts.text()), texts.text() + texts.text());
      assertInert(page);
      assertThat(Bounded.size(page)).isLessThanOrEqualTo(Bounded.PAGE);
      assertThat(page.codePoints()).allMatch(Visible::isShown);

      String summary =
          new CopyStart(texts.text(), texts.text(), texts.text(), texts.text(), null, false, "sam")
              .summary();
      assertInert(summary);
      assertThat(Bounded.size(summary)).isLessThanOrEqualTo(Bounded.SUMMARY);
    }
  }

  @Test
  void showsWhatIsCopiedWhereAndTheProgress() {
    assertThat(CopyPage.of(view("dev", "dev.ml.churn", "3", "prod"), "copying 7 files"))
        .isEqualTo("Copy from dev to prod: `dev.ml.churn` version 3, copying 7 files");
    assertThat(CopyPage.of(view("dev", null, null, "prod"), "finding version 3 of churn"))
        .isEqualTo("Copy from dev to prod: finding version 3 of churn");
  }

  private @Nullable String orNone() {
    return texts.below(3) == 0 ? null : texts.text();
  }

  private static CopyView view(
      String from, @Nullable String model, @Nullable String version, String to) {
    return CopyView.of("copy/x", Phase.COPYING, from, to).model(model).version(version).build();
  }
}
