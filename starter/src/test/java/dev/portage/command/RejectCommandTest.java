package dev.portage.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.promotion.PromotionView;
import io.temporal.client.WorkflowStub;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code portage reject} says of what follows. */
@Timeout(120)
class RejectCommandTest {

  @AutoClose private final Town town;

  RejectCommandTest(@TempDir Path folder) throws IOException {
    town = new Town(folder).working();
  }

  @Test
  void whoRejectsIsToldOfTheQuarantineAndTheWayOutOfIt() {
    WorkflowStub promotion = town.promotion("churn");
    promotion.query("status", PromotionView.class);

    Town.Ran rejects = town.run("reject", "promotion/churn/x", "--by", "kim@example.com");

    assertThat(rejects.code()).as(rejects.err()).isEqualTo(ExitCode.DONE);
    assertThat(rejects.out())
        .contains("its candidate goes into quarantine in prod")
        .contains("portage lift churn dddddddddddd --reason TEXT");
  }

  @Test
  void whoApprovesIsToldOfNone() {
    WorkflowStub promotion = town.promotion("churn");
    promotion.query("status", PromotionView.class);

    assertThat(town.run("approve", "promotion/churn/x", "--by", "kim@example.com").out())
        .doesNotContain("quarantine");
  }
}
