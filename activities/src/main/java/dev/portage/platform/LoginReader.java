package dev.portage.platform;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.document.ValidationError;
import dev.portage.document.YamlDocument;
import dev.portage.login.IdTokenSettings;
import dev.portage.login.LoginSettings;
import dev.portage.secrets.SecretReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads logins: a reference to a token, a word, or a map with a kind. */
final class LoginReader {

  static final String TOKEN = "token";
  static final String PASSWORD = "password";
  static final String DATABRICKS_OAUTH = "databricks-oauth";
  static final String DATABRICKS_FEDERATION = "databricks-federation";
  static final String ENTRA = "entra";
  static final String MANAGED_IDENTITY = "managed-identity";

  private static final String SECRET = "client-secret";
  private static final String CERTIFICATE = "certificate";
  private static final String CERTIFICATE_PASSWORD = "certificate-password";
  private static final String ID_TOKEN = "id-token";
  private static final String AUDIENCE = "audience";
  private static final String CONNECTION = "service-connection";
  private static final String CLIENT = "client-id";
  private static final String TENANT = "tenant";

  private static final String OF_ID_TOKENS =
      "github, azure-devops, or " + SecretReference.FORMS + "; never the token itself";

  /**
   * Keys of one kind.
   *
   * @param required all of them
   * @param oneOf exactly one of them, if there are any
   * @param optional what may be left out
   */
  private record Keys(List<String> required, List<String> oneOf, List<String> optional) {

    List<String> all() {
      return Stream.of(required, oneOf, optional).flatMap(List::stream).toList();
    }

    String text() {
      List<String> parts = new ArrayList<>();
      if (!required.isEmpty()) {
        parts.add(String.join(", ", required));
      }
      if (!oneOf.isEmpty()) {
        parts.add("one of " + String.join(", ", oneOf));
      }
      if (!optional.isEmpty()) {
        parts.add("if wanted " + String.join(", ", optional));
      }
      return String.join("; ", parts);
    }
  }

  private static final Map<String, Keys> KINDS =
      Map.of(
          TOKEN, new Keys(List.of(TOKEN), List.of(), List.of()),
          PASSWORD, new Keys(List.of("user", PASSWORD), List.of(), List.of()),
          DATABRICKS_OAUTH, new Keys(List.of(CLIENT, SECRET), List.of(), List.of()),
          DATABRICKS_FEDERATION,
              new Keys(List.of(ID_TOKEN), List.of(), List.of(CLIENT, AUDIENCE, CONNECTION)),
          ENTRA,
              new Keys(
                  List.of(TENANT, CLIENT),
                  List.of(SECRET, CERTIFICATE, ID_TOKEN),
                  List.of(CERTIFICATE_PASSWORD, AUDIENCE, CONNECTION)),
          MANAGED_IDENTITY, new Keys(List.of(), List.of(), List.of(CLIENT)));

  /** Keys that only go with another. */
  private static final Map<String, String> GOES_WITH =
      Map.of(
          CERTIFICATE_PASSWORD, CERTIFICATE,
          AUDIENCE, ID_TOKEN,
          CONNECTION, ID_TOKEN);

  private final YamlDocument document;
  private final List<ValidationError> errors;

  LoginReader(YamlDocument document, List<ValidationError> errors) {
    this.document = document;
    this.errors = errors;
  }

  /**
   * A login; what is wrong with it is reported.
   *
   * @param kinds those that can be used here
   * @param whose for messages, as "a workspace of kind mlflow"
   * @return null when there is none, or a wrong one
   */
  @Nullable LoginSettings read(String pointer, Set<String> kinds, String whose) {
    JsonNode node = document.root().at(pointer);
    if (node.isMissingNode()) {
      return null;
    }
    String kind =
        node.isObject()
            ? node.path("kind").asText()
            : node.asText().equals(MANAGED_IDENTITY) ? MANAGED_IDENTITY : TOKEN;
    if (!kinds.contains(kind)) {
      report(
          node.isObject() ? pointer + "/kind" : pointer,
          "a login of kind " + kind + " can't be used for " + whose,
          KINDS.keySet().stream()
              .filter(kinds::contains)
              .sorted()
              .collect(Collectors.joining(", ")));
      return null;
    }
    if (!node.isObject()) {
      return kind.equals(TOKEN) ? token(pointer) : new LoginSettings.ManagedIdentity(null);
    }
    return keysFit(pointer, kind, node) ? read(pointer, kind, node) : null;
  }

  private @Nullable LoginSettings token(String pointer) {
    return reference(pointer).map(LoginSettings.Token::new).orElse(null);
  }

