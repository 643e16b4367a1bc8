package dev.portage.sandbox;

import com.google.protobuf.util.Timestamps;
import dev.portage.connection.TemporalConnection;
import dev.portage.sandbox.Gate.Call;
import dev.portage.sandbox.Gate.Moment;
import dev.portage.sandbox.world.WorkerProcess;
import dev.portage.sandbox.world.World;
import dev.portage.temporal.PromotionAttributes;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.PendingActivityState;
import io.temporal.api.failure.v1.ApplicationFailureInfo;
import io.temporal.api.failure.v1.Failure;
import io.temporal.api.workflow.v1.PendingActivityInfo;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionResponse;
import io.temporal.api.workflowservice.v1.ResetActivityRequest;
import io.temporal.api.workflowservice.v1.RespondActivityTaskFailedByIdRequest;
import io.temporal.api.workflowservice.v1.WorkflowServiceGrpc.WorkflowServiceBlockingStub;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * Kills the calling worker with SIGKILL, in each step and at each kind of call that creates or
 * moves something: first before the workspace gets the call or after it got half of it, and when
 * the call is repeated, after it took effect and before the response leaves. The third time it
 * passes. In steps that only read, one read is hit, and in each wait for a run one look at it. With
 * {@link Sizes#EVERYTHING}, it is each kind of call that changes anything, and a read in each step.
 */
public final class Reaper implements Gate.Watcher {
  /** POST calls that change nothing. */
  private static final List<String> LOOKS =
      List.of("/search", "/statements", "/search-experiments");

  /** Steps that change nothing, or nothing but rows. */
  private static final Set<String> READING = Set.of("prepare", "prod/evaluate", "prod/publish");

  /** Ends of the paths of calls that create something, start something or move a mark. */
  private static final List<String> CREATE_OR_MOVE =
      List.of(
          "/runs/submit",
          "/run-now",
          "/jobs/create",
          "/jobs/reset",
          "/mlflow/runs/create",
          "/mlflow/logged-models",
          "/model-versions/create",
          "/registered-models/create",
          "/registered-models/set-tag",
          "/transition-stage",
          "/alias");

  private final World world;
  private final TemporalConnection temporal;
  private final String promotion;
  private final Map<String, Integer> seen = new HashMap<>();
  private final List<Kill> kills = new ArrayList<>();
  private final Set<String> only;
  private boolean timeoutsAwaited;

  /**
   * One kill.
   *
   * @param step such as "prod/copy"
   * @param activity type of the running activity
   * @param call the call that was under way
   * @param moment when
   * @param worker whose
   */
  public record Kill(String step, String activity, Call call, Moment moment, String worker) {

    /** With ids left out. */
    @Override
    public String toString() {
      return "worker of "
          + worker
          + " killed "
          + moment
          + " "
          + kind(call)
          + " of "
          + activity
          + " in "
          + step;
    }
  }

  /** One that kills in every step of a promotion. */
  public Reaper(World world, TemporalConnection temporal, String promotion) {
    this(world, temporal, promotion, Set.of());
  }

  /**
   * One that kills only in some activities, once in each, after the workspace has done what was
   * asked.
   *
   * @param only such as "train AwaitRun"; empty for all
   */
  Reaper(World world, TemporalConnection temporal, String promotion, Set<String> only) {
    this.world = world;
    this.temporal = temporal;
    this.promotion = promotion;
    this.only = only;
    timeoutsAwaited = !only.isEmpty();
  }

  /** What it did so far. */
  public synchronized List<Kill> kills() {
    return List.copyOf(kills);
  }

  @Override
  public synchronized Moment when(Call call) {
    List<Moment> moments = moments(call);
    if (moments.isEmpty()) {
      return Moment.NEVER;
    }
    Optional<WorkerProcess> worker = caller(call);
    Optional<Doing> doing = worker.flatMap(this::doing);
    if (doing.isEmpty()) {
      return Moment.NEVER;
    }
    String step = doing.get().step();
    String activity = doing.get().activity();
    if (!only.isEmpty()) {
      return inOneOf(call, step, activity, worker.get());
    }
    if (!Sizes.EVERYTHING && !counts(call, step, activity)) {
      return Moment.NEVER;
    }
    // Waiting for a remote run is a moment of its own.
    String look = activity.equals("AwaitRun") ? " awaits" : " looks";
    String kind = step + (looks(call) ? look : " " + activity + " " + kind(call));
    int times = seen.getOrDefault(kind, 0) + 1;
    seen.put(kind, times);
    if (times > moments.size()) {
      return Moment.NEVER;
    }
    Moment moment = moments.get(times - 1);
    Kill kill = new Kill(step, activity, call, moment, worker.get().workspace());
    System.err.println("  " + LocalTime.now(ZoneOffset.UTC) + " " + kill);
    kills.add(kill);
    return moment;
  }

  private static boolean counts(Call call, String step, String activity) {
    if (looks(call)) {
      return READING.contains(step) || activity.equals("AwaitRun");
    }
    return call.method().equals("PUT")
        || activity.equals("LabelVersion")
        || changesRows(call)
        || CREATE_OR_MOVE.stream().anyMatch(call.path()::endsWith);
  }

  /** For what starts something, the call that starts it. */
  private Moment inOneOf(Call call, String step, String activity, WorkerProcess worker) {
    String place = step + " " + activity;
    boolean isIt = activity.equals("AwaitRun") == looks(call);
    if (!isIt || !only.contains(place) || seen.putIfAbsent(place, 1) != null) {
      return Moment.NEVER;
    }
    kills.add(new Kill(step, activity, call, Moment.AFTER, worker.workspace()));
    return Moment.AFTER;
  }

  private static List<Moment> moments(Call call) {
    if (looks(call)) {
      return List.of(Moment.AFTER);
    }
    return call.method().equals("PUT")
        ? List.of(Moment.DURING, Moment.AFTER)
        : List.of(Moment.BEFORE, Moment.AFTER);
  }

  private static boolean looks(Call call) {
    return Set.of("GET", "HEAD").contains(call.method())
        || (LOOKS.stream().anyMatch(call.path()::contains) && !changesRows(call));
  }

  /** Statements that publish rows of a batch, or remove them. */
  private static boolean changesRows(Call call) {
    return call.path().endsWith("/statements")
        && (call.text().contains("REPLACE WHERE") || call.text().contains("DELETE FROM"));
  }

  private static String kind(Call call) {
    String path =
        call.path()
            .replaceAll("/artifacts/.*/portage/", "/artifacts/…/portage/")
            .replaceAll("(/artifacts/)(?!….*).*", "$1…")
            .replaceAll("m-[0-9a-f]{32}", "…")
            .replaceAll("[0-9a-f]{32}|\\d{6,}", "…");
    return call.method() + " " + path;
  }

  private Optional<WorkerProcess> caller(Call call) {
    return World.WORKSPACES.stream()
        .filter(name -> holds(name, call.login()))
        .map(world::worker)
        .findFirst();
  }

  /** Whether a workspace's worker is the one with this login. */
  private boolean holds(String worker, String login) {
    try (var files = Files.list(world.folder().worker(worker))) {
      for (var file : files.filter(f -> f.toString().endsWith(".token")).toList()) {
        if (Files.readString(file).strip().equals(login)) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A step and its running activity. */
  private record Doing(String step, String activity) {}

  /**
   * What that worker is currently doing for the promotion, if anything: its lane numbers its turn
   * while any worker waits for that, and a watch waits for the rollback that it has started.
   */
  private Optional<Doing> doing(WorkerProcess worker) {
    return describe()
        .flatMap(described ->
            Stream.concat(Stream.of(promotion), others().stream())
                .flatMap(workflow -> describe(workflow).stream())
                .flatMap(workflow -> newest(workflow, worker).stream())
                .findFirst()
                .map(activity -> new Doing(step(described), activity.getActivityType().getName())));
  }

  private static Optional<PendingActivityInfo> newest(
      DescribeWorkflowExecutionResponse described, WorkerProcess worker) {
    return started(described, worker.pid()).stream()
        .max(
            Comparator.comparing(PendingActivityInfo::getLastStartedTime, Timestamps.comparator()));
  }

  private static String step(DescribeWorkflowExecutionResponse described) {
    return described
        .getWorkflowExecutionInfo()
        .getSearchAttributes()
        .getIndexedFieldsOrThrow(PromotionAttributes.STEP.getName())
        .getData()
        .toStringUtf8()
        .replace("\"", "");
  }

  /** The promotion as the server knows it; empty before it starts. */
  private Optional<DescribeWorkflowExecutionResponse> describe() {
    return describe(promotion);
  }

  private Optional<DescribeWorkflowExecutionResponse> describe(String workflow) {
    try {
      return Optional.of(
          temporal
              .stubs()
              .blockingStub()
              .describeWorkflowExecution(
                  DescribeWorkflowExecutionRequest.newBuilder()
                      .setNamespace(temporal.namespace())
                      .setExecution(WorkflowExecution.newBuilder().setWorkflowId(workflow))
                      .build()));
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static List<PendingActivityInfo> started(
      DescribeWorkflowExecutionResponse described, long pid) {
    return described.getPendingActivitiesList().stream()
        .filter(a -> a.getState() == PendingActivityState.PENDING_ACTIVITY_STATE_STARTED)
        .filter(a -> a.getLastWorkerIdentity().startsWith(pid + "@"))
        .toList();
  }

  @Override
  public void interfere(Call call) {
    WorkerProcess worker = caller(call).orElseThrow();
    long pid = worker.pid();
    int starts = worker.starts();
    worker.kill();
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
    if (awaitsTimeouts(worker)) {
      return;
    }
    // Temporal would notice by timeouts of 30 s each; instead it is told that the attempt is lost.
    Stream.concat(Stream.of(promotion), others().stream())
        .forEach(workflow ->
            describe(workflow)
                .ifPresent(described ->
                    started(described, pid).forEach(activity -> lost(workflow, activity))));
    Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> worker.starts() > starts);
  }

  /** The first death of prod's worker is left to Temporal's own timeouts. */
  private synchronized boolean awaitsTimeouts(WorkerProcess worker) {
    if (timeoutsAwaited) {
      return false;
    }
    timeoutsAwaited = worker.workspace().equals("prod");
    return timeoutsAwaited;
  }

  /**
   * What works for the workflow on the same workers: the lane that numbers its turn, and the
   * rollback that a watch starts.
   */
  private List<String> others() {
    String[] words = promotion.split("/", -1);
    return switch (words[0]) {
      case "rollback" -> List.of("lane/prod/" + words[2]);
      case "watch" -> List.of("rollback/prod/" + words[2] + "/1", "lane/prod/" + words[2]);
      default -> List.of("lane/prod/" + words[1]);
    };
  }

  private void lost(String workflow, PendingActivityInfo activity) {
    WorkflowServiceBlockingStub server = temporal.stubs().blockingStub();
    server.respondActivityTaskFailedById(
        RespondActivityTaskFailedByIdRequest.newBuilder()
            .setNamespace(temporal.namespace())
            .setWorkflowId(workflow)
            .setActivityId(activity.getActivityId())
            .setIdentity("reaper")
            .setFailure(
                Failure.newBuilder()
                    .setMessage("the worker was killed")
                    .setApplicationFailureInfo(
                        ApplicationFailureInfo.newBuilder().setType("WorkerKilled")))
            .build());
    // Its next attempt would be delayed more and more, up to half a minute; here it comes
    // immediately. One that has no time left for another is over by now.
    try {
      server.resetActivity(
          ResetActivityRequest.newBuilder()
              .setNamespace(temporal.namespace())
              .setExecution(WorkflowExecution.newBuilder().setWorkflowId(workflow))
              .setId(activity.getActivityId())
              .setIdentity("reaper")
              .build());
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() != Status.Code.NOT_FOUND) {
        throw e;
      }
    }
  }
}
