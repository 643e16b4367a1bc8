package dev.portage.adopt;

import dev.portage.activity.Stubs;
import dev.portage.copy.CopyActivities;
import dev.portage.copy.CopyPreview;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.plan.Action;
import dev.portage.registry.Champion;
import dev.portage.registry.ModelQuery;
import dev.portage.registry.ModelVersion;
import dev.portage.registry.RegistryActivities;
import dev.portage.registry.Tags;
import dev.portage.registry.VersionQuery;
import dev.portage.release.RecordQuery;
import dev.portage.release.Release;
import dev.portage.release.ReleaseActivities;
import dev.portage.settings.Station;
import dev.portage.settings.Station.Capability;
import dev.portage.temporal.Queues;
import dev.portage.tracking.TrainedRun;
import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The first step: which version is live, by which job, and what would be recorded of it. */
final class Looking {

  private static final Duration SETTINGS = Duration.ofMinutes(2);

  private final AdoptStart start;
  private final AdoptSettings settings;
  private final Station target;

  private Looking(AdoptStart start, AdoptSettings settings) {
    this.start = start;
    this.settings = settings;
    this.target = settings.target();
  }

  /**
   * Looks; changes nothing.
   *
   * @throws ApplicationFailure a user error when nothing can be adopted
   */
  static Looked look(AdoptStart start) {
    AdoptSettings settings =
        Stubs.here(
                AdoptSettingsActivities.class,
                SETTINGS,
                "read the platform file's settings for " + start.workspace())
            .adoptSettings(start);
    return new Looking(start, settings).look();
  }

  private Looked look() {
    Optional<Champion> champion = champion(settings);
    ModelVersion version = version(champion.map(Champion::version));
    boolean marked = champion.isPresent();
    TrainedRun trained =
        registry("find the files of version " + version.version()).runOf(query(version.version()));
    String recorded = recorded(version, trained, marked);
    AdoptedJob job = start.job() == null ? null : job(start.job());
    CopyPreview files =
        Stubs.copying(
                CopyActivities.class,
                queue(),
                settings.retryTimeout(),
                "count the files of version " + version.version())
            .previewCopy(trained.model());
    AdoptPlan plan =
        new AdoptPlan(
            settings.model(),
            target.model(),
            version.version(),
            files.files(),
            files.bytes(),
            job,
            recorded == null ? actions(version, job, files, marked) : List.of(),
            recorded == null ? remarks(version, trained, job) : List.of());
    Looked looked = new Looked(settings, plan, version, trained, marked, recorded);
    MarkClearance.require(looked, null);
    return looked;
  }

  /** The champion there, as it is now. */
  static Optional<Champion> champion(AdoptSettings settings) {
    Station target = settings.target();
    return Stubs.quick(
            RegistryActivities.class,
            Queues.of(target.workspace()),
            settings.retryTimeout(),
            "which version of " + target.model() + " is live?")
        .champion(new ModelQuery(target.workspace(), target.model(), target.marking()));
  }

  private ModelVersion version(Optional<ModelVersion> champion) {
    String named = start.version();
    if (champion.isPresent()) {
      ModelVersion live = champion.get();
      if (named != null && !named.equals(live.version())) {
        ModelVersion other = named(named);
        if (!other.version().equals(live.version())) {
          throw refused(
              "version "
                  + other.version()
                  + " is not live there: "
                  + mark()
                  + " is version "
                  + live.version(),
              "Adopt what is live, without --version; or move "
                  + mark()
                  + " first, if version "
                  + other.version()
                  + " is what readers use.");
        }
      }
      return live;
    }
    if (named == null) {
      // That there is no such model at all is an error of its own.
      registry("is there a model " + target.model() + "?")
          .versionNamed(query(target.marking().live()));
      throw refused("no version is " + mark() + " there", "Name the one that is live: --version.");
    }
    return named(named);
  }

  private ModelVersion named(String named) {
    return registry("find version " + named + " of " + target.model()).versionNamed(query(named));
  }

  /** "alias champion" or "stage Production". */
  private String mark() {
    return mark(target);
  }

  static String mark(Station target) {
    return switch (target.marking()) {
      case ALIASES -> "alias " + target.marking().live();
      case STAGES -> "stage " + target.marking().live();
    };
  }

