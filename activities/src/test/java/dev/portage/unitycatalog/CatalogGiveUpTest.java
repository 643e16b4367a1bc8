package dev.portage.unitycatalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.registry.GivenUp;
import dev.portage.registry.Tags;
import dev.portage.registry.VersionOrder;
import io.temporal.failure.ApplicationFailure;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An unfinished version is kept while someone may resume it, and deleted when nobody will. */
class CatalogGiveUpTest extends CatalogWorld {

  @Test
  void aFailureForAPersonToFixKeepsAndReportsThePendingVersion() {
    VersionOrder order = order("key-1");
    refuseFiles();

    ApplicationFailure refused = refused(order);

    assertThat(refused.isNonRetryable()).isTrue();
    assertThat(refused.getOriginalMessage())
        .contains("you may not write here")
        .contains(
            "In the meantime version 1 of main.ml.churn stays incomplete: a resume continues with it, any other end removes it.");
    assertThat(versions()).containsExactly("1 PENDING_REGISTRATION");
    catalog.before = _ -> null;
    assertThat(registry.registerVersion(order).version()).isEqualTo("1");
  }

  @Test
  void anAbandonedRequestDeletesOnlyItsUnfinishedVersion() {
    VersionOrder order = order("key-1");
    refuseFiles();
    refused(order);
    catalog.before = _ -> null;
    left(order, "5", "FAILED_REGISTRATION");
    left(order, "6", "READY");
    ObjectNode stranger = left(order, "7", "PENDING_REGISTRATION");
    FakeCatalog.tag(stranger.withArray("tags"), Tags.KEY, "somebody else's");
    left(order, "8", "PENDING_REGISTRATION").put("name", "main.ml.other");

    assertThat(registry.giveUpVersion(order))
        .isEqualTo(new GivenUp(List.of("1", "5"), List.of("6")));
    assertThat(versions())
        .containsExactly("6 READY", "7 PENDING_REGISTRATION", "8 PENDING_REGISTRATION");
    assertThat(registry.giveUpVersion(order)).isEqualTo(new GivenUp(List.of(), List.of("6")));
  }

  @Test
  void givingUpBeforeTheStartChangesNothing() {
    assertThat(registry.giveUpVersion(order("key-1"))).isEqualTo(new GivenUp(List.of(), List.of()));
    assertThat(catalog.asked).noneMatch(call -> call.startsWith("DELETE"));
  }

  @Test
  void aVersionThatMayNotBeDeletedIsNamed() {
    VersionOrder order = order("key-1");
    left(order, "7", "PENDING_REGISTRATION");
    catalog.before =
        request ->
            request.getMethod().equals("DELETE")
                ? new FakeCatalog.Refusal(403, "PERMISSION_DENIED", "you may not delete").response()
                : null;

    assertThat(catchThrowableOfType(ApplicationFailure.class, () -> registry.giveUpVersion(order)))
        .hasMessageContaining("delete version 7 of main.ml.churn")
        .hasMessageContaining("you may not delete");
  }

  private void refuseFiles() {
    catalog.before =
        request ->
            request.getMethod().equals("PUT")
                ? new FakeCatalog.Refusal(403, "PERMISSION_DENIED", "you may not write here")
                    .response()
                : null;
  }

  private ApplicationFailure refused(VersionOrder order) {
    return catchThrowableOfType(ApplicationFailure.class, () -> registry.registerVersion(order));
  }
}
