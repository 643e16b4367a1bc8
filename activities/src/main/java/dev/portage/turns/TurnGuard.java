package dev.portage.turns;

import dev.portage.lane.Grant;
import dev.portage.lane.GrantActivities;
import dev.portage.lane.TurnRequest;
import dev.portage.lane.UnderTurn;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptorBase;
import io.temporal.common.interceptors.WorkerInterceptorBase;
import java.util.Map;

/**
 * Lets an activity change what is live only while its order's grant is the newest. It checks before
 * each attempt, so that neither a retry nor an attempt on a suspended worker comes after another
 * turn has begun.
 */
public final class TurnGuard extends WorkerInterceptorBase {

  private final Map<String, GrantActivities> grants;

  /**
   * A guard for the workspaces that this worker serves.
   *
   * @param grants where the numbers of a workspace are read, by its name
   */
  public TurnGuard(Map<String, GrantActivities> grants) {
    this.grants = Map.copyOf(grants);
  }

  @Override
  public ActivityInboundCallsInterceptor interceptActivity(ActivityInboundCallsInterceptor next) {
    return new ActivityInboundCallsInterceptorBase(next) {
      @Override
      public ActivityOutput execute(ActivityInput input) {
        for (Object argument : input.getArguments()) {
          if (argument instanceof UnderTurn order && order.grant() != null) {
            requireNewest(order.grant());
          }
        }
        return super.execute(input);
      }
    };
  }

  private void requireNewest(Grant held) {
    TurnRequest request = held.request();
    GrantActivities numbers = grants.get(request.workspace());
    if (numbers == null) {
      throw new IllegalStateException("no worker of " + request.workspace() + " takes its orders");
    }
    held.requireNewest(numbers.newestGrant(request));
  }
}
