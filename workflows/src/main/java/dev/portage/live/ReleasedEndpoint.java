package dev.portage.live;

import dev.portage.candidate.ModelLocation;
import dev.portage.serving.EndpointActivities;
import dev.portage.serving.EndpointConfig;
import dev.portage.serving.EndpointQuery;
import dev.portage.serving.EndpointState;
import dev.portage.serving.ProbeOrder;
import dev.portage.serving.Served;
import dev.portage.serving.Verdict;
import dev.portage.settings.ServeSettings;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Workflow code: the endpoint of a release, judged again later by the requests and limits of its
 * cutover. This changes nothing and holds no turn.
 */
public final class ReleasedEndpoint {

  private final LiveContext context;
  private final String version;
  private final LiveState released;
  private final @Nullable String former;
  private final ServeSettings serve;
  private final ModelLocation files;
  private final EndpointCalls calls;

  /**
   * @param version version that went live
   * @param released the endpoint's state in that release
   * @param before its state before that release; null if unknown
   * @param serve how it is served
   * @param files where the version's files are
   */
  public ReleasedEndpoint(
      LiveContext context,
      String version,
      LiveState released,
      @Nullable LiveState before,
      ServeSettings serve,
      ModelLocation files) {
    this.context = context;
    this.version = version;
    this.released = released;
    this.former =
        before == null ? null : Endpoints.live(before).main().map(Served::name).orElse(null);
    this.serve = serve;
    this.files = files;
    this.calls = new EndpointCalls(context, name(), Endpoints.model(released), serve.timeout());
  }

  /** What a look finds. */
  public sealed interface Seen {

    /**
     * Another version is the champion.
     *
     * @param champion which, in a few words
     * @param by id of the workflow that made it so; null when unknown
     */
    record Moved(String champion, @Nullable String by) implements Seen {}

    /**
     * The endpoint is not as the release left it, so its answers say nothing about the release.
     *
     * @param text how it is
     * @param by id of the workflow that changed it since; null if a person did
     */
    record Changed(String text, @Nullable String by) implements Seen {}

    /**
     * The version answered Portage's own requests.
     *
     * @param verdict the result
     * @param isFormerKept whether the previous version is still there at 0 %; true if there was
     *     none
     */
    record Judged(Verdict verdict, Boolean isFormerKept) implements Seen {}
  }

  /** The endpoint of a release; null for one that serves nothing. */
  public static @Nullable LiveState of(List<LiveState> states) {
    return states.stream()
        .filter(state -> state.thing().equals(ServingThing.NAME) && state.present())
        .findFirst()
        .orElse(null);
  }

  /** Its name. */
  public String name() {
    return Endpoints.name(released);
  }

  /**
   * Looks at it.
   *
   * @param requestId what each request's {@code client_request_id} begins with
   * @throws io.temporal.failure.TemporalFailure if it can't be looked at, which says nothing of the
   *     version
   */
  public Seen look(String requestId) {
    LiveState champion = LiveThings.champion(context);
    if (!version.equals(champion.version())) {
      return new Seen.Moved(champion.text(), champion.value("promotion"));
    }
    EndpointState found =
        new WorkflowLook(context)
            .by(EndpointActivities.class, "the endpoint " + name())
            .findEndpoint(new EndpointQuery(context.workspace(), name(), Endpoints.model(released)))
            .orElse(null);
    if (found == null) {
      return new Seen.Changed(
          "endpoint " + name() + " does not exist any more: it was deleted or renamed", null);
    }
    EndpointConfig wanted = Endpoints.live(released);
    if (!found.config().live().isLike(wanted)) {
      return new Seen.Changed(
          "endpoint "
              + name()
              + " serves "
              + found.config().textBeside(wanted)
              + ", but was left with "
              + wanted.text(),
          otherWorkflow(found));
    }
    EndpointConfig pending = found.pending();
    if (pending != null && !pending.live().isLike(wanted)) {
      return new Seen.Changed(
          "endpoint "
              + name()
              + " still serves "
              + wanted.text()
              + ", but an update to "
              + pending.text()
              + " is under way",
          otherWorkflow(found));
    }
    boolean kept =
        former == null
            || (found.config().named(former).isPresent()
                && (pending == null || pending.named(former).isPresent()));
    return new Seen.Judged(
        Verdict.of(
            calls.probe(
                new ProbeOrder(
                    context.workspace(),
                    name(),
                    wanted.main().map(Served::name).orElseThrow(),
                    // Only if a limit needs it: requests keep a version from scaling to zero.
                    kept && former != null && serve.limits().agreement() != null
                        ? new ProbeOrder.Against(former, serve.limits().toleranceAllowed())
                        : null,
                    files,
                    serve.cases(),
                    requestId,
                    true),
                "look at version " + version + " of endpoint " + name()),
            serve.limits()),
        kept);
  }

  private @Nullable String otherWorkflow(EndpointState found) {
    String by = found.promotion();
    return Objects.equals(by, Endpoints.promotion(released)) ? null : by;
  }
}
