package dev.portage.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.document.Reading;
import dev.portage.document.ValidationError;
import dev.portage.keyvault.VaultSettings;
import dev.portage.login.IdTokenSettings;
import dev.portage.login.LoginSettings;
import dev.portage.secrets.SecretReference;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kinds of logins that a platform file may name, and what is said of wrong ones. */
class LoginsInFileTest {
  private static final String REST = "\nidentity: claimed\n";

  @Test
  void eachKindIsReadAsItIsWritten() {
    assertThat(login("env:TOKEN")).isEqualTo(new LoginSettings.Token(reference("env:TOKEN")));
    assertThat(login("{ kind: token, token: \"file:t\" }"))
        .isEqualTo(new LoginSettings.Token(reference("file:t")));
    assertThat(login("managed-identity")).isEqualTo(new LoginSettings.ManagedIdentity(null));
    assertThat(login("{ kind: managed-identity, client-id: env:ID }"))
        .isEqualTo(new LoginSettings.ManagedIdentity("env:ID"));
    assertThat(
            login("{ kind: databricks-oauth, client-id: app, client-secret: keyvault:team/dbx/1 }"))
        .isEqualTo(new LoginSettings.DatabricksOauth("app", reference("keyvault:team/dbx/1")));
    assertThat(login("{ kind: databricks-federation, client-id: app, id-token: github }"))
        .isEqualTo(new LoginSettings.DatabricksFederation("app", new IdTokenSettings.Github(null)));
    assertThat(login("{ kind: entra, tenant: t, client-id: c, client-secret: env:S }"))
        .isEqualTo(new LoginSettings.EntraSecret("t", "c", reference("env:S")));
    assertThat(
            login(
                "{ kind: entra, tenant: t, client-id: c, certificate: file:c.pfx,"
                    + " certificate-password: env:P }"))
        .isEqualTo(
            new LoginSettings.EntraCertificate(
                "t", "c", reference("file:c.pfx"), reference("env:P")));
    assertThat(
            login(
                "{ kind: entra, tenant: t, client-id: c, id-token: azure-devops,"
                    + " service-connection: x }"))
        .isEqualTo(
            new LoginSettings.EntraFederation("t", "c", new IdTokenSettings.AzureDevops("x")));
  }

  @Test
  void onAzureAWorkspaceWithoutALoginIsEnteredByTheManagedIdentity() {
    Platform platform =
        good(
            "workspaces:\n  dev: { host: \"https://adb-1.7.azuredatabricks.net\" }\n"
                + "  prod: { host: \"https://adb-2.7.AzureDatabricks.net\", reader: env:R }"
                + REST);
    assertThat(platform.workspaces())
        .extracting(Workspace::login)
        .containsOnly(new LoginSettings.ManagedIdentity(null));
    assertThat(platform.workspaces().getLast().reader())
        .isEqualTo(new LoginSettings.Token(reference("env:R")));
    assertThat(platform.keyVault()).isEqualTo(VaultSettings.STANDARD);
  }

