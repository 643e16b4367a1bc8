package dev.portage.mlflow;

import dev.portage.attempt.AttemptAge;
import dev.portage.failure.FailureKind;
import dev.portage.registry.Champion;
import dev.portage.registry.ModelQuery;
import dev.portage.registry.ModelVersion;
import dev.portage.registry.ReleasedVersion;
import dev.portage.registry.Tags;
import dev.portage.registry.VersionNumbers;
import dev.portage.registry.VersionOrder;
import dev.portage.registry.VersionQuery;
import io.temporal.failure.ApplicationFailure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a workspace's own registry and Unity Catalog have in common about versions. */
public final class Versions {
  private static final Pattern NUMBER = Pattern.compile("[1-9]\\d{0,17}");

  private Versions() {}

  /** Whether a query names a version by its number. */
  public static boolean isNumber(VersionQuery query) {
    return NUMBER.matcher(query.version()).matches();
  }

  /** The same, where a number has a letter before it as in {@code v7}, which no alias may be. */
  public static VersionQuery withoutLetter(VersionQuery query) {
    String number = query.version().replaceFirst("^[vV](?=[0-9])", "");
    return new VersionQuery(query.workspace(), query.model(), number, query.metrics());
  }

  /**
   * The number that a query names.
   *
   * @throws ApplicationFailure a user error when it is none
   */
  public static long number(MlflowServer server, VersionQuery query) {
    if (isNumber(query)) {
      return Long.parseLong(query.version());
    }
    throw server.failure(
        FailureKind.USER,
        "read version " + query.version() + " of " + query.model(),
        "that is not a version",
        "Name an exact version such as 7, never an alias or the latest.");
  }

  /**
   * Makes sure that a version's files are in the workspace that it is registered in.
   *
   * @throws ApplicationFailure a fatal one when they are not
   */
  public static void requireHere(MlflowServer server, VersionOrder order) {
    if (!order.location().workspace().equals(order.workspace())) {
      throw server.failure(
          FailureKind.FATAL,
          "create a version of " + order.model(),
          "its files are in workspace " + order.location().workspace(),
          "A version must use files in its own workspace: copy them first.");
    }
  }

  /** The message about a version that isn't found: first that the call is retried. */
  public static RuntimeException notThere(
      MlflowServer server, VersionOrder order, AttemptAge asked) {
    String tried = "find the version of " + order.model() + " with key " + order.key();
    return asked.longEnough()
        ? server.failure(
            FailureKind.USER,
            tried,
            "it does not exist after "
                + asked.since().toMinutes()
                + " minutes of looking: someone deleted it",
            "Don't restore anything by hand; start again.")
        : server.failure(FailureKind.PLATFORM, tried, "it is not listed yet", "Portage retries.");
  }

  /**
   * A live version, with what its run says of it; the run may be gone, or of elsewhere.
   *
   * @param modelId the logged model that it was made of, null for none; read if there is no run
   * @param query what is to be read of it
   * @param all lists the numbers of all versions of the model
   */
  public static Champion champion(
      MlflowServer server,
      ModelVersion version,
      @Nullable String modelId,
      ModelQuery query,
      Supplier<List<Long>> all) {
    Map<String, Double> metrics = Map.of();
    String commit = version.tags().get(Tags.COMMIT);
    if (version.runId() != null) {
      Optional<Run> run = server.runs().find(version.runId()).filter(Run::active);
      metrics = Excerpt.metrics(run.map(Run::metrics).orElse(List.of()), query.metrics());
      if (commit == null && run.isPresent()) {
        commit = TrainedModels.commitOf(run.get());
      }
    } else if (modelId != null) {
      Optional<LoggedModel> logged = server.loggedModels().find(modelId);
      metrics =
          Excerpt.metrics(logged.map(LoggedModel::metrics).orElse(List.of()), query.metrics());
    }
    return new Champion(
        version,
        metrics,
        commit,
        version.tags().get(Tags.DIGEST),
        version.tags().get(Tags.PROMOTION),
        query.withVersions() == null ? null : shown(all));
  }

  /**
   * A version as one that was released; empty if its label does not say so.
   *
   * @param runId run that it names, empty for none
   */
  public static Stream<ReleasedVersion> released(
      String version, String runId, Map<String, String> tags) {
    return Stream.ofNullable(tags.get(Tags.RELEASE))
        .map(label -> new ReleasedVersion(version, runId.isEmpty() ? null : runId, label));
  }

  /** They are only shown, so a list that can't be read is left out. */
  private static @Nullable String shown(Supplier<List<Long>> all) {
    try {
      return VersionNumbers.shown(all.get());
    } catch (ApplicationFailure unreadable) {
      return null;
    }
  }
}
