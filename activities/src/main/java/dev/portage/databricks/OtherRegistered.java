package dev.portage.databricks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.failure.FailureKind;
import dev.portage.job.JobQuery;
import dev.portage.registry.ModelName;
import dev.portage.registry.Tags;
import dev.portage.serving.EndpointQuery;
import dev.portage.serving.Served;
import dev.portage.settings.ScoringValues;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Refuses an endpoint or a scoring job that another registered model holds. Its tag names the model
 * of {@code promotion.yaml}, which two files may share while they register as two models; and the
 * usual names come from the same model. Each promotion would then take the traffic, or the job, of
 * the other.
 *
 * <p>Of what is served or scored, only the last part of the name counts: with a move to Unity
 * Catalog a model keeps that, and its endpoint.
 */
final class OtherRegistered {

  private static final String MODELS = "models:/";

  private OtherRegistered() {}

  /** Refuses an endpoint on which there is nothing of the model that is to be served. */
  static void refuseEndpoint(DatabricksApi api, JsonNode found, EndpointQuery query) {
    String registered = query.registered();
    if (registered == null || isHandedOver(EndpointTags.all(found), registered)) {
      return;
    }
    List<Served> served =
        Stream.of(found.path("config"), EndpointWatch.pendingOr(found))
            .flatMap(config -> EndpointJson.config(config).served().stream())
            .filter(one -> !one.version().isEmpty())
            .toList();
    if (served.stream().anyMatch(one -> isSame(one.model(), registered))) {
      return;
    }
    served.stream()
        .filter(one -> one.percent() > 0)
        .findFirst()
        .ifPresent(other -> {
          throw ServingEndpoints.failure(
              api,
              FailureKind.USER,
              "find endpoint " + query.endpoint() + " of model " + query.model(),
              "endpoint "
                  + query.endpoint()
                  + " serves version "
                  + other.version()
                  + " of another registered model, "
                  + other.model()
                  + by(EndpointTags.promotion(found))
                  + "; this promotion would give its traffic to "
                  + registered,
              "Give this model an endpoint of its own in promotion.yaml, for example serve: {"
                  + " endpoint: "
                  + own(query.endpoint(), registered)
                  + " }. "
                  + handOver("endpoint", other.model(), registered));
        });
  }

  /**
   * Refuses a job that says that it scores with another model. One that runs as a team's file says
   * may say nothing.
   */
  static void refuseJob(StoredJobs jobs, StoredJob job, JobQuery query) {
    String registered = query.registered();
    JsonNode settings = job.settings();
    if (registered == null || isHandedOver(JobTags.all(settings), registered)) {
      return;
    }
    List<String> scored =
        Stream.concat(
                Stream.ofNullable(JobDefinition.widget(settings, ScoringValues.MODEL_URI)),
                JobDefinition.values(settings))
            .flatMap(uri -> Stream.ofNullable(modelOf(uri)))
            .toList();
    if (scored.isEmpty() || scored.stream().anyMatch(model -> isSame(model, registered))) {
      return;
    }
    String other = scored.getFirst();
    String promotion = JobTags.promotion(settings);
    throw jobs.failure(
        FailureKind.USER,
        "find job " + query.name() + " of model " + query.model(),
        "job "
            + job.id()
            + " ("
            + query.name()
            + ") scores with another registered model, "
            + other
            + by(promotion == null ? JobTags.of(settings, Tags.PROMOTION) : promotion)
            + "; this promotion would replace it with one that scores with "
            + registered,
        "Give this model a job of its own in promotion.yaml, for example batch: { job: "
            + own(query.name(), registered)
            + " }. "
            + handOver("job", other, registered));
  }

  private static @Nullable String modelOf(String uri) {
    int end = uri.lastIndexOf('/');
    return uri.startsWith(MODELS) && end > MODELS.length()
        ? uri.substring(MODELS.length(), end)
        : null;
  }

  private static String by(@Nullable String promotion) {
    return promotion == null || promotion.isEmpty() ? "" : ", as " + promotion + " left it";
  }

  private static String handOver(String what, String other, String registered) {
    return "Or, if this model takes the place of "
        + other
        + ", hand the "
        + what
        + " over to it: set its tag "
        + Tags.REGISTERED
        + " to "
        + CloudTag.value(registered)
        + ". Nothing was changed.";
  }

  /** A name that the other model has not: that of this one instead of the common one. */
  private static String own(String taken, String registered) {
    String plain = plain(registered).replace('_', '-');
    return taken.endsWith("-batch") ? plain + "-batch" : plain;
  }

  private static boolean isHandedOver(Map<String, String> tags, String registered) {
    return CloudTag.value(registered).equals(tags.get(Tags.REGISTERED));
  }

  /** Whether two names are of one model: only their last parts count. */
  static boolean isSame(String one, String other) {
    return plain(one).equals(plain(other));
  }

  /** The last part of a name, as Unity Catalog would take it: without upper case and blanks. */
  private static String plain(String model) {
    String last =
        ModelName.isOfUnityCatalog(model) ? model.substring(model.lastIndexOf('.') + 1) : model;
    return last.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", "_");
  }
}
