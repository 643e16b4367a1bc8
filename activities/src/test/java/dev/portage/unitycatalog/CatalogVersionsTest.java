package dev.portage.unitycatalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.portage.candidate.ManifestRef;
import dev.portage.copy.ManifestOrder;
import dev.portage.registry.MarkOrder;
import dev.portage.registry.Marked;
import dev.portage.registry.Marking;
import dev.portage.registry.ModelQuery;
import dev.portage.registry.PromotionQuery;
import dev.portage.registry.ReleasedQuery;
import dev.portage.registry.ReleasedVersion;
import dev.portage.registry.Tags;
import dev.portage.registry.UnmarkOrder;
import dev.portage.registry.Unmarked;
import dev.portage.registry.VersionLabels;
import dev.portage.registry.VersionOrder;
import dev.portage.registry.VersionQuery;
import dev.portage.tracking.TrainedRun;
import io.temporal.failure.ApplicationFailure;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Versions that are there: the champion, labels, and where they are from. */
class CatalogVersionsTest extends CatalogWorld {
  @Test
  void theAliasOfACandidateGoesUnlessItHasMovedOn() {
    registry.registerVersion(order("key-1"));
    registry.registerVersion(order("key-2"));
    registry.mark(new MarkOrder("dev", MODEL, "1", Marking.ALIASES, "challenger"));

    assertThat(registry.unmark(challenger("2")))
        .isEqualTo(new Unmarked(false, "challenger is version 1 now"));
    assertThat(registry.unmark(challenger("1"))).isEqualTo(new Unmarked(true, "no alias"));
    assertThat(registry.unmark(challenger("1"))).isEqualTo(new Unmarked(false, "no alias"));
    assertThat(catalog.asked("DELETE registered-models/alias")).isEqualTo(1);
  }

  private static UnmarkOrder challenger(String version) {
    return new UnmarkOrder("dev", MODEL, version, Marking.ALIASES, "challenger", null);
  }

  @Test
  void theAliasMovesAndTheChampionIsTheVersionItPointsAt() {
    registry.registerVersion(order("key-1"));
    registry.registerVersion(order("key-2"));
    assertThat(registry.champion(champion())).isEmpty();

    Marked first = mark("1");
    Marked second = mark("2");
    Marked again = mark("2");

    assertThat(first).isEqualTo(new Marked("champion", "1", null));
    assertThat(second).isEqualTo(new Marked("champion", "2", "1"));
    assertThat(again).isEqualTo(new Marked("champion", "2", "2"));
    assertThat(catalog.asked("POST registered-models/alias")).isEqualTo(2);
    assertThat(registry.champion(champion()))
        .hasValueSatisfying(live -> {
          assertThat(live.version().version()).isEqualTo("2");
          assertThat(live.version().aliases()).containsExactly("champion");
          assertThat(live.commit()).isEqualTo("abc");
          assertThat(live.promotion()).isEqualTo("promotion/churn/abc");
        });
  }

  @Test
  void onlyAFinishedVersionGetsAnAliasAndThereAreNoStages() {
    left(order("key-1"), "1", "PENDING_REGISTRATION");

    assertThat(catchThrowableOfType(ApplicationFailure.class, () -> mark("1")))
        .hasMessageContaining("PENDING_REGISTRATION");
    assertThat(
            catchThrowableOfType(
                ApplicationFailure.class,
                () -> registry.champion(new ModelQuery("dev", MODEL, Marking.STAGES))))
        .hasMessageContaining("Unity Catalog has no stages");
    assertThat(
            catchThrowableOfType(
                ApplicationFailure.class,
                () -> registry.version(new VersionQuery("dev", "churn", "1"))))
        .hasMessageContaining("CATALOG.SCHEMA.{model}");
  }

  @Test
  void aPromotionsVersionsAreFoundByTagAndLabelsAreWritten() {
    registry.registerVersion(order("key-1"));
    left(order("key-2"), "9", "READY");

    registry.labelVersion(new VersionLabels("dev", MODEL, "1", Map.of(Tags.RELEASE, "live")));

    assertThat(registry.versionsOf(new PromotionQuery("dev", MODEL, "promotion/churn/abc")))
        .singleElement()
        .satisfies(version -> {
          assertThat(version.version()).isEqualTo("1");
          assertThat(version.tags()).containsEntry(Tags.RELEASE, "live");
        });
    assertThat(registry.versionsOf(new PromotionQuery("dev", "main.ml.none", "p"))).isEmpty();
  }

  /** A search returns no tags here, so each version is read by itself. */
  @Test
  void releasedVersionsAreThoseThatSaySo() {
    registry.registerVersion(order("key-1"));
    left(order("key-2"), "2", "READY");
    left(order("key-3"), "3", "READY");
    registry.labelVersion(new VersionLabels("dev", MODEL, "1", Map.of(Tags.RELEASE, "superseded")));
    registry.labelVersion(new VersionLabels("dev", MODEL, "3", Map.of(Tags.RELEASE, "live")));

    assertThat(registry.releasedVersions(new ReleasedQuery("dev", MODEL)))
        .extracting(ReleasedVersion::version, ReleasedVersion::label)
        .containsExactly(tuple("3", "live"), tuple("1", "superseded"));
    assertThat(registry.releasedVersions(new ReleasedQuery("dev", "main.ml.none"))).isEmpty();
  }

  /** However many versions there are: the newest, and those that are named. */
  @Test
  void amongManyVersionsTheNewestAndTheNamedAreLookedAt() {
    for (int i = 1; i <= 110; i++) {
      left(order("key-" + i), String.valueOf(i), "READY");
    }
    for (String version : List.of("2", "5", "110")) {
      registry.labelVersion(new VersionLabels("dev", MODEL, version, Map.of(Tags.RELEASE, "live")));
    }

    assertThat(registry.releasedVersions(new ReleasedQuery("dev", MODEL, List.of("5", "999"))))
        .extracting(ReleasedVersion::version)
        .containsExactly("110", "5");
  }

  @Test
  void aVersionIsPromotedByTheFilesThatItHoldsItself() {
    VersionOrder order = order("key-1");
    registry.registerVersion(order);
    mlflow.files().keySet().removeIf(path -> path.endsWith("model.pkl"));

    TrainedRun origin = registry.runOf(new VersionQuery("dev", MODEL, "1"));
    ManifestRef manifest =
        transfer().makeManifest(new ManifestOrder(origin.model(), "promotion/churn/v1"));

    assertThat(origin.model().artifactUri()).isEqualTo("models:/main.ml.churn/1");
    assertThat(origin.model().runId()).isEqualTo(order.location().runId());
    assertThat(origin.model().modelId()).isEqualTo(order.location().modelId());
    assertThat(manifest.digest()).isEqualTo(order.tags().get(Tags.DIGEST));
  }

  private static ModelQuery champion() {
    return new ModelQuery("dev", MODEL, Marking.ALIASES);
  }

  private Marked mark(String version) {
    return registry.mark(new MarkOrder("dev", MODEL, version, Marking.ALIASES, "champion"));
  }
}
