package dev.portage.versioncopy;

import dev.portage.activity.Stubs;
import dev.portage.candidate.Arrival;
import dev.portage.candidate.Candidate;
import dev.portage.candidate.ManifestRef;
import dev.portage.copy.CopyActivities;
import dev.portage.copy.CopyOrder;
import dev.portage.copy.CopyPreview;
import dev.portage.copy.CopyResult;
import dev.portage.duplicates.Deduplication;
import dev.portage.failure.Failures;
import dev.portage.registry.ModelVersion;
import dev.portage.registry.RegistryActivities;
import dev.portage.registry.Tags;
import dev.portage.registry.VersionOrder;
import dev.portage.registry.VersionQuery;
import dev.portage.settings.CopyRequest;
import dev.portage.settings.CopySettings;
import dev.portage.settings.CopySettingsActivities;
import dev.portage.settings.Station;
import dev.portage.temporal.Given;
import dev.portage.temporal.Memos;
import dev.portage.temporal.Queues;
import dev.portage.text.Bounded;
import dev.portage.tracking.TrainedRun;
import dev.portage.versioncopy.CopyView.Phase;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** See {@link CopyWorkflow}. */
public class CopyWorkflowImpl implements CopyWorkflow {

  /** Someone is waiting for the first answer in front of a terminal. */
  private static final Duration LOOKING = Duration.ofMinutes(2);

  private final Deduplication deduplication = new Deduplication();
  private CopyView view;

  /** Nothing known yet but what it was started with. */
  @WorkflowInit
  public CopyWorkflowImpl(@Nullable CopyStart given) {
    CopyStart start = Given.input(given, CopyStart.class);
    view =
        CopyView.of(Workflow.getInfo().getWorkflowId(), Phase.LOOKING, start.from(), start.to())
            .build();
  }

  @Override
  public CopyView copyVersion(CopyStart start) {
    publish(view, "finding version " + start.version() + " of " + start.model());
    CopySettings settings =
        Stubs.here(
                CopySettingsActivities.class,
                LOOKING,
                "read the platform file's settings for " + start.from() + " and " + start.to())
            .copySettings(new CopyRequest(start.model(), start.from(), start.to(), start.verify()));
    Station from = settings.from();
    ModelVersion version = version(start, from);
    String id = start.idOf(settings.model(), version.version());
    if (!start.dryRun() && !view.id().equals(id)) {
      publish(view, "version " + version.version() + " is copied by " + id);
      view = OneCopy.by(id, start.of(from.model(), version.version()));
      publish(view, view.toModel() + " version " + view.toVersion());
      return view;
    }
    TrainedRun trained =
        registry(from, LOOKING, "find the files of version " + version.version())
            .runOf(new VersionQuery(from.workspace(), from.model(), version.version()));
    view =
        CopyView.of(view.id(), Phase.LOOKING, from.workspace(), settings.to().workspace())
            .model(from.model())
            .version(version.version())
            .toModel(settings.to().model())
            .page(version.page())
            .build();
    if (start.dryRun()) {
      return preview(settings, trained);
    }
    return carry(settings, id, version, trained);
  }

  private static ModelVersion version(CopyStart start, Station from) {
    return registry(from, LOOKING, "find version " + start.version() + " of " + from.model())
        .versionNamed(new VersionQuery(from.workspace(), from.model(), start.version()));
  }

  private CopyView preview(CopySettings settings, TrainedRun trained) {
    CopyPreview preview =
        looking(settings.to(), settings, "check what would be copied").previewCopy(trained.model());
    view =
        CopyView.of(view.id(), Phase.LOOKED, view.from(), view.to())
            .model(view.model())
            .version(view.version())
            .toModel(view.toModel())
            .files(preview.files())
            .bytes(preview.bytes())
            .methods("read " + preview.source().shown())
            .page(view.page())
            .build();
    publish(view, "dry run; nothing was changed");
    return view;
  }

  private CopyView carry(
      CopySettings settings, String key, ModelVersion version, TrainedRun trained) {
    try {
      CopyView done = copied(settings, key, version, trained);
      lookForTwins();
      return done;
    } catch (TemporalFailure failure) {
      lookForTwins();
      throw failure;
    }
  }

  /** However it ends: what a call without an answer made a second time does not stay. */
  private void lookForTwins() {
    deduplication.atTheEnd().forEach(told -> publish(view, told));
  }

