package dev.portage.platform;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.document.ValidationError;
import dev.portage.document.YamlDocument;
import dev.portage.login.LoginSettings;
import dev.portage.secrets.SecretReference;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the logins of a workspace, each of which may be written in three ways: as a login, as a
 * token, or as a user with a password.
 */
final class WorkspaceLoginReader {

  private static final Set<String> LOGINS_OF_DATABRICKS =
      Set.of(
          LoginReader.TOKEN,
          LoginReader.DATABRICKS_OAUTH,
          LoginReader.DATABRICKS_FEDERATION,
          LoginReader.ENTRA,
          LoginReader.MANAGED_IDENTITY);

  private static final Set<String> LOGINS_OF_SERVERS =
      Set.of(LoginReader.TOKEN, LoginReader.PASSWORD);

  private final YamlDocument document;
  private final List<ValidationError> errors;
  private final LoginReader logins;

  WorkspaceLoginReader(YamlDocument document, List<ValidationError> errors) {
    this.document = document;
    this.errors = errors;
    this.logins = new LoginReader(document, errors);
  }

  /** Whether a workspace has a login, right or wrong. */
  static boolean isIn(JsonNode workspace) {
    return Stream.of("login", "token", "user", "password").anyMatch(workspace::has);
  }

  /** Kinds of logins of a Databricks workspace, for messages. */
  static String kindsOfDatabricks() {
    return LOGINS_OF_DATABRICKS.stream().sorted().collect(Collectors.joining(", "));
  }

  /**
   * The login of a workspace. Where none is written, one on Azure has that of the machine.
   *
   * @param host its address; null where it has none, or a wrong one
   * @return null when there is none, or a wrong one, which is reported
   */
  @Nullable LoginSettings login(
      String pointer, JsonNode node, WorkspaceKind kind, @Nullable URI host) {
    // Only there is the identity of an Azure machine of any use.
    return !isIn(node) && Cloud.of(host).equals(Optional.of(Cloud.AZURE))
        ? new LoginSettings.ManagedIdentity(null)
        : read(pointer, node, kind, "login", "token", "user", "password");
  }

  /** The login that only reads; null when there is none, or a wrong one, which is reported. */
  @Nullable LoginSettings reader(String pointer, JsonNode node, WorkspaceKind kind) {
    return read(pointer, node, kind, "reader", "reader", "reader-user", "reader-password");
  }

  /** One of the ways to log in, and the whole of it. */
  private @Nullable LoginSettings read(
      String pointer,
      JsonNode node,
      WorkspaceKind kind,
      String key,
      String tokenKey,
      String userKey,
      String passwordKey) {
    boolean hasUser = node.has(userKey);
    boolean hasPassword = node.has(passwordKey);
    List<String> ways = new ArrayList<>();
    Stream.of(key, tokenKey).distinct().filter(node::has).forEach(ways::add);
    if (hasUser || hasPassword) {
      ways.add(userKey + " with " + passwordKey);
    }
    if (ways.size() > 1) {
      report(
          pointer + "/" + (hasUser ? userKey : hasPassword ? passwordKey : tokenKey),
          "the workspace has two logins: " + String.join(", and ", ways),
          "one of them");
      return null;
    }
    if (hasUser != hasPassword) {
      String has = hasUser ? userKey : passwordKey;
      String lacks = hasUser ? passwordKey : userKey;
      report(
          pointer + "/" + has,
          "key \"" + has + "\" needs \"" + lacks + "\"",
          "both, each as " + SecretReference.FORMS);
      return null;
    }
    if (hasUser) {
      SecretReference user = logins.reference(pointer + "/" + userKey).orElse(null);
      SecretReference password = logins.reference(pointer + "/" + passwordKey).orElse(null);
      return user == null || password == null ? null : new LoginSettings.Password(user, password);
    }
    if (node.has(tokenKey) && !tokenKey.equals(key)) {
      SecretReference token = logins.reference(pointer + "/" + tokenKey).orElse(null);
      return token == null ? null : new LoginSettings.Token(token);
    }
    return logins.read(
        pointer + "/" + key,
        kind.needsHostAndToken() ? LOGINS_OF_DATABRICKS : LOGINS_OF_SERVERS,
        "a workspace of kind " + kind.name());
  }

  private void report(String pointer, String what, String allowed) {
    errors.add(document.error(pointer, what, allowed, null));
  }
}
