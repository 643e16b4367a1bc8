package dev.portage.turns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.lane.Grant;
import dev.portage.lane.GrantActivities;
import dev.portage.lane.TurnRequest;
import dev.portage.lane.UnderTurn;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.Header;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TurnGuardTest {

  private static final TurnRequest OURS =
      new TurnRequest("prod", "churn", "promotion/churn/a", "1");
  private static final TurnRequest THEIRS =
      new TurnRequest("prod", "churn", "promotion/churn/b", "1");

  private final AtomicInteger ran = new AtomicInteger();

  private record Order(@Nullable Grant grant) implements UnderTurn {}

  @Test
  void theNewestGrantMayChangeWhatIsLive() {
    run(new Grant(OURS, 3L), new Order(new Grant(OURS, 3L)));
    assertThat(ran).hasValue(1);
  }

  @Test
  void anOlderGrantChangesNothing() {
    assertThatThrownBy(() -> run(new Grant(THEIRS, 4L), new Order(new Grant(OURS, 3L))))
        .hasMessageContaining("lost to promotion/churn/b, which has number 4");
    assertThat(ran).hasValue(0);
  }

  @Test
  void aModelWithoutATurnTagIsNotChanged() {
    assertThatThrownBy(() -> run(null, new Order(new Grant(OURS, 3L))))
        .hasMessageContaining("is gone");
    assertThat(ran).hasValue(0);
  }

  @Test
  void aRequestWithoutAGrantIsNotChecked() {
    run(null, new Order(null));
    run(null, "no order");
    assertThat(ran).hasValue(2);
  }

  @Test
  void aRequestForAnotherWorkersWorkspaceIsRefused() {
    TurnRequest elsewhere = new TurnRequest("qa", "churn", "promotion/churn/a", "1");
    assertThatThrownBy(() -> run(new Grant(elsewhere, 1L), new Order(new Grant(elsewhere, 1L))))
        .hasMessageContaining("no worker of qa");
    assertThat(ran).hasValue(0);
  }

  private void run(@Nullable Grant newest, Object argument) {
    TurnGuard guard = new TurnGuard(Map.of("prod", new Newest(newest)));
    guard
        .interceptActivity(new Counting())
        .execute(
            new ActivityInboundCallsInterceptor.ActivityInput(
                Header.empty(), new Object[] {argument}));
  }

  private record Newest(@Nullable Grant grant) implements GrantActivities {
    @Override
    public Optional<Grant> newestGrant(TurnRequest request) {
      return Optional.ofNullable(grant);
    }

    @Override
    public Grant nextGrant(TurnRequest request) {
      throw new UnsupportedOperationException("the guard grants nothing");
    }
  }

  private final class Counting implements ActivityInboundCallsInterceptor {
    @Override
    public void init(ActivityExecutionContext context) {}

    @Override
    public ActivityOutput execute(ActivityInput input) {
      ran.incrementAndGet();
      return new ActivityOutput(null);
    }
  }
}
