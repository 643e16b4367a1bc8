package dev.portage.live;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Problem;
import dev.portage.serving.ProbeOrder;
import dev.portage.serving.ProbeResult;
import dev.portage.serving.Verdict;
import dev.portage.settings.ServeLimits;
import dev.portage.settings.ServeSettings;
import dev.portage.step.StepFailure;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Portage's own requests to the new version during a cutover, at the version's own address: the
 * smoke test, and the looks of the soaks.
 */
final class CutoverProbes {

  private final LiveHop hop;
  private final ServeSettings serve;
  private final EndpointCalls calls;
  private final String step;
  private final int attempt;
  private final String served;
  private final @Nullable String champion;
  private int sent;

  /**
   * @param step name of the step of the promotion
   * @param attempt number of the step's attempt
   * @param served name of the new version on the endpoint
   * @param champion name of the served version that answers are compared with; null for none
   */
  CutoverProbes(
      LiveHop hop,
      ServeSettings serve,
      EndpointCalls calls,
      String step,
      int attempt,
      String served,
      @Nullable String champion) {
    this.hop = hop;
    this.serve = serve;
    this.calls = calls;
    this.step = step;
    this.attempt = attempt;
    this.served = served;
    this.champion = champion;
  }

  /**
   * Sends each request once, before the version gets traffic.
   *
   * @throws StepFailure if an answer is wrong or too slow
   */
  void smokeTest() {
    ProbeResult result = send(false, "smoke test of version " + hop.version());
    if (result.sent() == 0) {
      hop.notice(
          "version "
              + hop.version()
              + " was not tested by any request: it has no input example, and the file has no"
              + " cases");
      return;
    }
    List<String> faults = new ArrayList<>(result.faults());
    ServeLimits limits = serve.limits();
    Long slowest = result.slowest();
    if (limits.latency() != null && slowest != null && slowest > limits.latency().toMillis()) {
      faults.add(
          "the slowest answer took "
              + slowest
              + "ms, over the limit of "
              + limits.latency().toMillis()
              + "ms");
    }
    if (!faults.isEmpty()) {
      throw new StepFailure(
          step,
          Problem.of(
              FailureKind.USER,
              "smoke test of version " + hop.version() + " on endpoint " + serve.endpoint(),
              "workspace " + hop.workspace(),
              String.join("; ", faults),
              "Only the test's own requests reached it. Correct the model or the case, and promote again."),
          true);
    }
    Integer repeated = result.repeated();
    if (repeated != null) {
      hop.notice(
          "smoke test of version "
              + hop.version()
              + ": "
              + Verdict.repeated(repeated)
              + ", and then answered");
    }
  }

  /** Looks at a version that gets traffic, and reads the endpoint's metrics. */
  ProbeResult look(String summary) {
    return send(true, summary);
  }

  private ProbeResult send(boolean metrics, String summary) {
    sent++;
    return calls.probe(
        new ProbeOrder(
            hop.workspace(),
            serve.endpoint(),
            served,
            champion == null
                ? null
                : new ProbeOrder.Against(champion, serve.limits().toleranceAllowed()),
            hop.files(),
            serve.cases(),
            hop.holder() + "/" + step + "/" + attempt + "/" + sent,
            metrics),
        summary);
  }
}