  @Test
  void aVaultHasALoginOfItsOwn() {
    Platform platform =
        good(
            "workspaces:\n  dev: { mlflow: \"http://a:1\" }\n  prod: { mlflow: \"http://b:1\" }\n"
                + "key-vault: { suffix: vault.azure.cn, login: { kind: entra, tenant: t, client-id:"
                + " c, client-secret: env:S } }"
                + REST);
    assertThat(platform.keyVault())
        .isEqualTo(
            new VaultSettings(
                new LoginSettings.EntraSecret("t", "c", reference("env:S")), "vault.azure.cn"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          { kind: oauth, client-id: a }                                   | login.kind is "oauth", which is unknown; allowed: token, password, databricks-oauth
          { client-id: a }                                                | key "kind" is missing in workspaces.dev.login
          { kind: databricks-oauth, client-id: a }                        | key "client-secret" is missing in the login of kind databricks-oauth; allowed: kind databricks-oauth has client-id, client-secret
          { kind: databricks-oauth, client-id: a, client-secret: env:S, tenant: t } | key "tenant" has no effect in a login of kind databricks-oauth
          { kind: entra, tenant: t, client-id: c }                        | has nothing to prove itself by; allowed: kind entra has tenant, client-id; one of client-secret, certificate, id-token
          { kind: entra, tenant: t, client-id: c, client-secret: env:S, certificate: env:C } | has client-secret and certificate
          { kind: entra, tenant: t, client-id: c, client-secret: env:S, certificate-password: env:P } | key "certificate-password" stands without "certificate"
          { kind: entra, tenant: t, client-id: c, id-token: env:T, audience: x } | only GitHub is asked for an audience
          { kind: entra, tenant: t, client-id: c, id-token: github, service-connection: x } | only Azure DevOps has service connections
          { kind: password, user: env:U, password: env:P }                | a login of kind password can't be used for a workspace of kind databricks
          { kind: managed-identity, client-secret: env:S }                | key "client-secret" has no effect in a login of kind managed-identity
          { kind: token }                                                 | key "token" is missing in the login of kind token
          managed-idendity                                                | login is set to something, which is not a valid login
          3                                                               | login is a number, must be text or a map
          { kind: databricks-oauth, client-id: "a b", client-secret: env:S } | client-id is set to something, which is not a valid id
          """)
  void aWrongLoginIsToldWithItsLineAndWhatIsAllowed(String login, String message) {
    List<ValidationError> errors =
        errors(
            "workspaces:\n  dev: { host: \"https://h\", login: "
                + login
                + " }\n  prod: { host: \"https://g\", token: env:P }"
                + REST);
    assertThat(errors)
        .singleElement()
        .satisfies(error -> {
          assertThat(error.toString()).startsWith("portage.yaml:2: ").contains(message);
        });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          login: dapi0123456789abcdef0123
          login: { kind: databricks-oauth, client-id: a, client-secret: dose0123456789abcdef0123456789abcdef }
          login: { kind: entra, tenant: t, client-id: c, client-secret: abc8Q~0123456789abcdefghijklmnopqrstuv }
          login: { kind: entra, tenant: abc8Q~0123456789abcdefghijklmnopqrstuv, client-id: c, client-secret: env:S }
          login: { kind: databricks-federation, client-id: dose0123456789abcdef0123456789abcdef, id-token: github }
          login: { kind: entra, tenant: t, client-id: c, id-token: eyJhbGciOiJub25lIn0.eyJzdWIiOiJwb2QifQ.signed }
          reader: dapi0123456789abcdef0123, token: env:T
          token: env:T, warehouse: dapi0123456789abcdef0123
          token: env:T, dapi0123456789abcdef0123: x
          login: "my plain password"
          """)
  @Tag("S0.19")
  @Tag("S0.16")
  void aSecretInTheFileIsRefusedAndNotShown(String written) {
    List<ValidationError> errors =
        errors(
            "workspaces:\n  dev: { host: \"https://h\", "
                + written
                + " }\n  prod: { host: \"https://g\", token: env:P }"
                + REST);
    assertThat(errors).isNotEmpty();
    assertThat(errors.toString())
        .contains("portage.yaml:2: ")
        .doesNotContain("0123456789abcdef")
        .doesNotContain("eyJ")
        .doesNotContain("plain password");
  }

  @Test
  void theLoginForAVaultIsInNoVault() {
    assertThat(
            errors(
                "workspaces:\n  dev: { mlflow: \"http://a:1\" }\n  prod: { mlflow:"
                    + " \"http://b:1\" }\nkey-vault: { login: { kind: entra, tenant: t, client-id:"
                    + " c, client-secret: keyvault:v-1/s } }"
                    + REST))
        .singleElement()
        .asString()
        .contains("portage.yaml:4: the login for Key Vault is kept in Key Vault");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          models: "qa.ml.{model}"  | models: "QA.ml.{model}"          | registered models "QA.ml.{model}"
          models: "qa-{model}"     | models: "qa-{model}"             | registered models "qa-{model}"
          models: "a.b.{model}", jobs: "{job}" | models: "c.d.{model}", jobs: "{job}" | scoring jobs "{job}"
          models: "a.b.{model}", tables: "t.s.{table}" | models: "c.d.{model}", tables: "T.s.{table}" | tables "T.s.{table}"
          models: "a.b.{model}", experiments: "/Shared/{model}" | models: "c.d.{model}", experiments: "/Workspace/Shared/{model}" | experiments "/Workspace/Shared/{model}"
          """)
  @Tag("S1.24")
  void namesThatMeetAtOneAddressAreRefusedByWhatMeets(String one, String other, String name) {
    assertThat(errors(shared(one, other)))
        .singleElement()
        .asString()
        .startsWith("portage.yaml:3: workspaces qa and prod are the same: both are at https://h")
        .contains("would use the " + name + "; allowed: ")
        .contains("of its own for each, such as");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          models: "qa.ml.{model}"   | models: "prod.ml.{model}" | qa.ml.t      | prod.ml.t
          models: "ml.qa.{model}"   | models: "ml.prod.{model}" | ml.qa.t      | ml.prod.t
          models: "m.l.qa_{model}"  | models: "m.l.{model}"     | m.l.t_qa     | m.l.t_prod
          models: "{model}-qa"      | models: "{model}"         | t_qa         | t_prod
          """)
  @Tag("S1.24")
  @Tag("S1.26")
  void environmentsWithNamesOfTheirOwnShareAnAddress(
      String one, String other, String table, String otherTable) {
    Platform platform = good(shared(one, other));

    Workspace qa = platform.workspace("qa").orElseThrow();
    Workspace prod = platform.workspace("prod").orElseThrow();
    assertThat(List.of(qa.table("t"), prod.table("t"))).containsExactly(table, otherTable);
    assertThat(List.of(qa.job("j"), prod.job("j"))).containsExactly("j-qa", "j-prod");
    assertThat(List.of(qa.experiment("m"), prod.experiment("m")))
        .containsExactly("/Shared/m-qa", "/Shared/m-prod");
    assertThat(qa.names().meets(prod.names())).isEmpty();
  }

  private static String shared(String one, String other) {
    return "workspaces:\n  qa: { host: \"https://h\", token: env:Q, "
        + one
        + " }\n  prod: { host: \"https://h:443/\", token: env:P, "
        + other
        + " }"
        + REST;
  }

  private static LoginSettings login(String written) {
    LoginSettings login =
        good("workspaces:\n  dev: { host: \"https://h\", login: "
                + (written.startsWith("{") ? written : "\"" + written + "\"")
                + " }\n  prod: { host: \"https://g\", token: env:P }"
                + REST)
            .workspaces()
            .getFirst()
            .login();
    return Objects.requireNonNull(login);
  }

  private static Platform good(String text) {
    Reading<Platform> reading = Platform.read("portage.yaml", text, TestKinds.ALL);
    assertThat(reading.faults()).isEmpty();
    return ((Reading.Good<Platform>) reading).value();
  }

  private static List<ValidationError> errors(String text) {
    return Platform.read("portage.yaml", text, TestKinds.ALL).faults();
  }

  private static SecretReference reference(String text) {
    return SecretReference.parse(text).orElseThrow();
  }
}
