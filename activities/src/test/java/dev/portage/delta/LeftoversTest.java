package dev.portage.delta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.databricks.FakeWait;
import dev.portage.databricks.FakeWorkspace;
import dev.portage.delta.Leftovers.State;
import dev.portage.scoring.StagingOrder;
import dev.portage.scoring.StagingTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The next promotion ends what a terminated one has left, and nothing else. */
class LeftoversTest {
  private static final String EXECUTE = "POST /api/2.0/sql/statements";
  private static final String RUNS = "GET /api/2.2/jobs/runs/list";
  private static final String CANCEL = "POST /api/2.2/jobs/runs/cancel";
  private static final String LIVE = "prod.ml.churn";
  private static final String OWN = "promotion/churn/0000000000aa";

  private final FakeWorkspace workspace = FakeWorkspace.start();
  private final Map<String, State> promotions = new HashMap<>();
  private final DeltaTables tables =
      FakeTables.of(
          workspace.clients(), new FakeWait(), id -> promotions.getOrDefault(id, State.UNKNOWN));
  private List<String> there = List.of();
  private String runs = "[]";

  LeftoversTest() {
    workspace
        .on(
            "GET /api/2.0/sql/warehouses",
            "{\"warehouses\": [{\"id\": \"w1\", \"name\": \"w\", \"state\": \"RUNNING\"}]}")
        .on(RUNS, _ -> FakeWorkspace.json(200, "{\"runs\": " + runs + "}"))
        .on(CANCEL, "{}")
        .on(
            EXECUTE,
            call -> {
              String sql = call.body().path("statement").asText();
              return FakeWorkspace.json(
                  200,
                  sql.startsWith("SHOW TABLES")
                      ? listed()
                      : sql.startsWith("SELECT *")
                          ? "{\"statement_id\": \"s\", \"status\": {\"state\": \"FAILED\","
                              + " \"error\": {\"message\": \"[TABLE_OR_VIEW_NOT_FOUND]\"}}}"
                          : "{\"statement_id\": \"s\", \"status\": {\"state\": \"SUCCEEDED\"}}");
            });
  }

  @AfterEach
  void stop() {
    workspace.close();
  }

  @Test
  void aTableOfAPromotionThatIsOverIsDroppedAndOthersStay() {
    String over = table("promotion/churn/0123456789ab", "dev/batch", 2);
    String repeated = table("promotion/churn/0123456789ab/2", "rehearse", 1);
    String runs = table("promotion/churn/bbbbbbbbbbbb", "rehearse", 1);
    String unfinished = table("promotion/churn/cccccccccccc", "dev/batch", 1);
    String unknown = table("promotion/churn/dddddddddddd", "dev/batch", 1);
    String ofAnotherModel = table("promotion/other/0123456789ab", "dev/batch", 1);
    String own = table(OWN, "rehearse", 1);
    String nobodys = LIVE + "__portage_0123456789ab_00000000";
    there = List.of(over, repeated, runs, unfinished, unknown, ofAnotherModel, own, nobodys);
    promotions.put("promotion/churn/0123456789ab", State.OVER);
    promotions.put("promotion/churn/0123456789ab/2", State.OVER);
    promotions.put("promotion/churn/bbbbbbbbbbbb", State.RUNS);
    promotions.put("promotion/churn/cccccccccccc", State.UNFINISHED);
    promotions.put("promotion/other/0123456789ab", State.OVER);

    List<String> told = prepare();

    assertThat(sent("DROP"))
        .containsExactly(
            "DROP TABLE IF EXISTS " + quoted(over), "DROP TABLE IF EXISTS " + quoted(repeated));
    assertThat(told)
        .containsExactly(
            "table " + over + " in dev of promotion/churn/0123456789ab, which is over, was dropped",
            "table "
                + repeated
                + " in dev of promotion/churn/0123456789ab/2, which is over, was dropped",
            "table "
                + unfinished
                + " in dev of promotion/churn/cccccccccccc stays, since that is unfinished: portage"
                + " resume promotion/churn/cccccccccccc publishes or drops it",
            "table "
                + unknown
                + " in dev of promotion/churn/dddddddddddd stays, since Temporal doesn't know that"
                + " promotion (any more); to drop it: DROP TABLE "
                + unknown);
    assertThat(sent("SHOW")).containsExactly("SHOW TABLES IN `prod`.`ml` LIKE 'churn*__portage_*'");
  }

