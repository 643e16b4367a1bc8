package dev.portage.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.portage.registry.Marking;
import dev.portage.settings.Identity;
import dev.portage.settings.Settings;
import dev.portage.settings.Station;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NeedsTest {

  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  private final Settings settings =
      Settings.of(
              "churn",
              List.of(station("dev"), station("prod")),
              "/Shared/churn",
              Identity.CLAIMED,
              Duration.ofMinutes(10))
          .build();

  @Test
  void targetsAreAskedAboutTheCommitThatIsPromoted() {
    assertThat(Needs.of(settings, order(null, null)))
        .extracting(WorkspaceNeeds::workspace, WorkspaceNeeds::candidate)
        .containsExactly(tuple("dev", null), tuple("prod", COMMIT));
  }

  @Test
  void noneIsAskedAboutTheCodeBesideWhatWasTrainedElsewhere() {
    assertThat(Needs.of(settings, order("7", null)))
        .extracting(WorkspaceNeeds::candidate)
        .containsOnlyNulls();
    assertThat(Needs.of(settings, order(null, "8f3a")))
        .extracting(WorkspaceNeeds::candidate)
        .containsOnlyNulls();
  }

  private static PreflightOrder order(@Nullable String version, @Nullable String run) {
    return new PreflightOrder(null, "p", "h", version, run, COMMIT, null);
  }

  private static Station station(String workspace) {
    return new Station(
        workspace, "databricks", Set.of(Station.Capability.values()), "churn", Marking.ALIASES);
  }
}
