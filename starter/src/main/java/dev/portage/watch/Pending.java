package dev.portage.watch;

import dev.portage.copy.CopyProgress;
import dev.portage.temporal.Payloads;
import io.temporal.api.workflow.v1.PendingActivityInfo;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionResponse;
import io.temporal.common.converter.DataConverterException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An activity under way.
 *
 * @param id its id inside the promotion
 * @param name its type, such as "Copy"
 * @param attempt from 1; more than 1 when it is tried again
 * @param trouble why the attempt before failed, null when there was none
 * @param progress how far a copy is, null for other activities and before its first heartbeat
 */
public record Pending(
    String id,
    String name,
    int attempt,
    @Nullable String trouble,
    @Nullable CopyProgress progress) {

  private static final Set<String> COPYING =
      Set.of("Copy", "CopyPartition", "MakeManifest", "RegisterVersion");

  static List<Pending> of(DescribeWorkflowExecutionResponse described) {
    return described.getPendingActivitiesList().stream().map(Pending::of).toList();
  }

  private static Pending of(PendingActivityInfo info) {
    String trouble = info.hasLastFailure() ? info.getLastFailure().getMessage() : "";
    return new Pending(
        info.getActivityId(),
        info.getActivityType().getName(),
        Math.max(1, info.getAttempt()),
        trouble.isEmpty() ? null : trouble,
        progress(info).orElse(null));
  }

  private static Optional<CopyProgress> progress(PendingActivityInfo info) {
    if (!COPYING.contains(info.getActivityType().getName()) || !info.hasHeartbeatDetails()) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(
          Payloads.dataConverter()
              .fromPayloads(
                  0,
                  Optional.of(info.getHeartbeatDetails()),
                  CopyProgress.class,
                  CopyProgress.class));
    } catch (DataConverterException _) {
      // A newer worker's heartbeat: the copy continues whether its progress can be shown or not.
      return Optional.empty();
    }
  }
}
