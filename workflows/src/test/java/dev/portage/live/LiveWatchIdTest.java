package dev.portage.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.candidate.ModelLocation;
import dev.portage.livewatch.LiveWatchStart;
import dev.portage.registry.Marking;
import dev.portage.settings.ServeSettings;
import dev.portage.settings.Station;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The id of a watch names one version of one registered model. */
@Tag("S2.35")
class LiveWatchIdTest {

  @Test
  void twoModelsOfTheSameNameInTheirFilesHaveWatchesOfTheirOwn() {
    assertThat(start("prod.risk.churn").id().workflow()).isEqualTo("watch/prod/prod.risk.churn/3");
    assertThat(start("prod.sales.churn").id().workflow())
        .isEqualTo("watch/prod/prod.sales.churn/3");
  }

  @Test
  void aWatchOrdersRollbacksOfItsOwnModelAlone() {
    LiveWatchId risk = LiveWatchId.of("watch/prod/prod.risk.churn/3").orElseThrow();

    assertThat(risk.version()).isEqualTo("3");
    assertThat(risk.isOf(station("prod.risk.churn"))).isTrue();
    assertThat(risk.isOf(station("prod.sales.churn"))).isFalse();
  }

  private static LiveWatchStart start(String registered) {
    return new LiveWatchStart.Builder(
            "churn",
            station(registered),
            "3",
            "promotion/churn/0123456789ab",
            LiveState.none("serve", "nothing"),
            ServeSettings.of("churn"),
            new ModelLocation("prod", "1", "run-1", null, "model", "runs:/run-1/model", "dbfs:/x"),
            Duration.ofMinutes(10))
        .build();
  }

  private static Station station(String registered) {
    return new Station(
        "prod", "databricks", Set.of(Station.Capability.values()), registered, Marking.ALIASES);
  }
}
