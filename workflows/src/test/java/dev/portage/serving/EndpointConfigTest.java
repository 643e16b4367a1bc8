package dev.portage.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.settings.ServeSettings;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an endpoint serves, and how its traffic is split. */
class EndpointConfigTest {

  private static final Served NEW = new Served("churn-4", "churn", "4", 0, null);

  @Test
  void trafficIsTakenFromTheOneThatHasIt() {
    EndpointConfig config = config(served("3", 100), served("2", 0));

    assertThat(config.giving(NEW, 0).text()).isEqualTo("version 3");
    assertThat(config.giving(NEW, 5).text()).isEqualTo("versions 3 (95 %) and 4 (5 %)");
    assertThat(config.giving(NEW, 5).giving(NEW, 25).text())
        .isEqualTo("versions 3 (75 %) and 4 (25 %)");
    assertThat(config.giving(NEW, 100).text()).isEqualTo("version 4");
    assertThat(config.giving(NEW, 100).served()).hasSize(3);
  }

  @Test
  void trafficThatSomebodySplitStaysSplitAndAlwaysAddsUp() {
    EndpointConfig config = config(served("1", 34), served("2", 33), served("3", 33));

    for (int percent = 0; percent <= 100; percent++) {
      EndpointConfig given = config.giving(NEW, percent);
      assertThat(given.served().stream().mapToInt(Served::percent).sum()).isEqualTo(100);
      assertThat(given.served()).allMatch(one -> one.percent() >= 0);
      assertThat(given.named("churn-4").orElseThrow().percent()).isEqualTo(percent);
    }
  }

  @Test
  void theFirstOneGetsAll() {
    assertThat(EndpointConfig.NONE.giving(NEW, 5).text()).isEqualTo("version 4");
  }

  @Test
  void whatWasWrittenIsReadAgain() {
    EndpointConfig config =
        config(new Served("a-1", "a model, with \"signs\"", "1", 60, null), served("2", 40));
    assertThat(EndpointConfig.read(config.written())).isEqualTo(config);
    assertThat(EndpointConfig.read(EndpointConfig.NONE.written())).isEqualTo(EndpointConfig.NONE);
    assertThat(EndpointConfig.read(null)).isEqualTo(EndpointConfig.NONE);
  }

  @Test
  void whatIsNotKnownOfAPlannedVersionMakesNoDifference() {
    assertThat(config(served("3", 95), NEW.at(5)))
        .matches(config ->
            config.isLike(config(served("3", 95), new Served("churn-4", "CHURN", "4", 5, "hash"))));
    assertThat(config(served("3", 100)).isLike(config(served("3", 99)))).isFalse();
    assertThat(
            config(new Served("churn-3", "churn", "3", 100, "small"))
                .isLike(config(new Served("churn-3", "churn", "3", 100, "large"))))
        .isFalse();
  }

  @Test
  void aVersionsNameFitsWhateverTheModelIsCalled() {
    assertThat(nameOf("prod.ml.churn", "7")).isEqualTo("churn-7");
    assertThat(nameOf("my model!", "7")).isEqualTo("my-model--7");
    assertThat(nameOf("m".repeat(80), "1234")).hasSize(63).endsWith("m-1234");
  }

  private static Served served(String version, int percent) {
    return new Served("churn-" + version, "churn", version, percent, "d" + version);
  }

  private static EndpointConfig config(Served... served) {
    return new EndpointConfig(List.of(served));
  }

  private static String nameOf(String model, String version) {
    return NewVersion.of(ServeSettings.of("churn"), model, version).name();
  }
}
