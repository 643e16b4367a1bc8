package dev.portage.settings;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a scoring run is given. By default the five values are added to the parameters of the file
 * under their own names. A file that names one in braces, as {@code input: "{model_uri}"}, says
 * itself where they go: for scoring that was there before Portage and takes them by other names.
 */
public final class ScoringValues {
  /** Version as an address, {@code models:/churn/3}. */
  public static final String MODEL_URI = "model_uri";

  /** Version as a number. */
  public static final String MODEL_VERSION = "model_version";

  /** Table of the predictions. */
  public static final String TABLE = "table";

  /** The batch: a rerun writes the same one. */
  public static final String BATCH = "batch_id";

  /** Id of the promotion that started the run; it tells runs apart. */
  public static final String PROMOTION = "promotion_id";

  private static final String VERSION_NAMES = MODEL_URI + "|" + MODEL_VERSION;

  // {{job.id}} and the like are Databricks' own and stay.
  private static final Pattern PLACE =
      Pattern.compile(
          "(?<!\\{)\\{(" + VERSION_NAMES + "|" + TABLE + "|" + BATCH + "|" + PROMOTION + ")}(?!})");
  private static final Pattern PLACE_OF_VERSION =
      Pattern.compile("(?<!\\{)\\{(" + VERSION_NAMES + ")}(?!})");

  private ScoringValues() {}

  /** Whether the file says where any of the values goes. */
  public static boolean hasPlaces(Work work) {
    return texts(work, work.parameters()).anyMatch(text -> PLACE.matcher(text).find());
  }

  /** Whether the file says where the version goes. */
  public static boolean hasPlaceOfVersion(Work work) {
    // The file of a job is refused without.
    return work instanceof Work.Defined
        || texts(work, work.parameters()).anyMatch(text -> PLACE_OF_VERSION.matcher(text).find());
  }

  /**
   * The parameters of a run by name.
   *
   * @param given those of the file
   * @param values the five, by name
   */
  public static Map<String, String> parameters(
      Work work, Map<String, String> given, Map<String, String> values) {
    if (work instanceof Work.Defined) {
      // Its file says where each of them goes.
      return values;
    }
    Map<String, String> parameters = new LinkedHashMap<>();
    boolean hasPlaces = texts(work, given).anyMatch(text -> PLACE.matcher(text).find());
    given.forEach((name, value) -> parameters.put(name, filled(value, values)));
    if (!hasPlaces) {
      // Names in promotion.yaml can't override the values that identify the rows.
      parameters.putAll(values);
    } else if (work instanceof Work.Notebook) {
      // One that it does not declare does no harm. A program may refuse it.
      values.forEach(parameters::putIfAbsent);
      String promotion = values.get(PROMOTION);
      if (promotion != null) {
        parameters.put(PROMOTION, promotion);
      }
    }
    return parameters;
  }

  /** The same work with the values in the places of its command line. */
  public static Work withArguments(Work work, Map<String, String> values) {
    return switch (work) {
      case Work.Script script ->
          new Work.Script(
              script.script(),
              script.parameters(),
              filled(script.arguments(), values),
              script.timeout(),
              script.compute());
      case Work.Wheel wheel ->
          new Work.Wheel(
              wheel.pack(),
              wheel.entryPoint(),
              wheel.wheel(),
              wheel.parameters(),
              filled(wheel.arguments(), values),
              wheel.timeout(),
              wheel.compute());
      case Work.Notebook _, Work.Job _, Work.Defined _ -> work;
    };
  }

  private static @Nullable List<String> filled(
      @Nullable List<String> arguments, Map<String, String> values) {
    return arguments == null
        ? null
        : arguments.stream().map(argument -> filled(argument, values)).toList();
  }

  private static String filled(String text, Map<String, String> values) {
    return PLACE
        .matcher(text)
        .replaceAll(
            place -> Matcher.quoteReplacement(values.getOrDefault(place.group(1), place.group())));
  }

  private static Stream<String> texts(Work work, Map<String, String> given) {
    List<String> arguments =
        switch (work) {
          case Work.Script script -> script.arguments();
          case Work.Wheel wheel -> wheel.arguments();
          case Work.Notebook _, Work.Job _, Work.Defined _ -> null;
        };
    return Stream.concat(
        given.values().stream(), arguments == null ? Stream.empty() : arguments.stream());
  }
}
