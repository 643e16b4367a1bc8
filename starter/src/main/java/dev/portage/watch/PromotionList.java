package dev.portage.watch;

import dev.portage.connection.ConnectionException;
import dev.portage.connection.TemporalConnection;
import dev.portage.livewatch.LiveWatchWorkflow;
import dev.portage.promotion.PromotionState;
import dev.portage.promotion.PromotionView;
import dev.portage.promotion.StepNames;
import dev.portage.release.Release;
import dev.portage.rollback.RollbackId;
import dev.portage.rollback.RollbackWorkflow;
import dev.portage.serving.TrafficShare;
import dev.portage.temporal.Memos;
import dev.portage.temporal.PromotionAttributes;
import io.temporal.client.WorkflowExecutionMetadata;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Lists promotions, rollbacks and watches by what Temporal stores about each. A worker is queried
 * only for the holder of a turn that a promotion waits for.
 */
public final class PromotionList {

  private final TemporalConnection connection;

  /** Queries through a connection. */
  public PromotionList(TemporalConnection connection) {
    this.connection = connection;
  }

  /**
   * One promotion or rollback of a list.
   *
   * @param id its id
   * @param model name of the model, null when it was started another way
   * @param state its state, such as "WAITING"
   * @param commit first 12 digits of its commit, null for a model trained elsewhere
   * @param step its current or last step, null before the first
   * @param startedBy who started it, null when not known
   * @param started when
   * @param ended when it ended, null while it runs
   * @param unfinished what is unfinished of its release, though it has ended; null for nothing
   * @param waitsFor the turn that it waits for, with its holder and since when; null if it waits
   *     for none, and if unknown
   * @param traffic how much of the traffic the new version has; null while none is moved
   */
  public record Entry(
      String id,
      @Nullable String model,
      String state,
      @Nullable String commit,
      @Nullable String step,
      @Nullable String startedBy,
      Instant started,
      @Nullable Instant ended,
      @Nullable String unfinished,
      @Nullable String waitsFor,
      @Nullable TrafficShare traffic) {
    /** One to be filled in; what is not named is null or empty. */
    public static Builder of(String id, String state, Instant started) {
      return new Builder(id, state, started);
    }

    /** Fills in the components by name. */
    public static final class Builder {
      private final String id;
      private @Nullable String model;
      private final String state;
      private @Nullable String commit;
      private @Nullable String step;
      private @Nullable String startedBy;
      private final Instant started;
      private @Nullable Instant ended;
      private @Nullable String unfinished;
      private @Nullable String waitsFor;
      private @Nullable TrafficShare traffic;

      private Builder(String id, String state, Instant started) {
        this.id = id;
        this.state = state;
        this.started = started;
      }

      /** Name of the model, null when it was started another way. */
      public Builder model(@Nullable String model) {
        this.model = model;
        return this;
      }

      /** First 12 digits of its commit, null for a model trained elsewhere. */
      public Builder commit(@Nullable String commit) {
        this.commit = commit;
        return this;
      }

      /** Its current or last step, null before the first. */
      public Builder step(@Nullable String step) {
        this.step = step;
        return this;
      }

      /** Who started it, null when not known. */
      public Builder startedBy(@Nullable String startedBy) {
        this.startedBy = startedBy;
        return this;
      }

      /** When it ended, null while it runs. */
      public Builder ended(@Nullable Instant ended) {
        this.ended = ended;
        return this;
      }

      /** What is unfinished of its release, though it has ended; null for nothing. */
      public Builder unfinished(@Nullable String unfinished) {
        this.unfinished = unfinished;
        return this;
      }

      /**
       * The turn that it waits for, with its holder and since when; null if it waits for none, and
       * if unknown.
       */
      public Builder waitsFor(@Nullable String waitsFor) {
        this.waitsFor = waitsFor;
        return this;
      }

      /** How much of the traffic the new version has; null while none is moved. */
      public Builder traffic(@Nullable TrafficShare traffic) {
        this.traffic = traffic;
        return this;
      }

      /** What was filled in. */
      public Entry build() {
        return new Entry(
            id,
            model,
            state,
            commit,
            step,
            startedBy,
            started,
            ended,
            unfinished,
            waitsFor,
            traffic);
      }
    }
  }

