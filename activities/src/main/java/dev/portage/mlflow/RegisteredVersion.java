package dev.portage.mlflow;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A version of a registered model as the registry reports it.
 *
 * @param model registered model
 * @param number its number
 * @param source as {@code models:/m-…} or {@code runs:/…/model}
 * @param runId run that it names, empty for none
 * @param state how far its registration is
 * @param stage {@code None}, {@code Staging}, {@code Production}, {@code Archived}; empty where
 *     there are no stages
 * @param aliases names that point at it
 * @param tags all of them
 */
public record RegisteredVersion(
    String model,
    long number,
    String source,
    String runId,
    State state,
    String stage,
    List<String> aliases,
    Map<String, String> tags) {
  private static final Pattern LOGGED_MODEL = Pattern.compile("models:/(m-[0-9a-zA-Z]+)/?");

  public RegisteredVersion {
    aliases = List.copyOf(aliases);
    tags = Map.copyOf(tags);
  }

  /**
   * How far a registration is.
   *
   * @param status {@code READY}, {@code PENDING_REGISTRATION} or {@code FAILED_REGISTRATION}
   * @param message why it failed, empty otherwise
   */
  public record State(String status, String message) {}

  /** {@code READY}, {@code PENDING_REGISTRATION} or {@code FAILED_REGISTRATION}. */
  public String status() {
    return state.status();
  }

  /** Why it failed, empty otherwise. */
  public String statusMessage() {
    return state.message();
  }

  /** The number as it is written. */
  public String version() {
    return String.valueOf(number);
  }

  /** The logged model that it was made of, null in the older layout. */
  public @Nullable String modelId() {
    Matcher matcher = LOGGED_MODEL.matcher(source);
    return matcher.matches() ? matcher.group(1) : null;
  }
}
