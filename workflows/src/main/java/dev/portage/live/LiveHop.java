package dev.portage.live;

import dev.portage.candidate.ModelLocation;
import dev.portage.settings.Settings;
import dev.portage.settings.Station;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** A hop that changes live things, with the turn in hand: what they need of it. */
public interface LiveHop extends LiveContext {

  /** What the promotion is to do. */
  Settings settings();

  /** Workspace of the hop. */
  Station target();

  /** Name of a thing's step, such as "prod/champion". */
  String step(LiveThing thing);

  /** Version that is to become live. */
  String version();

  /** Where its files are. */
  ModelLocation files();

  /** Where people see that version; null where there is no page. */
  @Nullable URI page();

  /** Tells people. */
  void notice(String text);

  /**
   * A part of the promotion that only one thing needs, such as {@link ScoringRun}.
   *
   * @throws IllegalArgumentException if the hop has no such part
   */
  <T> T part(Class<T> type);
}