  private static final List<String> COURSES =
      List.of(RollbackWorkflow.TYPE, LiveWatchWorkflow.TYPE);

  /** As many are read, to find the newest among them. */
  private static final int MOST = 1000;

  /** One that went on in another run of the workflow is listed as that one. */
  private static final String ONE_RUN = " AND ExecutionStatus != 'ContinuedAsNew'";

  private static final String PROMOTIONS = "WorkflowType = 'PromotionWorkflow'" + ONE_RUN;

  private static final String ALL =
      "(WorkflowType IN ('PromotionWorkflow', '"
          + RollbackWorkflow.TYPE
          + "') OR (WorkflowType = '"
          + LiveWatchWorkflow.TYPE
          // One that found nothing is no news.
          + "' AND ExecutionStatus != 'Completed'))"
          + ONE_RUN;

  /**
   * The newest promotions and rollbacks first, and the watches that run or found a broken limit.
   *
   * @param model only of this model, null for all
   * @param waiting only those that wait for a person
   */
  public List<Entry> newest(@Nullable String model, boolean waiting, int limit) {
    // Each one that left something, or waits for a turn, is queried once more, all at once.
    try (Stream<WorkflowExecutionMetadata> found = found(ALL, model, waiting);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Entry>> entries =
          found.limit(limit).map(one -> threads.submit(() -> entry(one, true))).toList();
      return entries.stream().map(PromotionList::made).toList();
    }
  }

  /**
   * Ids of the rollbacks of a promotion's model that have not ended, or started after it, the
   * newest first.
   *
   * @param most how many
   */
  List<String> rollbacksSince(PromotionView promotion, int most) {
    Set<String> registered =
        promotion.releases().stream().map(Release::model).collect(Collectors.toSet());
    try (Stream<WorkflowExecutionMetadata> found =
        found("WorkflowType = '" + RollbackWorkflow.TYPE + "'" + ONE_RUN, null, false)) {
      return found
          .filter(one ->
              Promotions.attribute(one, PromotionAttributes.MODEL)
                      .filter(promotion.model()::equals)
                      .isPresent()
                  || RollbackId.of(one.getExecution().getWorkflowId())
                      .filter(id -> registered.contains(id.model()))
                      .isPresent())
          .filter(one -> !Courses.state(one).ended() || started(one).isAfter(promotion.started()))
          .map(one -> one.getExecution().getWorkflowId())
          .limit(most)
          .toList();
    }
  }

  /**
   * Only promotions, without what must be queried for each: nothing is unfinished or waits for a
   * turn.
   */
  public List<Entry> outline(@Nullable String model, int limit) {
    try (Stream<WorkflowExecutionMetadata> found = found(PROMOTIONS, model, false)) {
      return found.limit(limit).map(one -> entry(one, false)).toList();
    }
  }

  /**
   * Ids of promotions, rollbacks, adoptions or watches, newest first.
   *
   * @param kind the word that they begin with, such as "rollback"
   */
  List<String> ids(String kind) {
    String type =
        switch (kind) {
          case "rollback" -> RollbackWorkflow.TYPE;
          case "watch" -> LiveWatchWorkflow.TYPE;
          case "adopt" -> "AdoptWorkflow";
          default -> "PromotionWorkflow";
        };
    try (Stream<WorkflowExecutionMetadata> found =
        found("WorkflowType = '" + type + "'" + ONE_RUN, null, false)) {
      // A look at what would be adopted has a number of its own behind the id.
      return found
          .map(one -> one.getExecution().getWorkflowId())
          .filter(id -> id.startsWith(kind + "/") && !id.matches(".*/[0-9a-f]{8}-[0-9a-f-]{27}"))
          .distinct()
          .toList();
    }
  }

