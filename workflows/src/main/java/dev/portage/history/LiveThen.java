package dev.portage.history;

import dev.portage.live.LiveState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was live in a workspace at some time, according to its log.
 *
 * @param workspace its name in the platform file
 * @param model full name of the registered model there
 * @param known whether the log says; false if nothing had been recorded by then
 * @param text one line for people
 * @param things state of each live thing, also of one that the entry left as it was; empty if not
 *     known
 * @param since entry that made it live, null if not known
 * @param frozen freeze that was in force, null for none
 */
public record LiveThen(
    String workspace,
    String model,
    Boolean known,
    String text,
    List<LiveState> things,
    @Nullable HistoryEvent since,
    @Nullable HistoryEvent frozen) {

  public LiveThen {
    things = List.copyOf(things);
  }
}
