package dev.portage.adopt;

import dev.portage.activity.Stubs;
import dev.portage.copy.CopyActivities;
import dev.portage.copy.CopyPreview;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.live.LiveState;
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
import dev.portage.temporal.Queues;
import dev.portage.tracking.TrainedRun;
import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The first step: which version is live, by which job, and what would be recorded of it. */
final class FirstLook {

  private static final Duration SETTINGS = Duration.ofMinutes(2);

  private final AdoptStart start;
  private final AdoptSettings settings;
  private final Station target;

  private FirstLook(AdoptStart start, AdoptSettings settings) {
    this.start = start;
    this.settings = settings;
    this.target = settings.target();
  }

  /**
   * Looks; changes nothing.
   *
   * @throws ApplicationFailure a user error when nothing can be adopted
   */
  static Findings look(AdoptStart start) {
    AdoptSettings settings =
        Stubs.here(
                AdoptSettingsActivities.class,
                SETTINGS,
                "read the platform file's settings for " + start.workspace())
            .adoptSettings(start);
    return new FirstLook(start, settings).look();
  }

  private Findings look() {
    Optional<Champion> champion = champion(settings);
    ModelVersion version = version(champion.map(Champion::version));
    boolean marked = champion.isPresent();
    TrainedRun trained =
        registry("find the files of version " + version.version()).runOf(query(version.version()));
    List<AdoptedThing> things = things(version);
    Known known = known(version, trained, marked, things);
    String recorded = known.recorded();
    CopyPreview files =
        Stubs.copying(
                CopyActivities.class,
                queue(),
                settings.retryTimeout(),
                "count the files of version " + version.version())
            .previewCopy(trained.model());
    Planned planned = new Planned(settings, start.inTags(settings.model()), version, things);
    AdoptPlan plan =
        new AdoptPlan(
            settings.model(),
            target.model(),
            version.version(),
            files.files(),
            files.bytes(),
            things,
            recorded == null ? planned.actions(files, marked, known.completes()) : List.of(),
            recorded == null ? planned.remarks(trained, known.completes()) : List.of());
    Findings looked =
        new Findings(settings, plan, version, trained, marked, recorded, known.completes());
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

  private List<AdoptedThing> things(ModelVersion version) {
    List<String> unknown = Adoptables.unknown(start.beside());
    if (!unknown.isEmpty()) {
      throw refused(
          "nothing of the name " + String.join(", ", unknown) + " can be adopted",
          "Name a job or an endpoint.");
    }
    AdoptContext context =
        new AdoptContext(
            settings,
            start.inTags(settings.model()),
            version.version(),
            Workflow.getInfo().getWorkflowId(),
            null);
    List<AdoptedThing> things = new ArrayList<>();
    for (Adoptable one : Adoptables.known()) {
      String named = start.beside().get(one.thing());
      if (named != null) {
        things.add(one.find(context, named));
      }
    }
    return things;
  }

  /**
   * What is known of the version already.
   *
   * @param recorded the adoption that recorded all of it, in a line; null if none did
   * @param completes the release that did not record all that is named; null if there is none
   */
  private record Known(@Nullable String recorded, @Nullable Release completes) {
    private static final Known NOTHING = new Known(null, null);
  }

  /**
   * What was recorded before.
   *
   * @throws ApplicationFailure when a promotion or a rollback recorded all that is named
   */
  private Known known(
      ModelVersion version, TrainedRun trained, boolean marked, List<AdoptedThing> things) {
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
      return Known.NOTHING;
    }
    Release known = release.get();
    boolean adopted = known.promotion().startsWith(AdoptStart.ADOPTIONS);
    if (adopted
        && !Tags.recordRelease(
            registry("is version " + version.version() + " labelled?")
                .version(query(version.version()))
                .tags())) {
      // One that someone terminated: the label comes last, and all of it may be repeated.
      return Known.NOTHING;
    }
    // Each is looked at, since any of them may be refused.
    List<AdoptedThing> more = things.stream().filter(thing -> !isRecorded(known, thing)).toList();
    if (!more.isEmpty()) {
      return new Known(null, known);
    }
    if (adopted) {
      return new Known(
          "version "
              + known.version()
              + " is recorded already, adopted at "
              + known.at()
              + "; nothing was changed",
          null);
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

  /**
   * Whether a release has that thing, tagged as far as it may be.
   *
   * @throws ApplicationFailure when it has another one of that kind
   */
  private boolean isRecorded(Release release, AdoptedThing thing) {
    for (LiveState state : release.states()) {
      if (state.present() && state.thing().equals(thing.thing())) {
        if (!Adoptables.of(thing).isSame(state, thing)) {
          throw refused(
              "version "
                  + release.version()
                  + " is recorded with "
                  + state.text()
                  + ", not with "
                  + thing.shown(),
              "A release has one of them: name that one, or none.");
        }
        return !thing.isToBeTagged();
      }
    }
    return false;
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
