package dev.portage.history;

import dev.portage.live.LiveState;
import dev.portage.release.Release;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the log of a workspace says of a time.
 *
 * @param last the last entry by then that made something live; null for none
 * @param first the first entry of all that made something live, if none did by then; null for none
 * @param notes entries that can't be read, a line each
 * @param stayed state of each live thing that the last entry doesn't mention and an earlier one
 *     left, such as an endpoint that the file no longer serves from; null from a writer that did
 *     not say
 */
public record ReleaseAt(
    @Nullable HistoryEvent last,
    @Nullable HistoryEvent first,
    List<String> notes,
    @Nullable List<LiveState> stayed) {

  public ReleaseAt {
    notes = List.copyOf(notes);
    stayed = stayed == null ? null : List.copyOf(stayed);
  }

  /** An answer that says nothing of what stayed. */
  public ReleaseAt(@Nullable HistoryEvent last, @Nullable HistoryEvent first, List<String> notes) {
    this(last, first, notes, null);
  }

  /** What was live by the last entry, and what it left as it was. */
  public List<LiveState> things() {
    Release release = last == null ? null : last.release();
    if (release == null) {
      return List.of();
    }
    List<LiveState> all = new ArrayList<>(Objects.requireNonNullElse(stayed, List.<LiveState>of()));
    all.addAll(release.states());
    return all;
  }

  /**
   * What an entry left as earlier ones had made it.
   *
   * @param earlier entries that made something live before it, the newest first
   */
  public static List<LiveState> stayed(HistoryEvent last, List<HistoryEvent> earlier) {
    Release release = last.release();
    if (release == null) {
      return List.of();
    }
    Set<String> said = new HashSet<>();
    release.states().forEach(state -> said.add(state.thing()));
    List<LiveState> stayed = new ArrayList<>();
    for (HistoryEvent event : earlier) {
      Release before = event.release();
      for (LiveState state : before == null ? List.<LiveState>of() : before.states()) {
        // The newest that says something of it counts, also if that is that there is none.
        if (said.add(state.thing()) && state.present()) {
          stayed.add(
              new LiveState(
                  state.thing(),
                  true,
                  state.version(),
                  state.text()
                      + ", as it was left at "
                      + event.at()
                      + ": version "
                      + release.version()
                      + " went live without changing it",
                  state.values(),
                  state.settings()));
        }
      }
    }
    return stayed;
  }
}
