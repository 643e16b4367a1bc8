package dev.portage.transfer;

import dev.portage.attempt.LostResponse;
import dev.portage.candidate.ModelLocation;
import dev.portage.copy.CopyDuplicates;
import dev.portage.copy.CopyOrder;
import dev.portage.duplicates.DuplicatesRemoved;
import dev.portage.mlflow.MlflowServer;
import dev.portage.mlflow.MlflowServers;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a copy left behind in the target besides the run and the model in use. */
final class CopyRemains {
  private final MlflowServers servers;
  private final Clock clock;

  CopyRemains(MlflowServers servers, Clock clock) {
    this.servers = servers;
    this.clock = clock;
  }

  /** Removes it, and says whether more may appear. */
  DuplicatesRemoved remove(CopyDuplicates twins) {
    CopyOrder order = twins.order();
    ModelLocation kept = twins.model();
    MlflowServer target = servers.of(order.target());
    List<String> removed = new ArrayList<>();
    Duration mayCome =
        new TargetRuns(target, clock, 1)
            .twins(
                order,
                kept == null ? null : kept.runId(),
                run -> removed.add(describe("run " + run.id(), order)));
    if (kept != null) {
      Duration model =
          new TargetModels(target, target, clock, 1)
              .twins(
                  target.runs().get(kept.runId()),
                  order,
                  kept,
                  twin -> removed.add(describe("logged model " + twin.id(), order)));
      mayCome = LostResponse.longer(mayCome, model);
    }
    return new DuplicatesRemoved(removed, mayCome);
  }

  private static String describe(String what, CopyOrder order) {
    return LostResponse.removed(what + " in " + order.target());
  }
}
