package dev.portage.live;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The full state of one live thing: as it was found, or as it is to be. Part of a release, so it is
 * read for years: fields are only ever added, and a thing reads the values of all earlier writers.
 *
 * @param thing name of the thing, such as "batch" or "champion"
 * @param present whether it exists; false: there was none
 * @param version model version that it uses, null for none or where it doesn't say
 * @param text one line for people, such as "job 11 with version 3, runs as scoring"
 * @param values the small facts that its class needs to recognise and restore it, by name
 * @param settings its full settings; null where the values say all, or from a writer that did not
 *     store them
 */
public record LiveState(
    String thing,
    Boolean present,
    @Nullable String version,
    String text,
    Map<String, String> values,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable SettingsRef settings) {

  private static final String UNDER_WAY = "under way";

  public LiveState {
    Objects.requireNonNull(thing, "thing");
    Objects.requireNonNull(present, "present");
    Objects.requireNonNull(text, "text");
    values = values == null ? Map.of() : Map.copyOf(values);
  }

  /** There is none of that thing. */
  public static LiveState none(String thing, String text) {
    return new LiveState(thing, false, null, text, Map.of(), null);
  }

  /** One of its facts, null where it has none of that name. */
  public @Nullable String value(String name) {
    return values.get(name);
  }

  /** What it is being changed to, as its class writes it; null where no change is under way. */
  public @Nullable String underWay() {
    return values.get(UNDER_WAY);
  }

  /** The same while it is being changed to something else. */
  public LiveState underWay(String written) {
    Map<String, String> all = new HashMap<>(values);
    all.put(UNDER_WAY, written);
    return new LiveState(thing, present, version, text, all, settings);
  }

  /** The same, with its full settings. */
  public LiveState with(@Nullable SettingsRef settings) {
    return new LiveState(thing, present, version, text, values, settings);
  }
}
