package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.adopt.AdoptJobOrder;
import dev.portage.adopt.AdoptedJob;
import dev.portage.job.JobState;
import dev.portage.live.SettingsRef;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A job that nobody promoted becomes the model's. */
class JobAdoptionTest extends JobsWorld {

  private static final String UPDATE = "POST /api/2.2/jobs/update";

  private final JobAdoption adoption =
      new JobAdoption(workspace.clients(), undoStore, new FakeWait());

  @Test
  @Tag("S1.10")
  void onlyItsTagsChangeAndPromotionsFindIt() {
    ObjectNode before = nightly();
    before.putObject("tags").put("team", "risk");
    before.putObject("schedule").put("quartz_cron_expression", "0 0 6 * * ?");
    there.add(before);

    AdoptedJob job = adoption.adoptJob(order("churn-batch"));

    assertThat(job.tagged()).isTrue();
    assertThat(job.keeper()).isNull();
    ObjectNode after = there.only().deepCopy();
    assertThat(after.at("/tags/team").asText()).isEqualTo("risk");
    assertThat(after.at("/tags/portage_model").asText()).isEqualTo("churn");
    assertThat(after.at("/tags/portage_workspace").asText()).isEqualTo("dev");
    assertThat(after.at("/tags/portage_promotion").isMissingNode())
        .as("no promotion made it, so none may delete it")
        .isTrue();
    after.set("tags", before.get("tags"));
    assertThat(after.properties()).containsAll(before.properties());
    assertThat(jobs.findJob(QUERY)).get().extracting(JobState::jobId).isEqualTo(101L);
  }

  @Test
  void itsSettingsAreStoredForARollback() {
    there.add(nightly());

    AdoptedJob job = adoption.adoptJob(order("101"));

    String kept = undoStore.get("dev", Objects.requireNonNull(job.settings()).uri());
    assertThat(kept).contains("portage_model").contains("churn-batch");
    assertThat(Objects.requireNonNull(job.settings()).sha256())
        .isEqualTo(IdempotencyToken.sha256(kept))
        .isEqualTo(job.state().settingsHash());
  }

  @Test
  void storedSettingsAreFoundWholeWhateverTheWorkspaceComputes() {
    ObjectNode job = nightly();
    job.putArray("tasks")
        .addObject()
        .put("task_key", "score")
        .putObject("new_cluster")
        .put("instance_pool_id", "pool-1")
        .put("node_type_id", "i3.xlarge");
    there.add(job);

    SettingsRef kept = Objects.requireNonNull(adoption.adoptJob(order("101")).settings());

    assertThat(kept.sha256()).isEqualTo(IdempotencyToken.sha256(undoStore.get("dev", kept.uri())));
  }

  @Test
  void aRepeatChangesNothing() {
    there.add(nightly());
    AdoptedJob first = adoption.adoptJob(order("churn-batch"));

    assertThat(adoption.adoptJob(order("churn-batch")).state()).isEqualTo(first.state());
    assertThat(workspace.calls(UPDATE)).hasSize(1);
  }

  @Test
  void aLookChangesNothing() {
    there.add(nightly());

    AdoptedJob job = adoption.findJobToAdopt(order("churn-batch"));

    assertThat(job.tagged()).isFalse();
    assertThat(job.state().jobId()).isEqualTo(101);
    assertThat(job.settings()).isNull();
    assertThat(workspace.calls(UPDATE)).isEmpty();
  }

  @Test
  void aJobOfABundleIsStoredButNotTagged() {
    ObjectNode job = nightly();
    job.putObject("deployment").put("kind", "BUNDLE").put("metadata_file_path", "/b/metadata.json");
    there.add(job);

    AdoptedJob adopted = adoption.adoptJob(order("churn-batch"));

    assertThat(adopted.tagged()).isFalse();
    assertThat(adopted.keeper()).isEqualTo("deployed by a bundle, /b/metadata.json");
    assertThat(adopted.settings()).isNotNull();
    assertThat(workspace.calls(UPDATE)).isEmpty();
  }

  @Test
  void theJobOfAnotherModelIsRefused() {
    ObjectNode job = nightly();
    job.putObject("tags").put("portage_model", "credit");
    there.add(job);

    assertThatThrownBy(() -> adoption.findJobToAdopt(order("churn-batch")))
        .hasMessageContaining("job 101 belongs to model credit");
  }

  @Test
  void aSecondJobOfThatNameIsRefused() {
    ObjectNode ours = nightly();
    ours.putObject("tags").put("portage_model", "churn");
    there.add(ours);
    there.add(nightly());

    assertThatThrownBy(() -> adoption.findJobToAdopt(order("102")))
        .hasMessageContaining("job 101 has the same name and is this model's job already");
  }

  @Test
  void aMissingJobIsRefusedByName() {
    there.add(nightly());

    assertThatThrownBy(() -> adoption.findJobToAdopt(order("churn-bach")))
        .hasMessageContaining("there is no job with that name")
        .hasMessageContaining("Did you mean \"churn-batch\"? Correct --job;");
  }

  @Test
  void tagsThatAreNotSeenYetAreAwaited() {
    there.add(nightly());
    there.oldPictures = 1;

    assertThat(adoption.adoptJob(order("churn-batch")).tagged()).isTrue();
  }

  private static AdoptJobOrder order(String job) {
    return new AdoptJobOrder("dev", "churn", job, "adopt/dev/churn#record#1", null);
  }

  private static ObjectNode nightly() {
    return JsonNodeFactory.instance.objectNode().put("name", "churn-batch");
  }
}