  /**
   * The adoption that recorded it before; null if nothing did.
   *
   * @throws ApplicationFailure when a promotion or a rollback did
   */
  private @Nullable String recorded(ModelVersion version, TrainedRun trained, boolean marked) {
    Optional<Release> release = Optional.empty();
    if (marked) {
      release =
          releases("was version " + version.version() + " released there?")
              .liveRelease(new ModelQuery(target.workspace(), target.model(), target.marking()));
    }
    if (release.isEmpty() && Tags.recordRelease(version.tags()) && trained.model().hasRun()) {
      release =
          releases("read the release of version " + version.version())
              .recorded(new RecordQuery(target.workspace(), trained.model().runId()));
    }
    if (release.isEmpty()) {
      return null;
    }
    Release known = release.get();
    if (known.promotion().startsWith(AdoptStart.ADOPTIONS)) {
      boolean whole =
          Tags.recordRelease(
              registry("is version " + version.version() + " labelled?")
                  .version(query(version.version()))
                  .tags());
      if (!whole) {
        // One that someone terminated: the label comes last, and all of it may be repeated.
        return null;
      }
      return "version "
          + known.version()
          + " is recorded already, adopted at "
          + known.at()
          + "; nothing was changed";
    }
    throw refused(
        "version "
            + version.version()
            + " was released by Portage already, by "
            + known.promotion()
            + " at "
            + known.at(),
        "Nothing needs to be adopted; portage history "
            + settings.model()
            + " shows all releases.");
  }

  private AdoptedJob job(String named) {
    return Stubs.quick(
            AdoptJobActivities.class, queue(), settings.retryTimeout(), "find job " + named)
        .findJobToAdopt(
            new AdoptJobOrder(
                target.workspace(),
                settings.model(),
                named,
                Workflow.getInfo().getWorkflowId(),
                null));
  }

  private List<Action> actions(
      ModelVersion version, @Nullable AdoptedJob job, CopyPreview files, boolean marked) {
    List<Action> actions = new ArrayList<>();
    String name = "version " + version.version();
    String digest = version.tags().get(Tags.DIGEST);
    actions.add(
        new Action(
            "digest",
            "digest of " + name,
            digest == null ? "unknown" : digest.substring(0, Math.min(12, digest.length())),
            String.format(
                Locale.ROOT,
                "computed from %,d files, %,d bytes, and stored with the model",
                files.files(),
                files.bytes())));
    if (job != null && !job.tagged() && job.keeper() == null) {
      actions.add(
          new Action(
              "record",
              "tags of " + job.shown(),
              "not Portage's",
              "the job of " + settings.model() + ", for promotions and rollbacks to change"));
    }
    if (!marked) {
      actions.add(new Action("record", mark() + " of " + target.model(), "no version", name));
    }
    actions.add(
        new Action(
            "record",
            "release of " + target.model() + " in " + target.workspace(),
            "none",
            name + ", labelled " + Tags.LIVE));
    return actions;
  }

  private List<String> remarks(ModelVersion version, TrainedRun trained, @Nullable AdoptedJob job) {
    List<String> remarks = new ArrayList<>();
    if (job != null && job.keeper() != null) {
      remarks.add(
          job.shown()
              + " is "
              + job.keeper()
              + ": it is recorded, but not tagged, since the next deployment would take the tag"
              + " away; a promotion does not change its settings");
    }
    if (job != null
        && job.state().modelVersion() != null
        && !version.version().equals(job.state().modelVersion())) {
      remarks.add(
          job.shown()
              + " says that it scores with version "
              + job.state().modelVersion()
              + "; it is recorded as it is");
    }
    if (job == null && target.capabilities().contains(Capability.RUN_JOBS)) {
      remarks.add(
          "no scoring job is recorded, so a rollback to this release changes none; if one scores"
              + " with it, name it: --job NAME");
    }
    if (trained.commit() == null && version.tags().get(Tags.COMMIT) == null) {
      remarks.add("the commit that it was trained from is unknown");
    }
    return remarks;
  }

  private VersionQuery query(String version) {
    return new VersionQuery(target.workspace(), target.model(), version);
  }

  private RegistryActivities registry(String summary) {
    return Stubs.quick(RegistryActivities.class, queue(), settings.retryTimeout(), summary);
  }

  private ReleaseActivities releases(String summary) {
    return Stubs.searching(ReleaseActivities.class, queue(), settings.retryTimeout(), summary);
  }

  private String queue() {
    return Queues.of(target.workspace());
  }

  private ApplicationFailure refused(String what, String remedy) {
    return Failures.of(
        Problem.of(
            FailureKind.USER,
            "adopt " + target.model(),
            "workspace " + target.workspace(),
            what,
            "Nothing was changed. " + remedy));
  }
}