  @Test
  void aRunWhosePromotionIsOverIsCancelledBeforeItsTableGoes() {
    promotions.put("promotion/churn/0123456789ab", State.OVER);
    promotions.put("promotion/churn/bbbbbbbbbbbb", State.RUNS);
    promotions.put("promotion/other/0123456789ab", State.OVER);
    there = List.of(table("promotion/churn/0123456789ab", "rehearse", 1));
    runs =
        "["
            + run(1, "promotion/churn/0123456789ab · rehearse · 1")
            + ","
            + run(2, "promotion/churn/bbbbbbbbbbbb · train · 1")
            + ","
            + run(3, "promotion/other/0123456789ab · train · 1")
            + ","
            + run(4, "somebody's own")
            + ","
            + run(5, OWN + " · train · 1")
            + "]";

    assertThat(prepare())
        .first()
        .isEqualTo(
            "run 1 (churn step) of promotion/churn/0123456789ab, which is over, was cancelled in"
                + " dev");
    List<String> order =
        workspace.calls().stream()
            .filter(call ->
                call.name().equals(CANCEL)
                    || call.body().path("statement").asText().startsWith("DROP"))
            .map(FakeWorkspace.Call::name)
            .toList();
    assertThat(order).containsExactly(CANCEL, EXECUTE);
    assertThat(workspace.calls(CANCEL).getFirst().body().path("run_id").asLong()).isOne();
  }

  @Test
  void whatIsInTheWayOfLookingStopsNothing() {
    workspace.on(RUNS, _ -> FakeWorkspace.refusal(403, "PERMISSION_DENIED", "no"));

    assertThat(prepare()).isEmpty();
  }

  @Test
  void aWriterThatDoesNotSayWhoItIsSweepsNothing() {
    tables.prepareStaging(new StagingOrder("dev", LIVE, LIVE + "__portage_a_1", true, null));

    assertThat(sent("SHOW")).isEmpty();
    assertThat(workspace.calls(RUNS)).isEmpty();
  }

  private List<String> prepare() {
    return tables
        .prepareStaging(
            new StagingOrder("dev", LIVE, table(OWN, "dev/batch", 1), true, null, OWN, null))
        .leftBeside();
  }

  private static String table(String promotion, String step, int attempt) {
    String key = promotion.replaceFirst("^promotion/[^/]+/", "");
    return StagingTable.of(LIVE, key, promotion + "#" + step + "#" + attempt);
  }

  private static String run(long id, String description) {
    return """
    {"run_id": %d, "run_name": "churn step", "state": {"life_cycle_state": "RUNNING"},
     "tasks": [{"task_key": "notebook", "description": "%s"}]}
    """
        .formatted(id, description);
  }

  private static String quoted(String table) {
    return "`" + table.replace(".", "`.`") + "`";
  }

  private String listed() {
    String rows =
        there.stream()
            .map(name ->
                "[\"ml\", \"" + name.substring(name.lastIndexOf('.') + 1) + "\", \"false\"]")
            .collect(Collectors.joining(", "));
    String columns =
        Stream.of("database", "tableName", "isTemporary")
            .map(name -> "{\"name\": \"" + name + "\", \"type_text\": \"STRING\"}")
            .collect(Collectors.joining(", "));
    return "{\"statement_id\": \"s\", \"status\": {\"state\": \"SUCCEEDED\"}, \"manifest\":"
        + " {\"schema\": {\"columns\": ["
        + columns
        + "]}}, \"result\": {\"data_array\": ["
        + rows
        + "]}}";
  }

  private List<String> sent(String beginning) {
    return workspace.calls(EXECUTE).stream()
        .map(call -> call.body().path("statement").asText())
        .filter(sql -> sql.startsWith(beginning))
        .toList();
  }
}
