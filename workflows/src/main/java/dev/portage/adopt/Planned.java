package dev.portage.adopt;

import dev.portage.copy.CopyPreview;
import dev.portage.plan.Action;
import dev.portage.registry.ModelVersion;
import dev.portage.registry.Tags;
import dev.portage.release.Release;
import dev.portage.settings.Station;
import dev.portage.tracking.TrainedRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What an adoption would record, as people see it before they agree. Pure. */
final class Planned {

  private static final int DIGEST = 12;

  private final Station target;
  private final String model;
  private final ModelVersion version;
  private final List<AdoptedThing> things;

  /**
   * @param model the model's name in the tags of things
   * @param version the version that is live
   * @param things what is recorded beside it
   */
  Planned(AdoptSettings settings, String model, ModelVersion version, List<AdoptedThing> things) {
    this.target = settings.target();
    this.model = model;
    this.version = version;
    this.things = things;
  }

  /**
   * What changes, in order.
   *
   * @param files the version's files
   * @param marked whether the version is marked as the champion already
   * @param completes the release that is completed; null if a new one is recorded
   */
  List<Action> actions(CopyPreview files, boolean marked, @Nullable Release completes) {
    List<Action> actions = new ArrayList<>();
    String name = "version " + version.version();
    if (completes == null) {
      actions.add(digest(files));
    }
    things.stream().filter(AdoptedThing::isToBeTagged).map(this::tags).forEach(actions::add);
    if (!marked) {
      actions.add(
          new Action(
              "record", FirstLook.mark(target) + " of " + target.model(), "no version", name));
    }
    actions.add(
        new Action(
            "record",
            "release of " + target.model() + " in " + target.workspace(),
            completes == null ? "none" : name + ", by " + completes.promotion(),
            completes == null ? name + also() + ", labelled " + Tags.LIVE : "the same" + also()));
    return actions;
  }

  private Action tags(AdoptedThing thing) {
    return new Action(
        "record",
        "tags of " + thing.shown(),
        "not Portage's",
        "the "
            + thing.shown().split(" ", 2)[0]
            + " of "
            + model
            + ", for promotions and rollbacks to change");
  }

  private Action digest(CopyPreview files) {
    String digest = version.tags().get(Tags.DIGEST);
    return new Action(
        "digest",
        "digest of version " + version.version(),
        digest == null ? "unknown" : digest.substring(0, Math.min(DIGEST, digest.length())),
        String.format(
            Locale.ROOT,
            "computed from %,d files, %,d bytes, and stored with the model",
            files.files(),
            files.bytes()));
  }

  /** ", with endpoint churn and job 11 (nightly)". */
  private String also() {
    return things.isEmpty()
        ? ""
        : ", with " + things.stream().map(AdoptedThing::shown).collect(Collectors.joining(" and "));
  }

  /**
   * What else people should know, a line each.
   *
   * @param completes the release that is completed, with what it has; null if a new one is recorded
   */
  List<String> remarks(TrainedRun trained, @Nullable Release completes) {
    List<String> remarks = new ArrayList<>();
    things.forEach(thing -> remarks.addAll(thing.remarks()));
    for (Adoptable one : Adoptables.known()) {
      if (target.capabilities().contains(one.capability())
          && things.stream().noneMatch(thing -> thing.thing().equals(one.thing()))
          && (completes == null || !has(completes, one))) {
        one.without(target).ifPresent(remarks::add);
      }
    }
    if (trained.commit() == null && version.tags().get(Tags.COMMIT) == null) {
      remarks.add("the commit that it was trained from is unknown");
    }
    return remarks;
  }

  private static boolean has(Release release, Adoptable one) {
    return release.states().stream()
        .anyMatch(state -> state.present() && state.thing().equals(one.thing()));
  }
}
