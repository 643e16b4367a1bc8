package dev.portage.versioncopy;

import dev.portage.activity.LongQueue;
import dev.portage.activity.Stubs;
import dev.portage.candidate.ManifestRef;
import dev.portage.duplicates.Deduplication;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.registry.GivenUp;
import dev.portage.registry.ModelVersion;
import dev.portage.registry.RegistryActivities;
import dev.portage.registry.SettledVersion;
import dev.portage.registry.Tags;
import dev.portage.registry.VersionOrder;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Workflow code of a registration: creates a version, and deletes what is half-finished when nobody
 * will complete it.
 */
public final class Registering {

  private final boolean carriesFiles;
  private final String queue;
  private final Duration timeout;
  private final Deduplication deduplication;
  private final Consumer<String> notices;
  private @Nullable VersionOrder unfinished;

  /**
   * A registration that is to be made.
   *
   * @param carriesFiles whether a version gets files of its own, so that making it is a copy
   * @param queue task queue of the workspace's workers
   * @param timeout how long to retry a server that doesn't respond
   * @param deduplication registers what to check for duplicates at the end
   * @param notices is told what was removed until then
   */
  public Registering(
      boolean carriesFiles,
      String queue,
      Duration timeout,
      Deduplication deduplication,
      Consumer<String> notices) {
    this.deduplication = deduplication;
    this.notices = notices;
    this.carriesFiles = carriesFiles;
    this.queue = queue;
    this.timeout = timeout;
  }

  /**
   * Creates the version, or continues with what there is of it.
   *
   * @param manifest of its files
   * @param summary what is registered, for people
   */
  public ModelVersion register(VersionOrder order, ManifestRef manifest, String summary) {
    unfinished = order;
    deduplication.remember(new VersionDuplicateCheck(queue, order));
    RegistryActivities making =
        carriesFiles
            ? Stubs.copying(
                RegistryActivities.class, LongQueue.carrying(manifest).of(queue), timeout, summary)
            : Stubs.quick(RegistryActivities.class, queue, timeout, summary);
    ModelVersion first = making.registerVersion(order);
    String duplicates = first.tags().get(Tags.DUPLICATES);
    if (duplicates != null) {
      notices.accept(
          "version "
              + first.version()
              + " of "
              + order.model()
              + " in "
              + order.workspace()
              + " had duplicates, since a call got no response; they were removed: version "
              + duplicates);
    }
    ModelVersion made = carriesFiles ? settled(order.madeAs(first.version())) : first;
    unfinished = null;
    deduplication.remember(new VersionDuplicateCheck(queue, order.madeAs(made.version())));
    return made;
  }

  private ModelVersion settled(VersionOrder order) {
    SettledVersion settled =
        Stubs.quick(RegistryActivities.class, queue, timeout, "make sure there is only one version")
            .settleVersion(order);
    settled.removed().forEach(notices);
    return settled.kept();
  }

  /** What is started and not finished; null for nothing. */
  public @Nullable VersionOrder unfinished() {
    return unfinished;
  }

  /** Takes over what another run of the workflow had started and not finished. */
  public void takeOver(VersionOrder begun) {
    unfinished = begun;
  }

  /**
   * Removes what was started and not finished; also after a cancel. Call it when a resume is no
   * longer possible.
   *
   * @return what people should know about it, empty if there was nothing
   */
  public List<String> giveUp() {
    VersionOrder order = unfinished;
    if (order == null) {
      return List.of();
    }
    unfinished = null;
    List<String> messages = new ArrayList<>();
    Workflow.newDetachedCancellationScope(() -> messages.addAll(giveUp(order))).run();
    return messages;
  }

  private List<String> giveUp(VersionOrder order) {
    String where = order.model() + " in " + order.workspace();
    try {
      GivenUp given =
          Stubs.afterwards(
                  RegistryActivities.class,
                  queue,
                  timeout,
                  "remove incomplete versions of " + order.model())
              .giveUpVersion(order);
      List<String> messages = new ArrayList<>();
      given
          .removed()
          .forEach(version ->
              messages.add(
                  "version " + version + " of " + where + " was incomplete and was removed"));
      given
          .finished()
          .forEach(version ->
              messages.add(
                  "version "
                      + version
                      + " of "
                      + where
                      + " was complete and is left in place; no alias or stage points at it"));
      return messages;
    } catch (TemporalFailure failure) {
      Problem problem =
          Failures.problemOf(
              failure, "remove incomplete versions", "workspace " + order.workspace());
      return List.of(
          "a version of "
              + where
              + " that is incomplete and unused may remain; delete it by hand, by its tag "
              + Tags.KEY
              + " "
              + order.key()
              + ": "
              + problem.tried()
              + ": "
              + problem.cameBack().lines().findFirst().orElse(""));
    }
  }
}
