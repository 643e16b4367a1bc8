package dev.portage.preflight;

import dev.portage.job.TeamJobNeeds;
import dev.portage.job.WheelNeeds;
import dev.portage.live.LiveQuery;
import dev.portage.live.LiveThings;
import dev.portage.live.PlannedHop;
import dev.portage.preflight.WorkspaceNeeds.Right;
import dev.portage.registry.ModelQuery;
import dev.portage.registry.PromotionQuery;
import dev.portage.registry.VersionQuery;
import dev.portage.settings.BatchSettings;
import dev.portage.settings.JobPlaces;
import dev.portage.settings.PredictionCheck;
import dev.portage.settings.RehearsalSettings;
import dev.portage.settings.ServeSettings;
import dev.portage.settings.Settings;
import dev.portage.settings.Station;
import dev.portage.settings.Threshold;
import dev.portage.settings.Work;
import dev.portage.tracking.RunSearch;
import dev.portage.trigger.TriggerQuery;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a promotion needs from each workspace of its path. Pure. */
final class Needs {

  private Needs() {}

  /** For each workspace, in order of the path. */
  static List<WorkspaceNeeds> of(Settings settings, PreflightOrder order) {
    return settings.path().stream()
        .map(station -> of(settings, station, ahead(settings, station, order), order))
        .toList();
  }

  private static WorkspaceNeeds of(
      Settings settings, Station station, @Nullable Ahead ahead, PreflightOrder order) {
    Set<Right> rights = EnumSet.of(Right.READ_REGISTRY, Right.WRITE_REGISTRY);
    boolean first = station.equals(settings.first());
    List<TeamJobNeeds> jobs = jobs(settings, station);
    if (first) {
      if (isOurs(settings.evaluate())
          || (settings.train() != null && (isOurs(settings.check()) || isOurs(settings.train())))) {
        rights.addAll(EnumSet.of(Right.RUN_JOBS, Right.USE_POOL));
      }
    } else if (settings.batch() != null) {
      if (settings.batch().checked() != PredictionCheck.NONE) {
        rights.add(Right.QUERY_TABLES);
      }
      if (jobs.isEmpty()) {
        rights.addAll(EnumSet.of(Right.RUN_JOBS, Right.MANAGE_JOBS, Right.USE_POOL));
      }
    }
    ServeSettings serve = first ? null : settings.serveAt(station);
    if (serve != null) {
      rights.add(Right.SERVE_MODELS);
    }
    BatchSettings batch = first ? null : settings.batchAt(station);
    List<WheelNeeds> wheels = wheels(settings, station, order.commit());
    RehearsalSettings asked = first ? settings.rehearsal() : null;
    RehearsalSettings rehearsal = asked != null && asked.takesPlace() ? asked : null;
    return WorkspaceNeeds.of(station.workspace(), List.copyOf(rights))
        .model(station.model())
        .experiment(settings.experimentAt(station))
        .table(
            batch != null
                ? batch.checked().isOfRows() ? batch.table() : null
                : rehearsal == null ? null : rehearsal.table())
        .compute(compute(settings, first))
        .ahead(ahead)
        .jobs(jobs.isEmpty() ? null : jobs)
        .wheels(wheels.isEmpty() ? null : wheels)
        .rehearses(rehearsal == null ? null : rehearsal.required())
        .copiesFrom(before(settings, station))
        .named(named(settings, station))
        .secrets(secrets(serve))
        .endpoint(serve == null ? null : serve.endpoint())
        .size(serve == null ? null : serve.size())
        .candidate(settings.targets().contains(station) ? candidate(order) : null)
        .build();
  }

  /** Of what was trained elsewhere the code may be of another commit than the model. */
  private static @Nullable String candidate(PreflightOrder order) {
    return order.version() == null && order.runId() == null ? order.commit() : null;
  }

  /** Pools and policies that scoring can't do without there. */
  private static @Nullable List<String> named(Settings settings, Station station) {
    RehearsalSettings rehearsal = settings.rehearsal();
    boolean needed =
        !station.equals(settings.first())
            || (rehearsal != null && rehearsal.takesPlace() && rehearsal.required());
    BatchSettings batch = needed ? settings.batchAt(station) : null;
    List<String> named =
        batch != null && batch.scoring() instanceof Work.Defined file
            ? List.copyOf(JobPlaces.namedThings(file.read()))
            : List.of();
    return named.isEmpty() ? null : named;
  }

  private static @Nullable List<String> secrets(@Nullable ServeSettings serve) {
    return serve == null || serve.environment().isEmpty()
        ? null
        : List.copyOf(serve.environment().values());
  }

  /** Copies to a workspace come from the one before it. */
  private static @Nullable String before(Settings settings, Station station) {
    int place = settings.path().indexOf(station);
    return place > 0 ? settings.path().get(place - 1).workspace() : null;
  }

  private static boolean isOurs(@Nullable Work work) {
    return work != null && !(work instanceof Work.Job);
  }

