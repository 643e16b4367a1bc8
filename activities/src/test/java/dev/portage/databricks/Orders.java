package dev.portage.databricks;

import dev.portage.duplicates.DuplicatesRemoved;
import dev.portage.job.JobOrder;
import dev.portage.job.NotebookOrder;
import dev.portage.job.Source;
import dev.portage.settings.BatchSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Requests as tests make them. */
final class Orders {
  static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  static final Source SOURCE =
      new Source("https://dev.azure.com/example/ml/_git/churn", "azureDevOpsServices", COMMIT, "");

  private Orders() {}

  static DatabricksJobs jobs(FakeWorkspace workspace) {
    return jobs(workspace, new FakeWait());
  }

  static DatabricksJobs jobs(FakeWorkspace workspace, FakeWait waiting) {
    return new DatabricksJobs(workspace.clients(), new MemoryUndoStore(), waiting);
  }

  static DatabricksJobs jobs(FakeWorkspace workspace, FakeWait waiting, FakeMadeBefore before) {
    return new DatabricksJobs(workspace.clients(), new MemoryUndoStore(), waiting, before);
  }

  static NotebookOrder training() {
    return training("promotion/churn/0123456789ab/train/1");
  }

  static NotebookOrder training(String key) {
    return new NotebookOrder(
        "dev",
        key,
        "train churn",
        SOURCE,
        "notebooks/train.py",
        Map.of("seed", "42"),
        Map.of("portage_promotion", "promotion/churn/0123456789ab"),
        Duration.ofHours(2));
  }

  static JobOrder scoring(String promotion, String version) {
    BatchSettings batch =
        new BatchSettings(
            "churn-batch",
            "notebooks/score.py",
            "churn_predictions",
            Map.of("data", "../data/churn.csv"),
            "0 0 6 * * ?",
            "Europe/Berlin",
            Duration.ofHours(1));
    return JobOrder.of("dev", "churn", batch, SOURCE)
        .orderedBy(promotion, promotion + "/batch/1")
        .version("models:/churn/" + version, version)
        .build();
  }

  static JobOrder withoutSchedule(JobOrder order) {
    return order.toBuilder().schedule(null, order.timezone()).build();
  }

  /** The same from a caller who has seen that job before. */
  static JobOrder seen(JobOrder order, long id) {
    return order.toBuilder().seen(id).build();
  }

  /** Keeps texts in memory. */
  static final class MemoryUndoStore implements UndoStore {
    final Map<String, String> kept = new HashMap<>();

    @Override
    public String put(String workspace, String key, String json) {
      String uri = "memory:/" + workspace + "/" + key;
      kept.put(uri, json);
      return uri;
    }

    @Override
    public DuplicatesRemoved settle(String workspace, String key, @Nullable String uri) {
      return DuplicatesRemoved.nothing();
    }

    @Override
    public String get(String workspace, String uri) {
      String json = kept.get(uri);
      if (json == null) {
        throw new AssertionError("nothing is kept at " + uri);
      }
      return json;
    }

    @Override
    public Optional<String> find(String workspace, String key) {
      return Optional.ofNullable(kept.get("memory:/" + workspace + "/" + key));
    }
  }
}
