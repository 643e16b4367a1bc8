package dev.portage.sandbox.failures;

import static dev.portage.sandbox.failures.Point.Kind.CREATES;
import static dev.portage.sandbox.failures.Point.Kind.READS;
import static dev.portage.sandbox.failures.Point.Kind.SETS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.sandbox.failures.Point.Which;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A promotion that also moves the traffic of an endpoint, beside a load that never stops: faults
 * strike the calls about the endpoint. A served model is a process of its own, so only two of them
 * are played at a time.
 */
final class ServingUnderFaults implements ServedOperation {
  private static final PromotionUnderFaults PROMOTION = new PromotionUnderFaults();
  private static final String STEP = "prod/serve";

  /** Requests of Portage's own to the new version, by its address. */
  static final String PROBE = STEP + " probe";

  private static final String CREATED = STEP + " created";
  private static final String ENDPOINTS = "/api/2.0/serving-endpoints";

  /** As many requests in a smoke test as a server that fails answers in a row. */
  private static final List<String> SERVE =
      List.of(
          "steps: [50]",
          "soak: 3s",
          "cases:",
          "  - { request: { dataframe_records: [{ x: 1.0 }] }, answer: { predictions: [2.0] } }",
          "  - request: { dataframe_split: { columns: [x], data: [[1.0], [2.0]] } }",
          "  - request: { dataframe_records: [{ x: 4.0 }] }",
          "  - request: { dataframe_records: [{ x: 5.0 }] }");

  @Override
  public String name() {
    return "serving";
  }

  @Override
  public List<Point> points() {
    return List.of(
        at(STEP + " look", Which.of("prod", "GET", "", ENDPOINTS + "/"), READS),
        at(CREATED, Which.of("prod", "POST", ENDPOINTS), CREATES),
        at(STEP + " added", Which.of("prod", "PUT", "/config", "\"traffic_percentage\":100"), SETS),
        at(PROBE, Which.of("prod", "POST", "/invocations", "/served-models/"), READS),
        at(STEP + " share", Which.of("prod", "PUT", "/config", "\"traffic_percentage\":50"), SETS));
  }

  /** Whether a cell is about an endpoint that is not there yet. */
  static boolean creates(Cell cell) {
    return cell.point().name().equals(CREATED);
  }

  private static Point at(String name, Which call, Point.Kind kind) {
    return new Point("serving", name, Set.of(STEP), call, kind, true);
  }

  @Override
  public Map<String, Set<Fault>> worst() {
    return Map.of(
        STEP + " added",
        EnumSet.of(Fault.LOST_ANSWER),
        STEP + " share",
        EnumSet.of(Fault.CANCELLED, Fault.TOKEN_EXPIRES));
  }

  @Override
  public int atOnce() {
    return 2;
  }

  @Override
  public List<String> serve() {
    return SERVE;
  }

  /** For the one that creates an endpoint, there is none: a person has deleted it. */
  @Override
  public void prepare(Crew crew, Cell cell) throws IOException {
    boolean served = !Standing.of(crew).served().isEmpty();
    if (creates(cell)) {
      if (served) {
        Served.deleteByHand(crew);
      }
    } else if (!served) {
      crew.release("Served again");
    }
  }

  @Override
  public String next(Crew crew) throws IOException {
    return PROMOTION.next(crew);
  }

  @Override
  public Ending play(Crew crew, String id, Injection struck) throws IOException {
    Standing before = Standing.of(crew);
    if (before.served().isEmpty()) {
      return PROMOTION.play(crew, id, struck);
    }
    try (Traffic traffic = Served.traffic(crew)) {
      Ending ending = PROMOTION.play(crew, id, struck);
      Served.answered(crew, traffic.end(), before);
      return ending;
    }
  }

  @Override
  public String judge(Cell cell, Crew crew, Ending ending, Standing before) {
    String outcome = PROMOTION.judge(cell, crew, ending, before);
    Standing after = Standing.of(crew);
    if (ending.state().equals("CANCELLED")) {
      Served.isOld(before, after);
      return outcome + ", served as before";
    }
    assertThat(after.champions()).hasSize(1);
    Served.isNew(crew, after.champions().getFirst(), after);
    return outcome
        + " and served"
        + (before.served().isEmpty() ? "" : "; every request was answered");
  }
}
