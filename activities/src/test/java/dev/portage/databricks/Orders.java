package dev.portage.databricks;

import dev.portage.duplicates.DuplicatesRemoved;
import dev.portage.job.JobOrder;
import dev.portage.job.NotebookOrder;
import dev.portage.job.Source;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
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
    return new JobOrder(
        "dev",
        "churn-batch",
        "churn",
        promotion,
        promotion + "/batch/1",
        SOURCE,
        "notebooks/score.py",
        "models:/churn/" + version,
        version,
        "churn_predictions",
        Map.of("data", "../data/churn.csv"),
        "0 0 6 * * ?",
        "Europe/Berlin",
        Duration.ofHours(1));
  }

  static JobOrder withoutSchedule(JobOrder order) {
    return new JobOrder(
        order.workspace(),
        order.name(),
        order.model(),
        order.promotion(),
        order.key(),
        order.source(),
        Objects.requireNonNull(order.notebook()),
        order.modelUri(),
        order.modelVersion(),
        order.table(),
        order.parameters(),
        null,
        order.timezone(),
        order.timeout());
  }

  /** The same from a caller who has seen that job before. */
  static JobOrder seen(JobOrder order, long id) {
    return new JobOrder(
        order.workspace(),
        order.name(),
        order.model(),
        order.promotion(),
        order.key(),
        order.source(),
        order.notebook(),
        order.modelUri(),
        order.modelVersion(),
        order.table(),
        order.parameters(),
        order.schedule(),
        order.timezone(),
        order.timeout(),
        order.grant(),
        id,
        order.work());
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
  }
}
