package dev.portage.live;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.portage.job.SettingChange;
import dev.portage.registry.Champion;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link LiveQuery} found.
 *
 * @param states each of the things, in the query's order
 * @param champion the champion as gates compare with it, null for none
 * @param released whether the version was released by the promotion before; null where that was not
 *     asked
 * @param settings settings that would change, only to be shown; null where that was not asked, or
 *     could not be read
 * @param removed duplicates of the version that were removed, each in words for people; null where
 *     there were none, or that was not asked
 * @param left what the live release made and the hop doesn't change, a sentence each; null where
 *     there is nothing, or that was not asked
 */
public record LiveSeen(
    List<LiveState> states,
    @Nullable Champion champion,
    @Nullable Boolean released,
    @Nullable List<SettingChange> settings,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<String> removed,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<String> left) {

  public LiveSeen {
    left = left == null ? null : List.copyOf(left);
    removed = removed == null ? null : List.copyOf(removed);
    states = List.copyOf(states);
    settings = settings == null ? null : List.copyOf(settings);
  }

  /** One for which no duplicates were removed. */
  public LiveSeen(
      List<LiveState> states,
      @Nullable Champion champion,
      @Nullable Boolean released,
      @Nullable List<SettingChange> settings) {
    this(states, champion, released, settings, null, null);
  }

  /** The same, with the duplicates that were removed; empty for none. */
  public LiveSeen settling(List<String> duplicates) {
    return new LiveSeen(
        states, champion, released, settings, duplicates.isEmpty() ? null : duplicates, left);
  }

  /** The same, with what the hop doesn't change; empty for nothing. */
  public LiveSeen leaving(List<String> others) {
    return new LiveSeen(
        states, champion, released, settings, removed, others.isEmpty() ? null : others);
  }

  /** What the live release made and the hop doesn't change, a sentence each. */
  public List<String> leftBehind() {
    return Objects.requireNonNullElse(left, List.of());
  }

  /** Duplicates of the version that were removed, each in words for people. */
  public List<String> settled() {
    return Objects.requireNonNullElse(removed, List.of());
  }

  /** The state of one thing. */
  public LiveState of(String thing) {
    return states.stream()
        .filter(state -> state.thing().equals(thing))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("nobody looked at " + thing));
  }

  /** The same with what a later look found of some of the things, and of the champion. */
  public LiveSeen with(LiveSeen later) {
    return new LiveSeen(
        states.stream()
            .map(state ->
                later.states.stream()
                    .filter(other -> other.thing().equals(state.thing()))
                    .findFirst()
                    .orElse(state))
            .toList(),
        later.champion,
        released,
        settings);
  }

  /** The same, but of that thing alone. */
  public LiveSeen only(String thing) {
    return new LiveSeen(List.of(of(thing)), champion, released, settings);
  }

  /** The champion's version, null for none. */
  public @Nullable String championVersion() {
    return champion == null ? null : champion.version().version();
  }

  /** What is live, in one line for people. */
  public String text() {
    return String.join(
        ", ", states.stream().map(state -> state.thing() + ": " + state.text()).toList());
  }
}
