package dev.portage.promotion;

import dev.portage.lane.Grant;
import dev.portage.lane.GrantActivities;
import dev.portage.lane.UnderTurn;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptorBase;
import io.temporal.common.interceptors.WorkerInterceptorBase;

/** Checks the turn before an activity that changes what is live, as a worker does. */
final class NewestTurnOnly extends WorkerInterceptorBase {

  private final GrantActivities grants;

  NewestTurnOnly(GrantActivities grants) {
    this.grants = grants;
  }

  @Override
  public ActivityInboundCallsInterceptor interceptActivity(ActivityInboundCallsInterceptor next) {
    return new ActivityInboundCallsInterceptorBase(next) {
      @Override
      public ActivityOutput execute(ActivityInput input) {
        for (Object argument : input.getArguments()) {
          Grant held = argument instanceof UnderTurn order ? order.grant() : null;
          if (held != null) {
            held.requireNewest(grants.newestGrant(held.request()));
          }
        }
        return super.execute(input);
      }
    };
  }
}
