package dev.portage.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.checkout.TemporaryRepository;
import io.temporal.client.WorkflowStub;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
class CancelCommandTest {

  @AutoClose private final Town town;
  private final String id;

  CancelCommandTest(@TempDir Path folder) throws IOException {
    id = new TemporaryRepository(folder).commitPromotion("churn");
    town = new Town(folder);
  }

  @Test
  void endsAPromotionAndReportsByWhomAndWhy() {
    town.working().run("start", "promotion.yaml");

    Town.Ran cancel = town.run("cancel", id, "--reason", "wrong data");
    Town.Ran status = town.run("status", id);

    assertThat(cancel.code()).as(cancel.err()).isEqualTo(ExitCode.DONE);
    assertThat(cancel.out()).contains("CANCELLED").contains("by ana@example.com: wrong data");
    assertThat(status.code()).isEqualTo(ExitCode.FAILED);
    assertThat(status.out())
        .contains("CANCELLED")
        .contains("cancelled by ana@example.com: wrong data; nothing of it is live");
  }

  @Test
  void anEndedPromotionIsNotCancelled() {
    town.working().run("start", "promotion.yaml");
    town.run("cancel", id);

    Town.Ran again = town.run("cancel", id);

    assertThat(again.code()).isEqualTo(ExitCode.WRONG);
    assertThat(again.err()).contains("has ended: cancelled by ana@example.com");
  }

  @Test
  void aCancelPastThePointOfNoReturnIsRefused() {
    WorkflowStub live = live();

    Town.Ran late = town.run("cancel", "lives/x");

    assertThat(late.code()).isEqualTo(ExitCode.WRONG);
    assertThat(late.err())
        .contains("past the point of no return: its model is going live in prod")
        .as("by the name that it is registered as")
        .contains("portage rollback prod.ml.living --reason TEXT");
    assertThat(live.describe().getStatus().name()).endsWith("RUNNING");
  }

  @Test
  void aPromotionThatIgnoredTemporalsCancelShowsItsRealState() {
    WorkflowStub live = live();
    live.cancel("from the Web UI");

    Town.Ran end = town.run("watch", "lives/x");
    town.workerGoes();
    Town.Ran later = town.run("status", "lives/x");

    assertThat(end.code()).as(end.err()).isEqualTo(ExitCode.DONE);
    assertThat(later.code()).as(later.err()).isEqualTo(ExitCode.DONE);
    assertThat(later.out()).contains("RELEASED").contains("released v4 in prod");
    assertThat(live.describe().getStatus().name()).endsWith("CANCELED");
  }

  /** A promotion whose model is going live. */
  private WorkflowStub live() {
    town.working();
    return town.promotion("lives");
  }
}
