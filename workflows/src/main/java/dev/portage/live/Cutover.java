package dev.portage.live;

import dev.portage.duplicates.Deduplication;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Problem;
import dev.portage.serving.EndpointChanged;
import dev.portage.serving.EndpointConfig;
import dev.portage.serving.EndpointCopies;
import dev.portage.serving.EndpointReady;
import dev.portage.serving.NewVersion;
import dev.portage.serving.Served;
import dev.portage.serving.SoakDesk;
import dev.portage.serving.SoakOrder;
import dev.portage.serving.StoredEndpoint;
import dev.portage.serving.TrafficShare;
import dev.portage.settings.ServeSettings;
import dev.portage.step.Attempt;
import dev.portage.step.StepFailure;
import dev.portage.step.StepProgress;
import dev.portage.temporal.Queues;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.CompletablePromise;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One cutover of an endpoint, under the turn: the new version at 0 %, a smoke test at its own
 * address, then more and more of the traffic, each share watched and judged. It waits for no
 * person, but a person may end a soak early or abort. However it ends, the caller undoes the
 * changes that it was told of.
 */
final class Cutover {

  /**
   * Freezes and quarantine were read when the turn was taken; a cutover that takes longer than this
   * reads them again.
   */
  private static final Duration CLEARANCE_LASTS = Duration.ofHours(1);

  private final LiveHop hop;
  private final ServeSettings serve;
  private final Attempt attempt;
  private final LiveThing thing;
  private final Consumer<LiveChange> changed;
  private NewVersion added;
  private final EndpointCalls calls;
  private final SoakDesk desk;
  private final String step;

  private EndpointConfig found = EndpointConfig.NONE;
  private EndpointConfig made = EndpointConfig.NONE;
  private LiveState before;
  private @Nullable SettingsRef settings;
  private boolean alone;
  private Instant cleared;

  /**
   * @param thing the live thing, for the names of its step and its states
   * @param changed is told of each change before it is ordered
   */
  Cutover(
      LiveHop hop,
      ServeSettings serve,
      Attempt attempt,
      LiveThing thing,
      Consumer<LiveChange> changed) {
    this.hop = hop;
    this.serve = serve;
    this.attempt = attempt;
    this.thing = thing;
    this.changed = changed;
    this.added = NewVersion.of(serve, hop.model(), hop.version());
    this.calls = new EndpointCalls(hop, serve.endpoint(), hop.settings().model(), serve.timeout());
    this.desk = hop.part(SoakDesk.class);
    this.step = hop.step(thing);
    this.cleared = now();
    this.before = Endpoints.none(thing.name(), serve.endpoint(), hop.settings().model());
  }

  /** Carries it out to its end. */
  Applied run() {
    StoredEndpoint stored = store(attempt.key());
    found = stored.config();
    added = added.beside(found);
    made = found;
    settings = stored.settings();
    if (stored.state() != null) {
      before = Endpoints.state(thing.name(), stored.state()).with(settings);
    }
    boolean first = found.isNone();
    alone = first || isAlone();
    desk.begin(step + " of version " + hop.version());
    try {
      int share = alone ? 100 : 0;
      change(
          first ? only() : stays().beside(added.at(0)),
          "version " + hop.version() + " at " + share + " %",
          share);
      attempt.says(StepProgress.of(share(share), "smoke test of version " + hop.version()));
      CutoverProbes probes = probes();
      probes.smokeTest();
      if (alone) {
        watch(100, probes);
      } else {
        serve.steps().forEach(percent -> give(percent, probes));
      }
      EndpointConfig left = stays().atTheEnd(made, added.name());
      if (!left.isLike(made)) {
        change(left, "remove what is not kept", 100);
      }
    } finally {
      desk.end();
    }
    return applied();
  }

  /** Whether no other version gets traffic, because this one stayed: then there are no steps. */
  private boolean isAlone() {
    return found.live().served().stream().allMatch(one -> one.name().equals(added.name()));
  }

  /** Answers are compared with those of the version that has the most traffic. */
  private CutoverProbes probes() {
    String champion =
        found.main().map(Served::name).filter(name -> !name.equals(added.name())).orElse(null);
    return new CutoverProbes(hop, serve, calls, step, attempt.number(), added.name(), champion);
  }

  private StoredEndpoint store(String key) {
    StoredEndpoint stored = calls.store(key);
    SettingsRef kept = stored.settings();
    if (kept != null) {
      hop.part(Deduplication.class)
          .remember(
              new EndpointDuplicateCheck(
                  Queues.of(hop.workspace()),
                  new EndpointCopies(hop.workspace(), serve.endpoint(), key, kept.uri())));
    }
    return stored;
  }

  private StayingVersions stays() {
    return new StayingVersions(found, serve.keep(), hop.model());
  }

  private EndpointConfig only() {
    return new EndpointConfig(List.of(made.named(added.name()).orElse(added.at(100)).at(100)));
  }

  private void give(int percent, CutoverProbes probes) {
    if (!now().isBefore(cleared.plus(CLEARANCE_LASTS))) {
      hop.part(MayGoOn.class).require(step, attempt.number());
      cleared = now();
    }
    change(
        made.giving(added.at(0), percent),
        percent + " % of the traffic to version " + hop.version(),
        percent);
    watch(percent, probes);
  }

