package dev.portage.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.compute.ComputeSettings;
import dev.portage.copy.Verify;
import dev.portage.document.Reading;
import dev.portage.document.ValidationError;
import dev.portage.login.LoginSettings;
import dev.portage.notice.NoticeKind;
import dev.portage.notice.ReceiverQuery;
import dev.portage.registry.Marking;
import dev.portage.secrets.SecretReference;
import dev.portage.settings.Identity;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlatformTest {

  private static final String SMALLEST =
      """
      workspaces:
        dev:  { host: "https://adb-1.azuredatabricks.net", token: "env:DEV_TOKEN" }
        prod: { host: "https://adb-2.azuredatabricks.net", token: "env:PROD_TOKEN" }
      identity: claimed
      """;

  private static final String WHOLE =
      """
      workspaces:
        prod:
          kind: databricks
          host: https://adb-2.azuredatabricks.net/
          mlflow: https://mlflow.example.com/prod/
          ui: https://models.example.com
          token: keyvault:team-vault/prod
          reader: file:prod-reader.token
          models: prod.ml.{model}
          marking: aliases
          verify: full
          transfers: 32
          pool: ml-small
          warehouse: reports
          runtime: 16.4.x-cpu-ml-scala2.12
          tables: prod.ml.{table}
          experiments: /Models/{model}
        dev:
          mlflow: http://127.0.0.1:5000
      path: [dev, prod]
      tiers:
        high: { models: [churn, "pd-*"], approve: [owners, risk], expires: P3D }
        free: { models: demo, approve: [] }
        rest: { models: "*" }
      identity: claimed
      groups:
        owners: [ana@example.com, bo@example.com]
        risk: cleo@example.com
      ledger: abfss://audit@bankmodels.dfs.core.windows.net/portage
      """;

  @Test
  void omittedSettingsHaveDefaults() {
    Platform platform = good(SMALLEST);

    assertThat(platform.path()).containsExactly("dev", "prod");
    Workspace dev = platform.workspace("dev").orElseThrow();
    assertThat(dev.kind().name()).isEqualTo("databricks");
    assertThat(dev.mlflow()).isEqualTo(URI.create("https://adb-1.azuredatabricks.net"));
    assertThat(dev.reader()).isEqualTo(dev.login());
    assertThat(dev.model("churn")).isEqualTo("churn");
    assertThat(dev.marking()).isEqualTo(Marking.STAGES);
    assertThat(dev.pool()).isNull();
    assertThat(dev.table("churn_predictions")).isEqualTo("churn_predictions");
    assertThat(dev.experiment("churn")).isEqualTo("/Shared/churn");
    Tier tier = platform.tierOf("churn").orElseThrow();
    assertThat(tier.approve()).containsExactly("approvers");
    assertThat(tier.expires()).isEqualTo(Duration.ofDays(14));
    assertThat(platform.groups()).isEmpty();
    assertThat(platform.origin("workspaces.dev.pool")).isEqualTo("default");
  }

  @Test
  void givenSettingsCountAndKnowTheirLine() {
    Platform platform = good(WHOLE);

    assertThat(platform.names()).containsExactly("prod", "dev");
    assertThat(platform.inOrder()).containsExactly("dev", "prod");
    Workspace prod = platform.workspace("prod").orElseThrow();
    assertThat(prod)
        .isEqualTo(
            Workspace.of(
                    "prod",
                    TestKinds.ALL.named("databricks").orElseThrow(),
                    URI.create("https://mlflow.example.com/prod"),
                    "prod.ml.{model}",
                    Marking.ALIASES,
                    "portage.yaml:2")
                .pages(
                    URI.create("https://adb-2.azuredatabricks.net"),
                    URI.create("https://models.example.com"))
                .logins(
                    new LoginSettings.Token(
                        new SecretReference.VaultSecret("team-vault", "prod", null)),
                    new LoginSettings.Token(new SecretReference.SecretFile("prod-reader.token")))
                .copies(Verify.FULL, 32)
                .cluster("ml-small", "16.4.x-cpu-ml-scala2.12")
                .warehouse("reports")
                .names("prod.ml.{table}", "/Models/{model}", "{job}")
                .compute(
                    Map.of(
                        "default", ComputeSettings.ofPool("ml-small", "16.4.x-cpu-ml-scala2.12")))
                .build());
    assertThat(prod.table("churn_predictions")).isEqualTo("prod.ml.churn_predictions");
    assertThat(prod.table("lab.ml.churn")).isEqualTo("lab.ml.churn");
    assertThat(platform.workspace("dev").orElseThrow().kind().name()).isEqualTo("mlflow");
    assertThat(platform.identity()).isEqualTo(Identity.CLAIMED);
    assertThat(platform.groups())
        .isEqualTo(
            Map.of(
                "owners", List.of("ana@example.com", "bo@example.com"),
                "risk", List.of("cleo@example.com")));
    assertThat(platform.ledger()).startsWith("abfss:");
    assertThat(platform.origin("workspaces.prod.pool")).isEqualTo("portage.yaml:13");
    assertThat(platform.origin("groups.risk")).isEqualTo("portage.yaml:28");
  }

  @Test
  void aLoginIsATokenOrACompleteUserAndPassword() {
    Workspace both =
        good("""
        workspaces:
          dev:  { mlflow: "http://127.0.0.1:1", user: "env:U", password: "env:P" }
          prod: { mlflow: "http://127.0.0.1:2", token: "env:T", reader-user: "env:RU", reader-password: "env:RP" }
        identity: claimed
        """)
            .workspace("prod")
            .orElseThrow();
    assertThat(String.valueOf(both.login() == null ? null : both.login().text()))
        .isEqualTo("env:T");
    assertThat(String.valueOf(both.reader() == null ? null : both.reader().text()))
        .isEqualTo("env:RU and env:RP");

    assertThat(
            errors(
                """
                workspaces:
                  a: { mlflow: "http://127.0.0.1:1", user: "env:U" }
                  b: { mlflow: "http://127.0.0.1:2", token: "env:T", user: "env:U", password: "env:P" }
                  c: { host: "http://127.0.0.1:3", user: "env:U", password: "env:P" }
                identity: claimed
                """))
        .anySatisfy(text -> assertThat(text).contains("key \"user\" needs \"password\""))
        .anySatisfy(text -> assertThat(text).contains("the workspace has two logins"))
        .anySatisfy(text -> assertThat(text).contains("has no effect in a workspace of kind"));
  }

  @Test
  void theFirstTierThatMatchesCounts() {
    Platform platform = good(WHOLE);

    assertThat(platform.tierOf("churn")).map(Tier::name).contains("high");
    assertThat(platform.tierOf("other", "Churn"))
        .as("a registered model can't be had at a looser tier by another name or other letters")
        .map(Tier::name)
        .contains("high");
    assertThat(platform.tierOf("pd-retail")).map(Tier::name).contains("high");
    assertThat(platform.tierOf("xpd-retail")).map(Tier::name).contains("rest");
    assertThat(platform.tierOf("demo").orElseThrow().approve()).isEmpty();
    assertThat(platform.tierOf("churn").orElseThrow().expires()).isEqualTo(Duration.ofDays(3));
  }

  @Test
  void receiversHaveWhatTheyNeedAndNoSecretOfTheirsStandsInTheFile() {
    Platform platform =
        good(
            SMALLEST
                + """
                notify:
                  team: { format: teams, url: "keyvault:team-vault/teams", models: "pd-*", on: [asked, stopped] }
                  audit: { url: "env:AUDIT_URL", key: ["env:NEW", "env:OLD"] }
                """);
    assertThat(platform.receiversOf("churn")).extracting(Receiver::name).containsExactly("audit");
    assertThat(new PlatformReceivers(() -> platform).receivers(new ReceiverQuery("x", "PD-retail")))
        .isEqualTo(
            platform.receiversOf("x", "PD-retail").stream().map(Receiver::forPromotions).toList())
        .isNotEqualTo(
            new PlatformReceivers(() -> platform).receivers(new ReceiverQuery("x", null)));
    assertThat(platform.receiversOf("x", "PD-retail"))
        .extracting(Receiver::name)
        .containsExactly("team", "audit");
    Receiver team = platform.receiver("team").orElseThrow();
    assertThat(team.on()).containsExactly(NoticeKind.ASKED, NoticeKind.STOPPED);
    assertThat(platform.receiver("audit").orElseThrow().keys()).hasSize(2);

    assertThat(
            errors(
                SMALLEST
                    + """
                    notify:
                      a: { format: slack, url: "https://hooks.slack.com/services/T0/B0/xyz" }
                      b: { url: "env:B" }
                      c: { url: "env:C", format: teams, on: [askd] }
                      d: { format: teams }
                      e: { url: "env:E", format: mail }
                    """))
        .anySatisfy(text -> assertThat(text).startsWith("portage.yaml:6:").contains("secret"))
        .anySatisfy(text -> assertThat(text).startsWith("portage.yaml:8:").contains("asked"))
        .anySatisfy(text -> assertThat(text).startsWith("portage.yaml:9:").contains("url"))
        .anySatisfy(text -> assertThat(text).startsWith("portage.yaml:10:").contains("teams"))
        .noneSatisfy(text -> assertThat(text).contains("hooks.slack.com"));
    assertThat(errors(SMALLEST + "notify:\n  b: { url: \"env:B\" }\n"))
        .singleElement()
        .asString()
        .contains("portage.yaml:6", "signed", "key is missing", "openssl rand");
  }

  @Test
  void escalationNeverOpensARequestToAnyone() {
    String tiers = "tiers: { all: { models: \"*\", %s } }\ngroups: { owners: ana, heads: cleo }\n";
    Platform platform = good(SMALLEST + tiers.formatted("approve: owners, escalate-to: [heads]"));
    assertThat(platform.tierOf("x").orElseThrow().escalateTo()).containsExactly("heads");
    assertThat(errors(SMALLEST + tiers.formatted("approve: owners, escalate-to: heds")))
        .singleElement()
        .asString()
        .contains("has no members", "did you mean \"heads\"?");
    assertThat(errors(SMALLEST + tiers.formatted("approve: owners, escalate-to: owners")))
        .singleElement()
        .asString()
        .contains("already in approve");
    assertThat(errors(SMALLEST + tiers.formatted("approve: [], escalate-to: heads")))
        .singleElement()
        .asString()
        .contains("nobody is asked");
    assertThat(errors(SMALLEST + "tiers: { all: { models: \"*\", approve: a, escalate-to: b } }\n"))
        .singleElement()
        .asString()
        .contains("has no members, so anyone could decide");
  }

  @Test
  void aPatternWithManyStarsCostsNoMoreThanAnyOther() {
    Tier tier =
        new Tier("a", List.of("*a".repeat(30) + "*b"), List.of(), Duration.ofDays(1), "x:1");

    assertThat(tier.matches("a".repeat(63))).isFalse();
    assertThat(tier.matches("xa".repeat(30) + "b")).isTrue();
    assertThat(new Tier("a", List.of("ab*ba"), List.of(), Duration.ofDays(1), "x:1"))
        .matches(one -> one.matches("abba") && !one.matches("aba") && one.matches("ab-ba"));
  }

  @Test
  void unityCatalogMarksByAliases() {
    String text =
        SMALLEST.replace("token: \"env:PROD", "models: \"prod.ml.{model}\", token: \"env:PROD");
    assertThat(good(text).workspace("prod").orElseThrow().marking()).isEqualTo(Marking.ALIASES);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\1',
      textBlock =
          """
          env:PROD_TOKEN"              | env:PROD_TOKEN", polo: x                     | portage.yaml:3: unknown key "polo" in workspaces.prod; did you mean "pool"? allowed: kind, host, mlflow, ui, login, token, user, password, reader, reader-user, reader-password, models, verify, allow-triggers, concurrency, transfers, marking, pool, warehouse, tables, runtime, compute, experiments, jobs, endpoints
          env:PROD_TOKEN"              | env:PROD_TOKEN", pool: 3                     | portage.yaml:3: workspaces.prod.pool is a number, must be text; allowed: for example ml-small
          env:PROD_TOKEN"              | env:PROD_TOKEN", kind: azureml               | portage.yaml:3: kind azureml comes with a later release; allowed: mlflow, databricks
          env:PROD_TOKEN"              | env:PROD_TOKEN", kind: mlflow, pool: x       | portage.yaml:3: key "pool" has no effect in a workspace of kind mlflow; allowed: leave it out, or name another kind
          env:PROD_TOKEN"              | env:PROD_TOKEN", models: "ml.{model}"        | portage.yaml:3: models is "ml.{model}", which has two parts; allowed: {model}, or CATALOG.SCHEMA.{model} of Unity Catalog
          env:PROD_TOKEN"              | env:T", models: "a.b.{model}", marking: stages | portage.yaml:3: Unity Catalog has no stages; allowed: aliases
          adb-2.azuredatabricks.net", token: "env:PROD_TOKEN" | dbc-2.cloud.databricks.com" | portage.yaml:3: key "login" is missing in workspace prod of kind databricks; allowed: managed-identity on Azure, a token as env:NAME, file:PATH or keyvault:VAULT/NAME[/VERSION], or a map with kind: databricks-federation, databricks-oauth, entra, managed-identity, token
          host: "https://adb-2.azuredatabricks.net" | kind: databricks                | portage.yaml:3: key "host" is missing in workspace prod of kind databricks; allowed: an address such as https://adb-1111111111111111.1.azuredatabricks.net
          host: "https://adb-2.azuredatabricks.net" | kind: mlflow                    | portage.yaml:3: key "mlflow" is missing in workspace prod of kind mlflow; allowed: the URL of an MLflow server
          adb-2.azuredatabricks.net    | adb-1.AzureDatabricks.net:443                | portage.yaml:3: workspaces dev and prod are the same: both are at https://adb-1.AzureDatabricks.net:443 and would use the registered models "{model}"; allowed: a separate workspace, or models of its own for each, such as qa.ml.{model} and prod.ml.{model}
          https://adb-2.               | https://adb_2 .                              | portage.yaml:3: workspaces.prod.host is "https://adb_2 .azuredatabricks.net", which is not a valid workspace URL; allowed: http(s)://HOST, without a path or a login
          adb-2.azuredatabricks.net    | adb-2.azuredatabricks.net:0                  | portage.yaml:3: the address has port 0; allowed: a port from 1 to 65535
          adb-2.azuredatabricks.net    | adb-2.azuredatabricks.net:99999              | portage.yaml:3: the address has port 99999; allowed: a port from 1 to 65535
          adb-2.azuredatabricks.net    | adb-2.azuredatabricks.net:99999999999        | portage.yaml:3: the address can't be read; allowed: http(s)://HOST[:PORT]
          identity: claimed            | path: [dev, prd]; identity: claimed          | portage.yaml:4: path names workspace "prd", which is not in workspaces; did you mean "prod"? allowed: dev, prod
          identity: claimed            | identity: https://login.example.com/v2.0     | portage.yaml:4: an issuer as identity comes in a later release; allowed: claimed, which trusts what people state
          identity: claimed            | ledger: x                                    | portage.yaml:1: key "identity" is missing: say explicitly how people are identified; add "identity: claimed", which trusts what people state; allowed: claimed
          identity: claimed            | tiers: {a: {models: "*", expires: P0D}}; identity: claimed | portage.yaml:4: expires must be greater than zero, not P0D; allowed: 90m, 6h, 14d, 1h30m and the like (w, d, h, m, s), or ISO 8601 such as PT90M; at most 999 days
          identity: claimed            | tiers: {a: {models: "*", approve: [owner]}}; groups: {owners: [ana@example.com]}; identity: claimed | portage.yaml:4: group "owner" is not in groups, so anyone would be in it; did you mean "owners"? allowed: owners
          """)
  @Tag("S1.24")
  void anErrorIsReportedWithItsLineAndWhatIsAllowed(String from, String to, String message) {
    String text = SMALLEST.replace(from, to == null ? "" : to.replace("; ", "\n"));
    assertThat(text).isNotEqualTo(SMALLEST);
    assertThat(Platform.read("portage.yaml", text, TestKinds.ALL).faults())
        .extracting(ValidationError::toString)
        .containsExactly(message);
  }

  @Test
  void oneWorkspaceIsNotAPath() {
    String text =
        SMALLEST.lines().filter(line -> !line.contains("prod:")).reduce("", (a, b) -> a + b + "\n");
    assertThat(Platform.read("portage.yaml", text, TestKinds.ALL).faults())
        .extracting(ValidationError::toString)
        .containsExactly(
            "portage.yaml:1: there is only one workspace, so nothing to promote to; allowed: at least two, in path order");
  }

  @Test
  void twoNamesOfOneMlflowServerAreTheSameWorkspace() {
    String text =
        """
        workspaces:
          dev:  { mlflow: "http://localhost:5000/" }
          prod: { mlflow: "http://127.0.0.1:5000" }
        identity: claimed
        """;
    assertThat(Platform.read("portage.yaml", text, TestKinds.ALL).faults())
        .singleElement()
        .asString()
        .startsWith("portage.yaml:3: workspaces dev and prod are the same");
  }

  @Test
  void aSecretInsteadOfAReferenceIsRefusedWithoutShowingIt() {
    String secret = "dapi0123456789abcdef";
    for (String text :
        List.of(
            SMALLEST.replace("env:PROD_TOKEN", secret),
            SMALLEST.replace("env:PROD_TOKEN", "keyvault:" + secret),
            SMALLEST.replace("\"env:PROD_TOKEN\"", "[" + secret + "]"),
            SMALLEST.replace("env:PROD_TOKEN\"", "env:T\", reader: " + secret),
            SMALLEST.replace("https://adb-2", "https://x:" + secret + "@adb-2"))) {
      List<ValidationError> faults = Platform.read("portage.yaml", text, TestKinds.ALL).faults();
      assertThat(faults).isNotEmpty();
      assertThat(faults.toString()).contains("portage.yaml:3").doesNotContain(secret);
    }
  }

  private static List<String> errors(String text) {
    return switch (Platform.read("portage.yaml", text, TestKinds.ALL)) {
      case Reading.Good<Platform>(Platform platform) -> throw new AssertionError(platform);
      case Reading.Wrong<Platform>(List<ValidationError> errors) ->
          errors.stream().map(ValidationError::toString).toList();
    };
  }

  private static Platform good(String text) {
    return switch (Platform.read("portage.yaml", text, TestKinds.ALL)) {
      case Reading.Good<Platform>(Platform platform) -> platform;
      case Reading.Wrong<Platform>(List<ValidationError> errors) ->
          throw new AssertionError(errors);
    };
  }
}