  private boolean keysFit(String pointer, String kind, JsonNode node) {
    int before = errors.size();
    Keys keys = Objects.requireNonNull(KINDS.get(kind), "the schema knows no other kinds");
    String needs = "kind " + kind + " has " + keys.text();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      String key = entry.getKey();
      if (!key.equals("kind") && !keys.all().contains(key)) {
        report(
            pointer + "/" + YamlDocument.escape(key),
            "key \"" + key + "\" has no effect in a login of kind " + kind,
            needs);
      }
      String with = GOES_WITH.get(key);
      if (with != null && keys.all().contains(with) && !node.has(with)) {
        report(pointer + "/" + key, "key \"" + key + "\" stands without \"" + with + "\"", needs);
      }
    }
    for (String key : keys.required()) {
      if (!node.has(key)) {
        report(pointer, "key \"" + key + "\" is missing in the login of kind " + kind, needs);
      }
    }
    List<String> chosen = keys.oneOf().stream().filter(node::has).toList();
    if (!keys.oneOf().isEmpty() && chosen.size() != 1) {
      report(
          pointer,
          chosen.isEmpty()
              ? "the login of kind " + kind + " has nothing to prove itself by"
              : "the login of kind " + kind + " has " + String.join(" and ", chosen),
          needs);
    }
    return errors.size() == before;
  }

  private @Nullable LoginSettings read(String pointer, String kind, JsonNode node) {
    String client = node.path(CLIENT).asText();
    String tenant = node.path(TENANT).asText();
    return switch (kind) {
      case TOKEN -> token(pointer + "/" + TOKEN);
      case PASSWORD -> {
        Optional<SecretReference> user = reference(pointer + "/user");
        Optional<SecretReference> password = reference(pointer + "/" + PASSWORD);
        yield user.isEmpty() || password.isEmpty()
            ? null
            : new LoginSettings.Password(user.get(), password.get());
      }
      case DATABRICKS_OAUTH -> {
        Optional<SecretReference> secret = reference(pointer + "/" + SECRET);
        yield secret.isEmpty() ? null : new LoginSettings.DatabricksOauth(client, secret.get());
      }
      case DATABRICKS_FEDERATION -> {
        IdTokenSettings idToken = idToken(pointer, node);
        yield idToken == null
            ? null
            : new LoginSettings.DatabricksFederation(node.has(CLIENT) ? client : null, idToken);
      }
      case MANAGED_IDENTITY -> new LoginSettings.ManagedIdentity(node.has(CLIENT) ? client : null);
      default -> entra(pointer, node, tenant, client);
    };
  }

  private @Nullable LoginSettings entra(
      String pointer, JsonNode node, String tenant, String client) {
    if (node.has(ID_TOKEN)) {
      IdTokenSettings idToken = idToken(pointer, node);
      return idToken == null ? null : new LoginSettings.EntraFederation(tenant, client, idToken);
    }
    if (node.has(SECRET)) {
      Optional<SecretReference> secret = reference(pointer + "/" + SECRET);
      return secret.isEmpty() ? null : new LoginSettings.EntraSecret(tenant, client, secret.get());
    }
    Optional<SecretReference> certificate = reference(pointer + "/" + CERTIFICATE);
    Optional<SecretReference> password =
        node.has(CERTIFICATE_PASSWORD)
            ? reference(pointer + "/" + CERTIFICATE_PASSWORD)
            : Optional.empty();
    return certificate.isEmpty()
        ? null
        : new LoginSettings.EntraCertificate(
            tenant, client, certificate.get(), password.orElse(null));
  }

  private @Nullable IdTokenSettings idToken(String pointer, JsonNode node) {
    String written = node.path(ID_TOKEN).asText();
    String audience = node.has(AUDIENCE) ? node.path(AUDIENCE).asText() : null;
    String connection = node.has(CONNECTION) ? node.path(CONNECTION).asText() : null;
    boolean github = written.equals("github");
    boolean devops = written.equals("azure-devops");
    if (audience != null && !github) {
      report(pointer + "/" + AUDIENCE, "only GitHub is asked for an audience", "id-token: github");
      return null;
    }
    if (connection != null && !devops) {
      report(
          pointer + "/" + CONNECTION,
          "only Azure DevOps has service connections",
          "id-token: azure-devops");
      return null;
    }
    if (github) {
      return new IdTokenSettings.Github(audience);
    }
    if (devops) {
      return new IdTokenSettings.AzureDevops(connection);
    }
    Optional<SecretReference> kept = SecretReference.parse(written);
    if (kept.isEmpty()) {
      report(pointer + "/" + ID_TOKEN, "id-token is not a secret reference", OF_ID_TOKENS);
      return null;
    }
    return new IdTokenSettings.Kept(kept.get());
  }

  /** A reference; what is none is reported and never repeated, since it may be the secret. */
  Optional<SecretReference> reference(String pointer) {
    JsonNode node = document.root().at(pointer);
    if (node.isMissingNode()) {
      return Optional.empty();
    }
    Optional<SecretReference> reference = SecretReference.parse(node.asText());
    if (reference.isEmpty()) {
      report(
          pointer,
          pointer.substring(pointer.lastIndexOf('/') + 1) + " is not a secret reference",
          SecretReference.FORMS + "; never the secret itself");
    }
    return reference;
  }

  private void report(String pointer, String what, String allowed) {
    errors.add(document.error(pointer, what, allowed, null));
  }
}
