package dev.portage.sandbox.failures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.sandbox.failures.Point.Which;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A rollback that also takes the traffic of an endpoint back, beside a load that never stops:
 * faults strike the call that moves it.
 */
final class ServedRollbackUnderFaults implements ServedOperation {
  private static final RollbackUnderFaults ROLLBACK = new RollbackUnderFaults();
  private static final List<String> SERVE = List.of("steps: [100]", "soak: 1s");

  @Override
  public String name() {
    return "served rollback";
  }

  @Override
  public List<Point> points() {
    return List.of(
        new Point(
            name(),
            RollbackUnderFaults.TRAFFIC,
            Set.of("serve"),
            Which.of("prod", "PUT", "/config", "\"traffic_percentage\":0"),
            Point.Kind.SETS,
            true));
  }

  @Override
  public Map<String, Set<Fault>> worst() {
    return Map.of(RollbackUnderFaults.TRAFFIC, EnumSet.of(Fault.LOST_ANSWER));
  }

  @Override
  public List<String> serve() {
    return SERVE;
  }

  @Override
  public void prepare(Crew crew, Cell cell) throws IOException {
    ROLLBACK.prepare(crew, cell);
  }

  @Override
  public String next(Crew crew) {
    return ROLLBACK.next(crew);
  }

  @Override
  public Ending play(Crew crew, String id, Injection struck) throws IOException {
    Standing before = Standing.of(crew);
    try (Traffic traffic = Served.traffic(crew)) {
      Ending ending = ROLLBACK.play(crew, id, struck);
      Served.answered(crew, traffic.end(), before);
      return ending;
    }
  }

  @Override
  public String judge(Cell cell, Crew crew, Ending ending, Standing before) {
    String outcome = ROLLBACK.judge(cell, crew, ending, before);
    Standing after = Standing.of(crew);
    if (ending.state().equals("CANCELLED")) {
      Served.isOld(before, after);
    } else {
      assertThat(after.champions()).hasSize(1);
      Served.isNew(crew, after.champions().getFirst(), after);
    }
    return outcome + " and served; every request was answered";
  }
}
