package dev.portage.adopt;

import dev.portage.live.LiveState;
import dev.portage.release.Release;
import dev.portage.settings.Station;
import dev.portage.settings.Station.Capability;
import java.util.Optional;

/**
 * One kind of live thing that may be recorded beside the champion. Looking and recording go over
 * the list of {@link Adoptables} and name none of them. Workflow code; it holds no state.
 */
interface Adoptable {

  /** Name of the live thing, such as "batch". */
  String thing();

  /** What people call several of them, such as "jobs". */
  String plural();

  /** The option that names one, such as "--job". */
  String option();

  /** What a workspace needs to have such a thing. */
  Capability capability();

  /**
   * Reads it. Changes nothing.
   *
   * @param named as somebody typed it
   * @throws io.temporal.failure.TemporalFailure the user's if it may not be adopted
   */
  AdoptedThing find(AdoptContext context, String named);

  /** Whether a release recorded this very thing, and not another one of its kind. */
  boolean isSame(LiveState recorded, AdoptedThing found);

  /** Stores what is needed to undo and to restore it, before it is tagged. */
  AdoptedThing store(AdoptContext context, AdoptedThing found);

  /** Tags it as the model's; nothing else of it changes. A repeat changes nothing. */
  AdoptedThing tag(AdoptContext context, AdoptedThing stored);

  /** Takes the tags away again. A repeat changes nothing. */
  void untag(AdoptContext context, AdoptedThing tagged);

  /** A command that takes the tags away by hand, to be shown to a person. */
  String byHand(AdoptedThing tagged);

  /** Fills in what records of releases had fields for before they had states. */
  default void record(Release.Builder release, LiveState state) {}

  /** What people should know where none is named; empty for nothing. */
  default Optional<String> without(Station target) {
    return Optional.empty();
  }
}
