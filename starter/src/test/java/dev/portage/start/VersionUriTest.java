package dev.portage.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VersionUriTest {

  @ParameterizedTest
  @CsvSource({
    "models:/churn/7,churn,7",
    "models:/churn@champion,churn,champion",
    "models:/churn/champion,churn,champion",
    "models:/Churn Model/1,Churn Model,1",
    "models:/Churn Model@prüfung,Churn Model,prüfung",
    "models:/a@b/3,a@b,3",
    "models:/a@b@live,a@b,live",
    "models:/100% #1/2,100% #1,2",
    "models:/prod.ml.churn/4,prod.ml.churn,4"
  })
  void aVersionIsNamedAsInTheRegistry(String uri, String model, String version) {
    assertThat(VersionUri.of(uri)).isEqualTo(new VersionUri(model, version));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "churn/7",
        "models:/churn",
        "models:/churn/",
        "models:/ /7",
        "models:/../7",
        "models:/a/b/7",
        "models:/churn/7\n",
        "models:/chu\u001brn/7",
        "models:/churn@a b",
        "runs:/abc/model"
      })
  void aUriWithoutAVersionIsRefused(String uri) {
    assertThatThrownBy(() -> VersionUri.of(uri))
        .hasMessageContaining("doesn't name a version; use");
  }

  @Test
  void latestIsNotAVersion() {
    assertThatThrownBy(() -> VersionUri.of("models:/churn/Latest"))
        .hasMessageContaining("can change at any time");
  }
}
