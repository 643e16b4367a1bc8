package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command that people copy when a job or an endpoint is nobody's. */
class AdoptHintTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          churn | -              | portage adopt churn --workspace prod --job nightly
          churn | churn          | portage adopt churn --workspace prod --job nightly
          churn | prod.ml.churn  | portage adopt churn --workspace prod --job nightly
          churn | prod.ml.churn2 | portage adopt prod.ml.churn2 --workspace prod --as churn --job nightly
          churn | Churn of all   | portage adopt 'Churn of all' --workspace prod --as churn --job nightly
          """)
  void itNamesTheRegisteredModelWherePromotionYamlCallsItOtherwise(
      String model, @Nullable String registered, String command) {
    assertThat(AdoptHint.command(model, registered, "prod", "--job", "nightly")).isEqualTo(command);
  }

  @Test
  void aNameIsQuotedForTheShellWhereItHasTo() {
    assertThat(AdoptHint.command("churn", null, "prod", "--job", "kim's job"))
        .isEqualTo("portage adopt churn --workspace prod --job 'kim'\\''s job'");
  }
}
