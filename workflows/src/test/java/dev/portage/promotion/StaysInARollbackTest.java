package dev.portage.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.job.JobState;
import dev.portage.rollback.RollbackView;
import dev.portage.settings.ServeSettings;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A plan of a rollback says of each thing whether it changes. */
class StaysInARollbackTest extends RollbackScene {

  @Test
  void anEndpointThatIsAsTheReleaseRecordedItStays() {
    world.serve = ServeSettings.of("diabetes");
    released(1);
    world.serve = null;
    releasedNext();

    assertThat(planned(toTheReleaseBefore()))
        .contains(
            "serve in prod: endpoint diabetes with version 1 → stays as it is",
            "champion in prod: version 2 → version 1");
  }

  @Test
  void aJobWhoseSettingsWereEditedDoesNotStayThoughItsLineIsTheSame() {
    released(1);
    JobState live = Objects.requireNonNull(world.jobs.job);
    world.jobs.job =
        JobState.of(live.jobId(), live.name(), "edited by hand")
            .scores(live.modelVersion(), live.commit())
            .build();

    RollbackView view = start(ID, FakeRollbacks.order("1")).getResult(RollbackView.class);

    assertThat(planned(view))
        .contains("champion in prod: version 1 → stays as it is")
        .filteredOn(row -> row.startsWith("batch in prod: "))
        .singleElement()
        .asString()
        .endsWith(", with the settings that the release recorded");
  }

  private static List<String> planned(RollbackView view) {
    return Objects.requireNonNull(view.plan()).actions().stream()
        .map(action -> action.what() + ": " + action.now() + " → " + action.then())
        .toList();
  }
}
