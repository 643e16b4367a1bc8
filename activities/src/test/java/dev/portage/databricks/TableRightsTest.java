package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.preflight.Finding;
import dev.portage.preflight.Finding.Verdict;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rights to create, write and drop tables, as far as Unity Catalog shows them. */
class TableRightsTest {
  private static final String UC = "GET /api/2.1/unity-catalog/";
  private static final String CATALOG = UC + "effective-permissions/catalog/main";
  private static final String SCHEMA = UC + "effective-permissions/schema/main.ml";
  private static final String TABLE = UC + "effective-permissions/table/main.ml.churn";
  private static final String LOGIN = "00000000-1111-2222-3333-444444444444";

  private final FakeWorkspace workspace = FakeWorkspace.start();

  @BeforeEach
  void everythingIsGranted() {
    workspace
        .on(
            "GET " + Me.PATH,
            "{\"id\": \"1\", \"userName\": \"" + LOGIN + "\", \"groups\": [{\"display\": \"ml\"}]}")
        .on(CATALOG, granted(LOGIN, "USE_CATALOG"))
        .on(SCHEMA, granted("ml", "USE_SCHEMA", "CREATE_TABLE"))
        .on(TABLE, granted("account users", "ALL_PRIVILEGES"));
  }

  @AfterEach
  void stop() {
    workspace.close();
  }

  @Test
  void rightsOfTheLoginOfItsGroupsAndOfEverybodyCount() {
    assertThat(look()).singleElement().extracting(Finding::verdict).isEqualTo(Verdict.OK);
  }

  @Test
  void eachMissingRightIsALackWithItsStatement() {
    workspace
        .on(CATALOG, granted("ana@example.com", "USE_CATALOG"))
        .on(SCHEMA, granted(LOGIN, "USE_SCHEMA"))
        .on(TABLE, granted(LOGIN, "SELECT"));

    assertThat(look())
        .extracting(Finding::verdict)
        .containsExactly(Verdict.LACK, Verdict.LACK, Verdict.LACK);
    assertThat(look())
        .extracting(Finding::remedy)
        .containsExactly(
            "GRANT USE CATALOG ON CATALOG main TO `" + LOGIN + "`",
            "GRANT CREATE TABLE ON SCHEMA main.ml TO `" + LOGIN + "`",
            "GRANT MODIFY ON TABLE main.ml.churn TO `" + LOGIN + "`");
  }

  @Test
  void anOwnerNeedsNoGrantAndSoDoesWhoOwnsWhatItLiesIn() {
    workspace
        .on(SCHEMA, granted("ana@example.com", "USE_SCHEMA"))
        .on(TABLE, granted("ana@example.com", "SELECT"))
        .on(UC + "schemas/main.ml", "{\"owner\": \"ml\"}");

    assertThat(look()).singleElement().extracting(Finding::verdict).isEqualTo(Verdict.OK);
  }

  @Test
  void aGroupWhoseMembersAreNotKnownIsANote() {
    workspace.on(SCHEMA, granted("data-engineers", "ALL_PRIVILEGES"));

    assertThat(look())
        .allMatch(finding -> finding.verdict() == Verdict.NOTE)
        .first()
        .satisfies(finding -> {
          assertThat(finding.text()).contains("granted to data-engineers", "can't be seen");
          assertThat(finding.remedy()).startsWith("If it is missing: GRANT USE SCHEMA ON SCHEMA");
        });
  }

  @Test
  void aRehearsalNeedsNoRightToModify() {
    workspace.on(TABLE, granted(LOGIN, "SELECT"));

    assertThat(rights().look("dev", "main.ml.churn", true, false, false))
        .singleElement()
        .extracting(Finding::verdict)
        .isEqualTo(Verdict.OK);
  }

  @Test
  void whatAJobOfTheTeamsNeedsIsANoteSinceItMayRunAsSomebodyElse() {
    assertThat(rights().look("dev", "main.ml.churn", true, true, true))
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.verdict()).isEqualTo(Verdict.NOTE);
          assertThat(finding.text()).contains("no MANAGE on schema main.ml");
        });
  }

  @Test
  void allPagesAreReadAndAnEmptyOneIsNotTheEnd() {
    workspace.on(
        SCHEMA,
        call ->
            FakeWorkspace.json(
                200,
                call.url().queryParameter("page_token") == null
                    ? "{\"next_page_token\": \"p 2\"}"
                    : granted(LOGIN, "USE_SCHEMA", "CREATE_TABLE")));

    assertThat(look()).singleElement().extracting(Finding::verdict).isEqualTo(Verdict.OK);
  }

  @Test
  void whatCanNotBeSeenIsSaidToBeUnchecked() {
    workspace.on(SCHEMA, _ -> FakeWorkspace.refusal(403, "PERMISSION_DENIED", "not yours"));
    assertThat(look())
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.verdict()).isEqualTo(Verdict.NOTE);
          assertThat(finding.text()).contains("not checked", "PERMISSION_DENIED");
        });

    workspace.on(CATALOG, _ -> FakeWorkspace.refusal(404, "ENDPOINT_NOT_FOUND", "what?"));
    assertThat(look())
        .singleElement()
        .extracting(Finding::text)
        .asString()
        .contains("has no Unity Catalog");

    assertThat(rights().look("dev", "ml.churn", true, true, false))
        .singleElement()
        .extracting(Finding::verdict)
        .isEqualTo(Verdict.NOTE);
  }

  private TableRights rights() {
    return new TableRights(workspace.clients());
  }

  private List<Finding> look() {
    return rights().look("dev", "main.ml.churn", true, true, false);
  }

  private static String granted(String principal, String... rights) {
    StringBuilder all = new StringBuilder();
    for (String right : rights) {
      all.append(all.isEmpty() ? "" : ", ")
          .append("{\"privilege\": \"")
          .append(right)
          .append("\"}");
    }
    return "{\"privilege_assignments\": [{\"principal\": \""
        + principal
        + "\", \"privileges\": ["
        + all
        + "]}]}";
  }
}