  /** What runs there, by step. */
  private static Map<String, @Nullable Work> work(Settings settings, Station station) {
    boolean first = station.equals(settings.first());
    BatchSettings batch = settings.batchAt(station);
    Map<String, @Nullable Work> work = new LinkedHashMap<>();
    if (first && settings.train() != null) {
      work.put("check", settings.check());
      work.put("train", settings.train());
    } else if (!first) {
      work.put("batch", batch == null ? null : batch.scoring());
    }
    return work;
  }

  /** Wheels with a known location; if it depends on an unknown commit, it isn't known. */
  private static List<WheelNeeds> wheels(
      Settings settings, Station station, @Nullable String commit) {
    List<WheelNeeds> wheels = new ArrayList<>();
    work(settings, station)
        .forEach((step, what) -> {
          String file = what instanceof Work.Wheel wheel ? wheel.wheel() : null;
          if (what instanceof Work.Wheel wheel
              && file != null
              && (commit != null || !file.contains(Work.Wheel.COMMIT))) {
            String path = commit == null ? file : String.valueOf(wheel.wheelOf(commit));
            wheels.add(new WheelNeeds(step, wheel.pack(), wheel.entryPoint(), path));
          }
        });
    return wheels;
  }

  /** What is wanted of jobs of the team's. */
  private static List<TeamJobNeeds> jobs(Settings settings, Station station) {
    List<TeamJobNeeds> jobs = new ArrayList<>();
    work(settings, station)
        .forEach((step, what) -> {
          if (what instanceof Work.Job job) {
            jobs.add(
                new TeamJobNeeds(
                    step, job.job(), List.copyOf(job.parameters().keySet()), purpose(step)));
          }
        });
    return jobs;
  }

  private static TeamJobNeeds.Purpose purpose(String step) {
    return switch (step) {
      case "check" -> TeamJobNeeds.Purpose.CHECK;
      case "train" -> TeamJobNeeds.Purpose.TRAIN;
      default -> TeamJobNeeds.Purpose.SCORE;
    };
  }

  /** Compute words of what runs there, each once; a job of the team's has compute of its own. */
  private static List<String> compute(Settings settings, boolean first) {
    Set<String> words = new TreeSet<>();
    List<@Nullable Work> all = new ArrayList<>();
    if (first) {
      all.add(settings.check());
      all.add(settings.train());
      all.add(settings.evaluate());
    } else {
      BatchSettings batch = settings.batch();
      all.add(batch == null ? null : batch.scoring());
    }
    for (Work work : all) {
      if (work != null && !(work instanceof Work.Job) && !hasItsOwn(work)) {
        String word = work.compute();
        words.add(word == null ? "default" : word);
      }
    }
    return List.copyOf(words);
  }

  /** The tasks of a file run on what it says, unless a word is named. */
  private static boolean hasItsOwn(Work work) {
    return work instanceof Work.Defined && work.compute() == null;
  }

  private static Ahead ahead(Settings settings, Station station, PreflightOrder order) {
    boolean target = settings.targets().contains(station);
    LiveQuery live = target ? live(settings, station, order) : null;
    boolean runs = live != null && live.things().stream().anyMatch(ref -> ref.planned() != null);
    return new Ahead(
        station.equals(settings.first()) ? caringFor(version(order, station), settings) : null,
        station.equals(settings.first()) ? caringFor(run(order, station), settings) : null,
        live,
        station.equals(settings.path().getLast()) ? released(order, station) : null,
        runs ? order.source() : null,
        target
            ? TriggerQuery.ofTarget(station)
            : TriggerQuery.ofOrigin(station, order.version() == null));
  }

  private static LiveQuery live(Settings settings, Station target, PreflightOrder order) {
    return new LiveQuery(
        LiveThings.known().refs(hop(settings, target, order), true),
        new ModelQuery(
            target.workspace(), target.model(), target.marking(), metrics(settings), true));
  }

  /** A hop as the plan shows it. */
  static PlannedHop hop(Settings settings, Station target, PreflightOrder order) {
    return new PlannedHop(settings, target, order.source(), null);
  }

  /** Metrics that gates look at. */
  static List<String> metrics(Settings settings) {
    return settings.thresholds().stream().map(Threshold::metric).distinct().toList();
  }

  private static @Nullable VersionQuery caringFor(@Nullable VersionQuery query, Settings settings) {
    return query == null
        ? null
        : new VersionQuery(query.workspace(), query.model(), query.version(), metrics(settings));
  }

  private static @Nullable RunSearch caringFor(@Nullable RunSearch search, Settings settings) {
    return search == null
        ? null
        : new RunSearch(search.workspace(), null, null, search.runId(), metrics(settings));
  }

  static @Nullable VersionQuery version(PreflightOrder order, Station first) {
    return order.version() == null
        ? null
        : new VersionQuery(first.workspace(), first.model(), order.version());
  }

  static @Nullable RunSearch run(PreflightOrder order, Station first) {
    return order.runId() == null
        ? null
        : new RunSearch(first.workspace(), null, null, order.runId());
  }

  static @Nullable PromotionQuery released(PreflightOrder order, Station last) {
    return order.promotion() == null
        ? null
        : new PromotionQuery(last.workspace(), last.model(), order.promotion());
  }
}