  private CopyView copied(
      CopySettings settings, String key, ModelVersion version, TrainedRun found) {
    TrainedRun trained =
        StandIn.of(
            found,
            Queues.of(settings.from().workspace()),
            settings.retryTimeout(),
            told -> publish(view, told));
    String former = formerKey(settings, key, version.version());
    ManifestRef manifest = manifest(settings, version, trained);
    Candidate candidate =
        new Candidate(
            trained.model(),
            version.model(),
            version.version(),
            trained.commit() == null ? version.tags().get(Tags.COMMIT) : trained.commit(),
            manifest,
            version.tags().get(Tags.LINEAGE));
    String lineage = Arrival.atOrigin(candidate).lineage();
    Map<String, String> tags = tags(settings, candidate, lineage);
    view = with(Phase.COPYING, manifest, null, null);
    publish(view, "copying " + manifest.files() + " files");
    CopyResult copied =
        new Copying(
                new CopyOrder(
                        candidate,
                        candidate.origin(),
                        settings.to().workspace(),
                        settings.experiment(),
                        key,
                        tags,
                        settings.verify())
                    .formerly(former),
                Queues.of(settings.to().workspace()),
                settings.retryTimeout(),
                progress -> publish(view, progress.text()),
                deduplication)
            .copy();
    view = with(Phase.REGISTERING, manifest, copied, null);
    publish(view, "registering a version of " + settings.to().model());
    VersionOrder order =
        new VersionOrder(
                settings.to().workspace(),
                settings.to().model(),
                copied.model(),
                key,
                tags,
                "From " + lineage.replace("\n", " → "),
                settings.verify())
            .formerly(former);
    ModelVersion registered = registered(settings, order, manifest);
    view = with(Phase.DONE, manifest, copied, registered);
    publish(view, settings.to().model() + " version " + registered.version());
    return view;
  }

  /** What is half-finished is deleted at once, since nothing here waits for an order to resume. */
  private ModelVersion registered(CopySettings settings, VersionOrder order, ManifestRef manifest) {
    Registering registering =
        new Registering(
            settings.to().carriesFilesToRegister(),
            Queues.of(settings.to().workspace()),
            settings.retryTimeout(),
            deduplication,
            told -> publish(view, told));
    try {
      return registering.register(order, manifest, "register " + settings.to().model());
    } catch (TemporalFailure failure) {
      String told = String.join("; ", registering.giveUp());
      if (told.isEmpty()) {
        throw failure;
      }
      publish(view, told);
      if (CancellationScope.current().isCancelRequested()) {
        // Temporal closes it as cancelled, and such a close keeps no words but these.
        Workflow.upsertMemo(Map.of(Memos.SAYS, Bounded.line(told, Bounded.ANSWER)));
        throw failure;
      }
      throw Failures.of(
          Failures.problemOf(failure, "register " + order.model(), "workspace " + order.workspace())
              .and("Stopped: " + told + "."));
    }
  }

  private ManifestRef manifest(CopySettings settings, ModelVersion version, TrainedRun trained) {
    VersionManifest manifest =
        new VersionManifest(version, trained.model(), settings.retryTimeout());
    Optional<ManifestRef> known = manifest.find();
    if (known.isPresent()) {
      return known.get();
    }
    view = with(Phase.DIGESTING, null, null, null);
    publish(view, "digesting the files of version " + version.version());
    return manifest.make(view.id());
  }

  /** Earlier releases made the key of the name as it was typed: in full, or as in the file. */
  private static @Nullable String formerKey(CopySettings settings, String key, String number) {
    Station from = settings.from();
    String full = CopyStart.idOf(from.workspace(), settings.to().workspace(), from.model(), number);
    return full.equals(key) ? null : full;
  }

  private static Map<String, String> tags(
      CopySettings settings, Candidate candidate, String lineage) {
    Map<String, String> tags = new HashMap<>();
    tags.put(Tags.MODEL, settings.model());
    tags.put(Tags.DIGEST, candidate.manifest().digest());
    tags.put(Tags.MANIFEST, candidate.manifest().artifactUri());
    tags.put(Tags.LINEAGE, lineage);
    String commit = candidate.commit();
    if (commit != null) {
      tags.put(Tags.COMMIT, commit);
    }
    return Map.copyOf(tags);
  }

  @Override
  public CopyView status() {
    return view;
  }

  private CopyView with(
      Phase phase,
      @Nullable ManifestRef manifest,
      @Nullable CopyResult copied,
      @Nullable ModelVersion registered) {
    return CopyView.of(view.id(), phase, view.from(), view.to())
        .model(view.model())
        .version(view.version())
        .toModel(view.toModel())
        .toVersion(registered == null ? null : registered.version())
        .runId(copied == null ? null : copied.model().runId())
        .files(manifest == null ? null : manifest.files())
        .bytes(manifest == null ? null : manifest.bytes())
        .sentBytes(copied == null ? null : copied.sentBytes())
        .digest(manifest == null ? null : manifest.digest())
        .methods(copied == null || copied.methods() == null ? null : copied.methods().shown())
        .page(
            registered != null && registered.page() != null
                ? registered.page()
                : copied == null ? view.page() : copied.page())
        .build();
  }

  /** For the Web UI. */
  private static void publish(CopyView view, String now) {
    Workflow.setCurrentDetails(CopyPage.of(view, now));
  }

  private static RegistryActivities registry(Station station, Duration timeout, String summary) {
    return Stubs.quick(RegistryActivities.class, Queues.of(station.workspace()), timeout, summary);
  }

  private static CopyActivities looking(Station station, CopySettings settings, String summary) {
    return Stubs.copying(
        CopyActivities.class, Queues.of(station.workspace()), settings.retryTimeout(), summary);
  }
}
