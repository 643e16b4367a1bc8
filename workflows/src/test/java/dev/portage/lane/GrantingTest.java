package dev.portage.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who is granted a turn, and who isn't. */
class GrantingTest {

  private static final TurnRequest OURS =
      new TurnRequest("prod", "churn", "promotion/churn/1", "prod-1", "run-1");
  private static final TurnRequest THEIRS =
      new TurnRequest("prod", "churn", "promotion/churn/2", "prod-1", "run-2");

  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

  private final Set<TurnRequest> wanting = new HashSet<>(Set.of(OURS));
  private final Numbers numbers = new Numbers();
  private final Map<TurnRequest, Instant> ended = new HashMap<>();
  private final Granting granting = new Granting(numbers, new Wants(), () -> NOW);

  @Test
  void theNextNumberIsGranted() {
    numbers.newest = new Grant(THEIRS, 4L);
    assertThat(grant(false)).isEqualTo(GrantAnswer.granted(new Grant(OURS, 5L)));
  }

  @Test
  void theHolderOfTheNewestGrantKeepsIt() {
    numbers.newest = new Grant(OURS, 4L);
    assertThat(grant(false)).isEqualTo(GrantAnswer.granted(new Grant(OURS, 4L)));
  }

  @Test
  void theHolderOfALostLanesTurnIsNotPassedOver() {
    numbers.newest = new Grant(THEIRS, 4L);
    wanting.add(THEIRS);
    assertThat(grant(false)).isEqualTo(GrantAnswer.held(new Grant(THEIRS, 4L)));
    assertThat(numbers.newest).isEqualTo(new Grant(THEIRS, 4L));
  }

  @Test
  void aLaneThatKnowsOfTheReturnIsBelieved() {
    numbers.newest = new Grant(THEIRS, 4L);
    wanting.add(THEIRS);
    assertThat(grant(true)).isEqualTo(GrantAnswer.granted(new Grant(OURS, 5L)));
  }

  @Test
  void whatALostLanesHolderWasWritingIsWaitedOut() {
    numbers.newest = new Grant(THEIRS, 4L);
    ended.put(THEIRS, NOW.minusSeconds(5));
    assertThat(grant(false))
        .isEqualTo(
            GrantAnswer.settling(
                new Settling(THEIRS, NOW.minusSeconds(5).plus(Settling.LONGEST_WRITE))));
    assertThat(numbers.newest).as("not yet").isEqualTo(new Grant(THEIRS, 4L));
  }

  @Test
  void aHolderThatEndedLongAgoHoldsNobodyUp() {
    numbers.newest = new Grant(THEIRS, 4L);
    ended.put(THEIRS, NOW.minus(Settling.LONGEST_WRITE));
    assertThat(grant(false)).isEqualTo(GrantAnswer.granted(new Grant(OURS, 5L)));
  }

  @Test
  void theRegistryIsNotReadForAWithdrawnRequest() {
    wanting.clear();
    numbers.isAway = true;
    assertThat(grant(false)).isEqualTo(GrantAnswer.notWanted());
  }

  private GrantAnswer grant(boolean knowsNewest) {
    return granting.grantTurn(new GrantOrder(OURS, knowsNewest));
  }

  private static final class Numbers implements GrantActivities {
    @Nullable Grant newest;
    boolean isAway;

    @Override
    public Optional<Grant> newestGrant(TurnRequest request) {
      if (isAway) {
        throw new IllegalStateException("the registry is away");
      }
      return Optional.ofNullable(newest);
    }

    @Override
    public Grant nextGrant(TurnRequest request) {
      Grant before = newest;
      Grant next =
          before != null && before.request().equals(request)
              ? before
              : new Grant(request, before == null ? 1L : before.number() + 1);
      newest = next;
      return next;
    }
  }

  private final class Wants implements TurnActivities {
    @Override
    public HolderLook lookAtHolder(TurnRequest request) {
      Instant end = ended.get(request);
      if (end != null) {
        return HolderLook.ended(end);
      }
      return wanting.contains(request) ? HolderLook.wants() : HolderLook.done();
    }

    @Override
    public Grant awaitGrant(TurnRequest request) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void giveBack(TurnRequest request) {
      throw new UnsupportedOperationException();
    }
  }
}
