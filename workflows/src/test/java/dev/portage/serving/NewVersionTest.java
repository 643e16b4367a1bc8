package dev.portage.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.settings.ServeSettings;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The name under which a version is served. */
class NewVersionTest {

  private static final NewVersion FOUR =
      NewVersion.of(ServeSettings.of("churn"), "prod.ml.churn", "4");

  @Test
  void itIsTheModelsWithTheVersionsNumber() {
    assertThat(FOUR.beside(EndpointConfig.NONE).name()).isEqualTo("churn-4");
    assertThat(FOUR.beside(config(new Served("churn-4", "PROD.ml.churn", "4", 0, null))).name())
        .as("it is there already")
        .isEqualTo("churn-4");
  }

  @Test
  void aModelThatWasRegisteredElsewhereHasVersionsOfTheSameNumbers() {
    Served before = new Served("churn-4", "churn", "4", 100, null);

    assertThat(FOUR.beside(config(before)).name()).isEqualTo("prod-ml-churn-4");
    Served ours = new Served("prod-ml-churn-4", "prod.ml.churn", "4", 5, null);
    assertThat(FOUR.beside(config(before.at(95), ours)).name())
        .as("an earlier attempt has added it")
        .isEqualTo("prod-ml-churn-4");
  }

  @Test
  void namesThatPeopleGaveAreTheirs() {
    Served one = new Served("churn-4", "prod.ml.churn", "3", 90, null);
    Served other = new Served("prod-ml-churn-4", "prod.ml.churn", "2", 10, null);

    assertThat(FOUR.beside(config(one, other)).name()).isEqualTo("prod-ml-churn-4-2");
    String longest = "m".repeat(80);
    NewVersion named = NewVersion.of(ServeSettings.of("churn"), longest, "4");
    assertThat(named.beside(config(new Served(named.name(), longest, "3", 100, null))).name())
        .hasSize(63)
        .endsWith("-4-2");
  }

  private static EndpointConfig config(Served... served) {
    return new EndpointConfig(List.of(served));
  }
}
