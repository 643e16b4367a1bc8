package dev.portage.live;

import dev.portage.settings.Station;
import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.Workflow;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Id of the workflow that watches a released version: {@code watch/<workspace>/<model>/<version>}.
 * The model is named in full, as in the id of its lane: two teams may call theirs the same in their
 * files, and each registers it in a schema of its own.
 *
 * @param workspace where
 * @param model full name of the registered model there
 * @param version version of it that went live
 */
public record LiveWatchId(String workspace, String model, String version) {

  /** What workflow ids of watches begin with. */
  public static final String WATCHES = "watch/";

  /** Name of the signal that makes a watch look at once. It decides nothing: the look does. */
  public static final String LOOK = "look";

  private static final Pattern FORM = Pattern.compile("watch/([^/]+)/(.+)/([^/]+)");

  /** The parts of an id; empty for any other. */
  public static Optional<LiveWatchId> of(String workflow) {
    Matcher parts = FORM.matcher(workflow);
    return parts.matches()
        ? Optional.of(
            new LiveWatchId(
                String.valueOf(parts.group(1)),
                String.valueOf(parts.group(2)),
                String.valueOf(parts.group(3))))
        : Optional.empty();
  }

  /** The workflow's id. */
  public String workflow() {
    return WATCHES + workspace + "/" + model + "/" + version;
  }

  /** The watch of a version of the model there. */
  public static LiveWatchId of(Station target, String version) {
    return new LiveWatchId(target.workspace(), target.model(), version);
  }

  /** Whether it is of that model and workspace. */
  public boolean isOf(Station target) {
    return workspace.equals(target.workspace()) && model.equals(target.model());
  }

  /** Workflow code: makes the watch look at once, if it runs. A lost signal only delays that. */
  public void lookNow() {
    try {
      Workflow.newUntypedExternalWorkflowStub(workflow()).signal(LOOK);
    } catch (ApplicationFailure none) {
      // The version is not watched.
    }
  }
}