  /** Names of the models that promotions, rollbacks and adoptions are about, newest first. */
  List<String> models() {
    String any =
        "WorkflowType IN ('PromotionWorkflow', 'AdoptWorkflow', '" + RollbackWorkflow.TYPE + "')";
    try (Stream<WorkflowExecutionMetadata> found = found(any + ONE_RUN, null, false)) {
      return found
          .flatMap(one -> Promotions.attribute(one, PromotionAttributes.MODEL).stream())
          .distinct()
          .toList();
    }
  }

  /**
   * What finds the promotions that wait for a person in one state, as a query of Temporal's.
   *
   * @param model only of this model, null for all
   */
  public static String query(@Nullable String model, PromotionState state) {
    // Only promotions have a state; the shorter, the better, in the address of a page.
    return "ExecutionStatus='Running' AND "
        + PromotionAttributes.STATE.getName()
        + "='"
        + state.name()
        + "'"
        + ofModel(model);
  }

  private static String ofModel(@Nullable String model) {
    return model == null ? "" : " AND " + PromotionAttributes.MODEL.getName() + "='" + model + "'";
  }

  private Stream<WorkflowExecutionMetadata> found(
      String which, @Nullable String model, boolean waiting) {
    String query =
        which
            + ofModel(model)
            + (waiting
                ? " AND ExecutionStatus = 'Running' AND "
                    + PromotionAttributes.STATE.getName()
                    + " IN ('WAITING', 'STOPPED')"
                : "");
    return connection
        .client()
        .listExecutions(query)
        .limit(MOST)
        // A look at what a rollback would do is none, and neither is one that had another do it.
        .filter(found ->
            !found.getWorkflowType().equals(RollbackWorkflow.TYPE)
                || Rollbacks.isId(found.getExecution().getWorkflowId()))
        // The server lists what has not ended first.
        .sorted(Comparator.comparing(PromotionList::started).reversed());
  }

  private static Entry made(Future<Entry> entry) {
    try {
      return entry.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectionException("interrupted while the list was read", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException exception) {
        throw exception;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private Entry entry(WorkflowExecutionMetadata found, boolean asks) {
    return COURSES.contains(found.getWorkflowType())
        ? entry(found, asks, Courses.state(found).name(), Courses.state(found).ended())
        : entry(found, asks, Promotions.state(found).name(), Promotions.state(found).ended());
  }

  private Entry entry(WorkflowExecutionMetadata found, boolean asks, String state, boolean ended) {
    String id = found.getExecution().getWorkflowId();
    String step = Promotions.attribute(found, PromotionAttributes.STEP).orElse(null);
    boolean waits =
        asks
            && state.equals(PromotionState.RUNNING.name())
            && step != null
            && StepNames.isTurn(step);
    return Entry.of(id, state, started(found))
        .model(Promotions.attribute(found, PromotionAttributes.MODEL).orElse(null))
        .commit(Promotions.attribute(found, PromotionAttributes.COMMIT).orElse(null))
        .step(step)
        .startedBy(Promotions.attribute(found, PromotionAttributes.STARTED_BY).orElse(null))
        .ended(ended ? found.getCloseTime() : null)
        .unfinished(asks && ended ? unfinished(found) : null)
        .waitsFor(waits ? new TurnHolders(connection).holder(id).orElse(null) : null)
        .traffic(ended ? null : Promotions.traffic(found).orElse(null))
        .build();
  }

  /** When its first run started: one that continued as another run is as old as that. */
  private static Instant started(WorkflowExecutionMetadata found) {
    String first = found.getMemo(Memos.STARTED, String.class, String.class);
    return first == null ? found.getStartTime() : Instant.parse(first);
  }

  private @Nullable String unfinished(WorkflowExecutionMetadata found) {
    String left = found.getMemo(Memos.UNFINISHED, String.class, String.class);
    return left == null
            || new Finishing(connection).isFinished(found.getExecution().getWorkflowId())
        ? null
        : left;
  }
}
