package dev.portage.registry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names of models as commands take them. */
class ModelNameTest {

  @ParameterizedTest
  @CsvSource({
    "churn, churn, churn",
    "churn, prod.ml.churn, churn",
    "churn, prod.ml.churn_eu, prod.ml.churn_eu",
    "churn, Churn Model, Churn Model",
    "churn, prod.ml.newchurn, prod.ml.newchurn",
  })
  void aModelIsTypedByItsFullNameWhereItIsRegisteredByAnother(
      String model, String registered, String typed) {
    assertThat(ModelName.typed(model, registered)).isEqualTo(typed);
  }
}
