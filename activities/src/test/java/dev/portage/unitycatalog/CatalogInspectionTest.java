package dev.portage.unitycatalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.mlflow.FakeServers;
import dev.portage.preflight.Finding;
import dev.portage.preflight.WorkspaceNeeds;
import dev.portage.preflight.WorkspaceNeeds.Right;
import dev.portage.preflight.WorkspaceReport;
import java.util.List;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a preflight finds out about a catalog: schema, model and grants. */
class CatalogInspectionTest extends CatalogWorld {
  private static final String NO_MODEL =
      "{\"message\":\"Registered Model 'main.ml.churn' does not exist.\"}";

  @Test
  void anInspectionReadsTheCatalogAndChangesNothing() {
    registry.registerVersion(order("key-1"));
    int models = catalog.aliases.size();

    WorkspaceReport report =
        CatalogRegistry.inspection(FakeServers.of(mlflow))
            .inspect(
                new WorkspaceNeeds(
                    "dev", MODEL, null, List.of(WorkspaceNeeds.Right.WRITE_REGISTRY)));

    assertThat(report.findings()).allMatch(finding -> finding.verdict() == Finding.Verdict.OK);
    assertThat(report.findings().toString()).contains("main.ml.churn").contains("1 versions");
    assertThat(catalog.aliases).hasSize(models);
    assertThat(mlflow.asked()).noneMatch(call -> call.matches("\\w+ registered-models/.*"));
  }

  @Test
  void aMissingModelInAnExistingSchemaIsNoFinding() {
    catalog.before = request -> refusalAt(request, "registered-models/get", 404, NO_MODEL);

    assertThat(told().verdict()).isEqualTo(Finding.Verdict.OK);
    assertThat(told().text()).isEqualTo("does not exist yet; the first promotion creates it");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "404 | {\"message\":\"Schema 'main.ml' does not exist.\"}",
        "404 | {\"error_code\":\"SCHEMA_DOES_NOT_EXIST\",\"message\":\"no\"}",
        "404 | {\"error_code\":\"CATALOG_DOES_NOT_EXIST\",\"message\":\"no\"}",
        "403 | {\"error_code\":\"PERMISSION_DENIED\",\"message\":\"no USE SCHEMA\"}"
      })
  void aHiddenSchemaIsAFindingBeforeAnythingIsTried(int status, String body) {
    catalog.before =
        request ->
            request.getUrl().encodedPath().endsWith("/schemas/main.ml")
                ? refusal(status, body)
                : refusalAt(request, "registered-models/get", 404, NO_MODEL);

    assertThat(told().verdict()).isEqualTo(Finding.Verdict.LACK);
    assertThat(told().text()).contains("the login sees no such schema");
    assertThat(told().remedy())
        .contains("databricks schemas create ml main")
        .contains("databricks grants update schema main.ml");
  }

  @Test
  void aMissingSchemaIsNotAMissingModel() {
    catalog.before =
        request ->
            refusalAt(
                request,
                "registered-models/get",
                404,
                "{\"message\":\"Schema 'main.ml' does not exist.\"}");

    assertThat(told().text()).contains("404: Schema 'main.ml' does not exist.");
  }

  @Test
  void aMissingGrantOnTheSchemaIsReportedWithItsStatementBeforehand() {
    grants(
        "[{\"principal\":\"others\",\"privileges\":[{\"privilege\":\"ALL_PRIVILEGES\"}]},"
            + "{\"principal\":\"ML\",\"privileges\":[{\"privilege\":\"USE_SCHEMA\"}]}]");

    assertThat(notes())
        .containsExactly(
            new Finding(
                "workspace dev",
                "create models in schema main.ml",
                Finding.Verdict.NOTE,
                "the catalog shows no grant of CREATE MODEL to bob@example.com or its groups",
                "GRANT CREATE MODEL ON SCHEMA main.ml TO `bob@example.com`"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{\"principal\":\"ml\",\"privileges\":[{\"privilege\":\"USE_SCHEMA\"},{\"privilege\":\"CREATE_MODEL\"}]}]",
        "[{\"principal\":\"account users\",\"privileges\":[{\"privilege\":\"ALL_PRIVILEGES\"}]}]",
        "null"
      })
  void grantsToGroupsOrEveryoneAndASilentCatalogNeedNoNote(String assignments) {
    grants(assignments);

    assertThat(notes()).isEmpty();
  }

  /** The schema's grants as the catalog shows them to a login in group ml. */
  private void grants(String assignments) {
    catalog.before =
        request -> {
          String path = request.getUrl().encodedPath();
          if (path.endsWith("/scim/v2/Me")) {
            return refusal(
                200, "{\"userName\":\"bob@example.com\",\"groups\":[{\"display\":\"ml\"}]}");
          }
          if (path.endsWith("/effective-permissions/schema/main.ml")) {
            return refusal(200, "{\"privilege_assignments\":" + assignments + "}");
          }
          return path.endsWith("/schemas/main.ml")
              ? refusal(200, "{\"owner\":\"somebody else\"}")
              : refusalAt(request, "registered-models/get", 404, NO_MODEL);
        };
  }

  private List<Finding> notes() {
    return CatalogRegistry.inspection(FakeServers.of(mlflow))
        .inspect(new WorkspaceNeeds("dev", MODEL, null, List.of(Right.WRITE_REGISTRY)))
        .findings()
        .stream()
        .filter(finding -> finding.verdict() == Finding.Verdict.NOTE)
        .toList();
  }

  private Finding told() {
    return CatalogRegistry.inspection(FakeServers.of(mlflow))
        .inspect(new WorkspaceNeeds("dev", MODEL, null, List.of()))
        .findings()
        .getLast();
  }

  private static @Nullable MockResponse refusalAt(
      RecordedRequest request, String end, int status, String body) {
    return request.getUrl().encodedPath().endsWith(end) ? refusal(status, body) : null;
  }

  private static MockResponse refusal(int status, String body) {
    return new MockResponse.Builder()
        .code(status)
        .setHeader("Content-Type", "application/json")
        .body(body)
        .build();
  }
}
