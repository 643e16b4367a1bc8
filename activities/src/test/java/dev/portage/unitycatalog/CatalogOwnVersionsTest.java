package dev.portage.unitycatalog;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.registry.GivenUp;
import dev.portage.registry.ModelVersion;
import dev.portage.registry.Tags;
import dev.portage.registry.VersionOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Notebooks that register their own models in Unity Catalog. */
class CatalogOwnVersionsTest extends CatalogWorld {

  @Test
  void theVersionThatTheRunRegisteredIsUsedAndNoSecondIsCreated() {
    VersionOrder order = order("key-1");
    registered(order, "3");

    ModelVersion version = registry.registerVersion(order);

    assertThat(version.version()).isEqualTo("3");
    assertThat(version.tags())
        .containsEntry(Tags.KEY, "key-1")
        .containsEntry(Tags.PROMOTION, "promotion/churn/abc")
        .containsKey(Tags.FOUND);
    assertThat(registry.registerVersion(order)).isEqualTo(version);
    assertThat(registry.settleVersion(order).kept()).isEqualTo(version);
    assertThat(catalog.versions).hasSize(1);
    assertThat(catalog.asked("POST model-versions/create")).isZero();
  }

  @Test
  void theVersionThatTheNotebookNamesIsUsedOtherwiseTheLast() {
    VersionOrder order = order("key-1");
    registered(order, "3");
    registered(order, "4");

    assertThat(registry.registerVersion(naming(order, "3")).version()).isEqualTo("3");
    assertThat(registry.registerVersion(naming(order("key-2"), null)).version()).isNotEqualTo("3");
  }

  @Test
  void oneThatHoldsOtherFilesIsLeftAloneAndAnotherIsMade() {
    VersionOrder order = order("key-1");
    registered(order, "30");
    catalog.files.content.put(
        "/Models/main/ml/churn/30/model.pkl", "other bytes".getBytes(StandardCharsets.UTF_8));

    ModelVersion made = registry.registerVersion(order);

    assertThat(made.version()).isNotEqualTo("30");
    assertThat(made.tags()).doesNotContainKey(Tags.FOUND);
    assertThat(catalog.versions).hasSize(2);
  }

  @Test
  void itIsNeverDeletedEvenWithOurKey() {
    VersionOrder order = order("key-1");
    ObjectNode own = registered(order, "3");
    registry.registerVersion(order);
    own.put("status", "FAILED_REGISTRATION");

    assertThat(registry.giveUpVersion(order).removed()).isEmpty();
    own.put("status", "READY");

    assertThat(registry.giveUpVersion(order)).isEqualTo(new GivenUp(List.of(), List.of("3")));
    assertThat(catalog.versions).hasSize(1);
  }

  private static VersionOrder naming(VersionOrder order, @Nullable String version) {
    return new VersionOrder(
        order.workspace(),
        order.model(),
        order.location(),
        order.key(),
        order.tags(),
        order.description(),
        order.verify(),
        version);
  }

  private ObjectNode registered(VersionOrder order, String number) {
    ObjectNode version = left(order, number, "READY");
    version.withArray("tags").removeAll();
    version.put("model_id", String.valueOf(order.location().modelId()));
    FILES.forEach((path, text) ->
        catalog.files.content.put(
            "/Models/main/ml/churn/" + number + "/" + path, text.getBytes(StandardCharsets.UTF_8)));
    return version;
  }
}