  private static Instant now() {
    return Instant.ofEpochMilli(Workflow.currentTimeMillis());
  }

  private void watch(int percent, CutoverProbes probes) {
    new Soak(
            hop,
            serve,
            attempt,
            step,
            share(percent),
            () -> probes.look("look at version " + hop.version() + " at " + percent + " %"))
        .watch();
  }

  /** A version that is alone on its endpoint gets all of the traffic at once. */
  private TrafficShare share(int percent) {
    return TrafficShare.of(
        serve.endpoint(), hop.version(), percent, alone ? List.of(100) : serve.steps());
  }

  /**
   * Changes what is served, and waits until all of it is ready.
   *
   * @param reached share of the traffic that the new version then has
   */
  private void change(EndpointConfig wanted, String what, int reached) {
    refuseIfAborted();
    attempt.says(StepProgress.of(share(reached), what + " of endpoint " + serve.endpoint()));
    EndpointConfig prior = made;
    made = wanted;
    tell(prior);
    EndpointChanged ordered =
        unlessAborted(() ->
            calls.order(
                wanted,
                added,
                settings,
                List.of(prior, wanted),
                "endpoint " + serve.endpoint() + ": " + what));
    if (ordered.outcome() == EndpointChanged.Outcome.FOUND_OTHER) {
      throw failed(
          what,
          "endpoint "
              + serve.endpoint()
              + " serves "
              + ordered.config().textBeside(prior)
              + ", but it was left with "
              + prior.text()
              + ": somebody changed it meanwhile",
          "Find out who changes it, then: portage resume " + hop.holder());
    }
    EndpointReady ready = unlessAborted(() -> Async.function(() -> calls.await(wanted, added)));
    String why = ready.failed();
    if (why != null) {
      throw failed(
          what,
          why,
          "The endpoint goes on with "
              + found.text()
              + ". Correct the cause and promote again; or, if it was the workspace: portage resume "
              + hop.holder());
    }
    String resting = ready.resting();
    if (resting != null) {
      hop.notice(
          "endpoint "
              + serve.endpoint()
              + ": "
              + resting
              + "; it gets no traffic, and going back to it would need a start");
    }
    // With what was read of each version, so that a change by hand is noticed.
    made = ready.state().config();
    tell(prior);
  }

  /**
   * A version may take half an hour to start, and so may somebody else's update, which has to end
   * before a change; a person may abort meanwhile.
   */
  private <T> T unlessAborted(Supplier<Promise<T>> call) {
    refuseIfAborted();
    CompletablePromise<T> answer = Workflow.newPromise();
    CancellationScope waiting =
        Workflow.newCancellationScope(() -> answer.completeFrom(call.get()));
    waiting.run();
    // A cancel ends the call, and its end is awaited too: what it changes late, nobody would undo.
    Workflow.newDetachedCancellationScope(
            () -> Workflow.await(() -> answer.isCompleted() || desk.isAborted()))
        .run();
    if (!answer.isCompleted()) {
      waiting.cancel("aborted");
      // Until it has ended: its failure is this abort, and must reach nobody else.
      Workflow.newDetachedCancellationScope(() -> Workflow.await(answer::isCompleted)).run();
      answer.getFailure();
    }
    refuseIfAborted();
    return answer.get();
  }

  private void refuseIfAborted() {
    SoakOrder order = desk.order();
    if (order != null && order.what() == SoakOrder.What.ABORT) {
      throw Soak.aborted(hop, step, order);
    }
  }

  /** Called before the effect, so that it can be undone whatever becomes of it. */
  private void tell(EndpointConfig prior) {
    changed.accept(Endpoints.change(before, asLeft(), found, prior, made));
  }

  /** The endpoint as this cutover leaves it. */
  private LiveState asLeft() {
    return Endpoints.within(
        Endpoints.state(thing.name(), serve.endpoint(), hop.settings().model(), made, hop.holder()),
        serve.timeout());
  }

  /** What is live now, with its full settings, by which a later rollback can restore it. */
  private Applied applied() {
    StoredEndpoint stored = store(attempt.key() + "/live");
    if (!stored.config().isLike(made)) {
      throw failed(
          "read endpoint " + serve.endpoint(),
          "it serves "
              + stored.config().textBeside(made)
              + ", but it was left with "
              + made.text()
              + ": somebody changed it meanwhile",
          "Find out who changes it, then: portage resume " + hop.holder());
    }
    LiveChange change =
        Endpoints.change(
            before,
            Endpoints.shown(asLeft(), stored.state()).with(stored.settings()),
            found,
            made,
            made);
    changed.accept(change);
    return new Applied(
        change,
        "endpoint " + serve.endpoint() + ": " + found.text() + " → version " + hop.version(),
        stored.state() == null ? null : stored.state().page());
  }

  private StepFailure failed(String tried, String cameBack, String remedy) {
    return new StepFailure(step, problem(tried, cameBack, remedy), true);
  }

  private Problem problem(String tried, String cameBack, String remedy) {
    return Problem.of(FailureKind.USER, tried, "workspace " + hop.workspace(), cameBack, remedy);
  }
}
