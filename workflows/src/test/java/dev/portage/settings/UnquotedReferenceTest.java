package dev.portage.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.document.Reading;
import org.junit.jupiter.api.Test;

/** What everybody forgets first: YAML reads two braces as a map in a map. */
class UnquotedReferenceTest {

  @Test
  void aReferenceWithoutQuotesIsToldToHaveSome() {
    Reading<PromotionFile> reading =
        PromotionFile.read(
            "promotion.yaml",
            "model: churn\nserve:\n  environment:\n    TOKEN: {{secrets/churn/token}}\n");

    assertThat(((Reading.Wrong<PromotionFile>) reading).errors())
        .singleElement()
        .hasToString(
            "promotion.yaml:4: a key is a list or a map; allowed: text; what begins with \"{{\""
                + " needs quotes");
  }
}
