package dev.portage.promotion;

import dev.portage.activity.LongQueue;
import dev.portage.activity.Stubs;
import dev.portage.candidate.Candidate;
import dev.portage.candidate.ManifestRef;
import dev.portage.copy.CopyActivities;
import dev.portage.copy.ManifestOrder;
import dev.portage.plan.Action;
import dev.portage.registry.MarkOrder;
import dev.portage.registry.Marked;
import dev.portage.registry.ModelVersion;
import dev.portage.registry.RegistryActivities;
import dev.portage.registry.Tags;
import dev.portage.registry.VersionLabels;
import dev.portage.registry.VersionOrder;
import dev.portage.registry.VersionQuery;
import dev.portage.settings.Station;
import dev.portage.step.Attempt;
import dev.portage.step.Made;
import dev.portage.tracking.RegisteredAlready;
import dev.portage.tracking.TrainedRun;
import dev.portage.trigger.Triggers;
import dev.portage.versioncopy.Registering;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Steps {@code register} and {@code mark} of the workspace that trained: from here on the candidate
 * is exact.
 */
final class Registration {

  private static final String TRIGGERS = "triggers of the first workspace";

  private final Journey journey;
  private final Station origin;

  Registration(Journey journey) {
    this.journey = journey;
    this.origin = journey.settings().first();
  }

  /** A version of the run's model, and the manifest that says which bytes it is. */
  Candidate register(TrainedRun trained) {
    Registering registering =
        new Registering(
            origin.carriesFilesToRegister(),
            journey.originQueue(),
            journey.settings().retryTimeout(),
            journey.deduplication(),
            journey.progress()::notice);
    journey.keep(StepNames.REGISTER, registering);
    return journey
        .steps()
        .resumable(
            StepNames.REGISTER,
            Candidate.class,
            origin.workspace(),
            attempt -> {
              journey
                  .journal()
                  .put(
                      TRIGGERS,
                      new TriggerLook(journey, origin).requireOfOrigin(StepNames.REGISTER));
              ManifestRef manifest =
                  Stubs.copying(
                          CopyActivities.class,
                          LongQueue.MANIFESTS.of(journey.originQueue()),
                          journey.settings().retryTimeout(),
                          "digest the files of run " + trained.model().runId())
                      .makeManifest(new ManifestOrder(trained.model(), journey.id()));
              ModelVersion version = version(trained, manifest, attempt, registering);
              Candidate candidate =
                  new Candidate(
                      trained.model(),
                      origin.model(),
                      version.version(),
                      commit(trained),
                      manifest,
                      journey.start().version() == null ? null : version.tags().get(Tags.LINEAGE));
              journey.progress().candidate(candidate);
              journey.progress().outcome().version(version);
              leaves(candidate, "not marked");
              return new Made<>(
                  candidate,
                  origin.model()
                      + " version "
                      + version.version()
                      + (version.tags().containsKey(Tags.FOUND)
                          ? ", registered by the run itself, "
                          : ", ")
                      + manifest.files()
                      + " files, digest "
                      + manifest.shortDigest(),
                  version.page());
            },
            registering::giveUp);
  }

  /** What the plan says of what starts in the first workspace once the candidate is live. */
  static List<Action> startedAtTheEnd(Journey journey) {
    return journey
        .journal()
        .find(TRIGGERS, Triggers.class)
        .map(triggers -> triggers.actionsAtTheEnd(journey.settings().first()))
        .orElse(List.of());
  }

  /** Says in the registry that the version is on its way. */
  void mark(Candidate candidate) {
    journey
        .steps()
        .resumable(
            StepNames.MARK,
            Marked.class,
            origin.workspace(),
            attempt -> {
              Marked marked =
                  registry("mark version " + candidate.originVersion())
                      .mark(
                          new MarkOrder(
                              origin.workspace(),
                              origin.model(),
                              candidate.originVersion(),
                              origin.marking(),
                              origin.marking().candidate()));
              leaves(candidate, marked.mark());
              return Made.of(marked, marked.mark() + " is version " + marked.version());
            });
  }

  private void leaves(Candidate candidate, String mark) {
    journey
        .progress()
        .outcome()
        .leaves(
            origin.workspace(),
            "version "
                + candidate.originVersion()
                + " of "
                + origin.model()
                + " in "
                + origin.workspace()
                + ", "
                + mark);
  }

  private ModelVersion version(
      TrainedRun trained, ManifestRef manifest, Attempt attempt, Registering registering) {
    Map<String, String> facts =
        Map.of(Tags.DIGEST, manifest.digest(), Tags.MANIFEST, manifest.artifactUri());
    String given = journey.start().version();
    if (given != null) {
      // It came another way: what it says of its own making stays.
      registry("label version " + given)
          .labelVersion(new VersionLabels(origin.workspace(), origin.model(), given, facts));
      return registry("version " + given)
          .version(new VersionQuery(origin.workspace(), origin.model(), given));
    }
    Map<String, String> tags = new HashMap<>(journey.tags());
    tags.putAll(facts);
    String commit = commit(trained);
    if (commit != null) {
      tags.put(Tags.COMMIT, commit);
    }
    RegisteredAlready already = trained.registered();
    String ours =
        already != null && already.model().equals(origin.model()) ? already.version() : null;
    VersionOrder order =
        new VersionOrder(
            origin.workspace(),
            origin.model(),
            trained.model(),
            attempt.key(),
            tags,
            "Made by " + journey.id(),
            journey.settings().verifyOf(origin.workspace()),
            ours);
    ModelVersion made =
        registering.register(order, manifest, "register run " + trained.model().runId());
    if (already != null && !made.version().equals(ours)) {
      journey
          .progress()
          .notice(
              "the notebook returned version "
                  + already.version()
                  + " of "
                  + already.model()
                  + ", which "
                  + (ours != null ? "another promotion created" : "is another registered model")
                  + ": version "
                  + made.version()
                  + " of "
                  + origin.model()
                  + " has the same files; the other is left unchanged");
    }
    return made;
  }

  private @org.jspecify.annotations.Nullable String commit(TrainedRun trained) {
    return journey.start().commit() != null ? journey.start().commit() : trained.commit();
  }

  private RegistryActivities registry(String summary) {
    return Stubs.quick(
        RegistryActivities.class,
        journey.originQueue(),
        journey.settings().retryTimeout(),
        summary);
  }
}
