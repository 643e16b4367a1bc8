package dev.portage.eventlog;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.mlflow.Experiment;
import dev.portage.mlflow.MlflowServer;
import dev.portage.mlflow.MlflowServers;
import dev.portage.mlflow.Run;
import dev.portage.temporal.Payloads;
import io.temporal.failure.ApplicationFailure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Records that outlive Temporal's retention and, unlike entries of the log, change: who lifts a
 * freeze or a refused candidate writes that into its record. Each is a run of the log's experiment,
 * with the record as JSON in a tag, which any tracking server keeps up to 5,000 bytes.
 *
 * @param <T> the record
 */
final class WorkspaceRecords<T> {

  /** What a record is about, such as "quarantine/prod/churn". */
  static final String ABOUT = "portage_record";

  /** Its id. */
  static final String ID = "portage_record_id";

  /** The record. */
  static final String VALUE = "portage_record_value";

  private final MlflowServers servers;
  private final Class<T> type;

  /** Records of one kind. */
  WorkspaceRecords(MlflowServers servers, Class<T> type) {
    this.servers = servers;
    this.type = type;
  }

  /**
   * A record and where it is stored.
   *
   * @param run its run
   * @param id its id
   * @param value what it says
   */
  record Stored<T>(String run, String id, T value) {}

  /**
   * All records about something, in no special order. Two of the same id may exist, after a
   * response was lost.
   */
  List<Stored<T>> all(String workspace, String about) {
    MlflowServer server = servers.of(workspace);
    Optional<Experiment> experiment = server.experiments().named(EventRuns.EXPERIMENT);
    if (experiment.isEmpty()) {
      return List.of();
    }
    if (!experiment.get().active()) {
      // What is refused there would be allowed again without a word.
      throw Failures.of(
          Problem.of(
              FailureKind.USER,
              "read the records of freezes and refused candidates",
              "workspace " + workspace,
              "experiment " + experiment.get().name() + ", which holds them, is deleted",
              "Restore that experiment: mlflow experiments restore --experiment-id "
                  + experiment.get().id()));
    }
    List<Stored<T>> found = new ArrayList<>();
    for (Run run : server.runs().withTag(List.of(experiment.get().id()), ABOUT, about)) {
      found.add(read(workspace, run));
    }
    return found;
  }

  /**
   * Adds a record; if there is one of this id, returns that one instead. A tracking server has no
   * idempotency token, so it searches again afterwards: of several one stays.
   */
  T add(String workspace, String about, String id, String name, T value) {
    List<Stored<T>> all = all(workspace, about);
    List<Stored<T>> known = withId(all, id);
    if (known.isEmpty()) {
      Stored<T> created = create(workspace, about, id, name, value);
      all = all(workspace, about);
      known = new ArrayList<>(withId(all, id));
      if (known.stream().noneMatch(stored -> stored.run().equals(created.run()))) {
        // A search may lag behind.
        known.add(created);
      }
    }
    T kept = keepOne(workspace, known, value);
    removeLateDuplicates(workspace, all, id);
    return kept;
  }

  private static <T> List<Stored<T>> withId(List<Stored<T>> all, String id) {
    return all.stream().filter(stored -> stored.id().equals(id)).toList();
  }

  /**
   * A call without a response may take effect long after it was made. Readers count such a
   * duplicate once; whoever adds the next record about the same thing removes it. Where one of two
   * was changed since, both stay, and readers know which one counts.
   */
  private void removeLateDuplicates(String workspace, List<Stored<T>> all, String added) {
    Map<String, List<Stored<T>>> others =
        all.stream()
            .filter(stored -> !stored.id().equals(added))
            .collect(Collectors.groupingBy(Stored::id));
    try {
      for (List<Stored<T>> sameId : others.values()) {
        T value = sameId.getFirst().value();
        if (sameId.stream().allMatch(stored -> stored.value().equals(value))) {
          keepOne(workspace, sameId, value);
        }
      }
    } catch (ApplicationFailure untidy) {
      // What was to be added is added.
    }
  }

  private Stored<T> create(String workspace, String about, String id, String name, T value) {
    MlflowServer server = servers.of(workspace);
    Experiment experiment = server.experiments().namedOrNew(EventRuns.EXPERIMENT);
    Run run =
        server
            .runs()
            .create(
                experiment.id(), name, null, Map.of(ABOUT, about, ID, id, VALUE, written(value)));
    server.runs().end(run.id(), "FINISHED", null);
    return new Stored<>(run.id(), id, value);
  }

  /**
   * One that was changed since counts, as when it was lifted; only what says no more is deleted.
   */
  private T keepOne(String workspace, List<Stored<T>> sameId, T value) {
    Stored<T> kept =
        sameId.stream()
            .min(
                Comparator.comparing((Stored<T> stored) -> stored.value().equals(value))
                    .thenComparing(Stored::run))
            .orElseThrow();
    sameId.stream()
        .filter(stored -> !stored.run().equals(kept.run()))
        .filter(stored -> stored.value().equals(value) || stored.value().equals(kept.value()))
        .forEach(twin -> servers.of(workspace).runs().delete(twin.run()));
    return kept.value();
  }

  /** Writes a record anew; repeating is harmless. */
  void replace(String workspace, String run, T value) {
    servers.of(workspace).runs().tag(run, Map.of(VALUE, written(value)));
  }

  private Stored<T> read(String workspace, Run run) {
    String value = run.tags().getOrDefault(VALUE, "");
    try {
      T record = Payloads.mapper().readValue(value, type);
      if (record != null) {
        return new Stored<>(run.id(), run.tags().getOrDefault(ID, run.id()), record);
      }
    } catch (JsonProcessingException changed) {
      // Below.
    }
    throw Failures.of(
        Problem.of(
            FailureKind.USER,
            "read tag " + VALUE + " of run " + run.id(),
            "workspace " + workspace,
            "someone changed it: it is no longer a valid record",
            "Restore its value, or delete the run if what it said no longer applies."));
  }

  private static String written(Object value) {
    try {
      return Payloads.mapper().writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record is a payload and can be written", e);
    }
  }
}
