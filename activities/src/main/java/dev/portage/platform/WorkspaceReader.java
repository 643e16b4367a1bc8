package dev.portage.platform;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.compute.ComputeSettings;
import dev.portage.copy.Verify;
import dev.portage.document.ValidationError;
import dev.portage.document.YamlDocument;
import dev.portage.registry.Marking;
import dev.portage.secrets.SecretReference;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the entries under {@code workspaces}. */
final class WorkspaceReader {

  /** What every kind has. */
  private static final Set<String> COMMON =
      Set.of(
          "kind",
          "host",
          "mlflow",
          "ui",
          "token",
          "reader",
          "models",
          "marking",
          "experiments",
          "verify",
          "transfers");

  private final YamlDocument document;
  private final Kinds kinds;
  private final List<ValidationError> errors;

  WorkspaceReader(YamlDocument document, Kinds kinds, List<ValidationError> errors) {
    this.document = document;
    this.kinds = kinds;
    this.errors = errors;
  }

  /** The valid ones; errors in the others are reported. */
  List<Workspace> readAll() {
    List<Workspace> workspaces = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : document.root().path("workspaces").properties()) {
      Workspace workspace = read(entry.getKey(), entry.getValue());
      if (workspace != null) {
        workspaces.add(workspace);
      }
    }
    refuseTheSameTwice(workspaces);
    return workspaces;
  }

  private @Nullable Workspace read(String name, JsonNode node) {
    String pointer = "/workspaces/" + name;
    WorkspaceKind kind = kind(pointer, node);
    if (kind == null) {
      return null;
    }
    int before = errors.size();
    refuseForeignKeys(pointer, node, kind);
    URI host = address(pointer + "/host", node.path("host"));
    URI mlflow = address(pointer + "/mlflow", node.path("mlflow"));
    URI ui = address(pointer + "/ui", node.path("ui"));
    LoginReference token = login(pointer, node, "token", "user", "password");
    if (kind.needsHostAndToken()) {
      require(
          pointer,
          name,
          kind,
          "host",
          host,
          "for example https://adb-1111111111111111.1.azuredatabricks.net");
      require(
          pointer,
          name,
          kind,
          "token",
          token,
          SecretReference.FORMS + " (the worker's managed identity comes with a later release)");
    } else if (host == null && mlflow == null) {
      require(pointer, name, kind, "mlflow", null, "the URL of an MLflow server");
    }
    LoginReference reader = login(pointer, node, "reader", "reader-user", "reader-password");
    Map<String, ComputeSettings> compute =
        kind.keys().contains("compute") ? new ComputeReader(document, errors).read(name) : Map.of();
    String models = models(pointer, node, kind);
    Marking marking = marking(pointer, node, models);
    if (errors.size() > before) {
      return null;
    }
    return new Workspace(
        name,
        kind,
        host,
        Objects.requireNonNull(mlflow == null ? host : mlflow, "one of them is required"),
        ui,
        token,
        reader == null ? token : reader,
        models,
        marking,
        verify(node),
        node.has("transfers") ? Integer.valueOf(node.path("transfers").asInt()) : null,
        text(node, "pool"),
        text(node, "warehouse"),
        text(node, "runtime"),
        Objects.requireNonNullElse(text(node, "tables"), "{table}"),
        Objects.requireNonNullElse(text(node, "experiments"), Workspace.EXPERIMENTS),
        compute,
        document.origin(pointer));
  }

  /** By default: databricks if there is a host, else mlflow. */
  private @Nullable WorkspaceKind kind(String pointer, JsonNode node) {
    String named = text(node, "kind");
    String name = named != null ? named : node.has("host") ? "databricks" : "mlflow";
    WorkspaceKind kind = kinds.named(name).orElse(null);
    if (kind == null) {
      report(
          pointer + "/kind",
          "kind " + name + " comes with a later release",
          String.join(", ", kinds.names()));
    }
    return kind;
  }

  private void refuseForeignKeys(String pointer, JsonNode node, WorkspaceKind kind) {
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      String key = entry.getKey();
      if (!COMMON.contains(key) && !kind.keys().contains(key)) {
        report(
            pointer + "/" + YamlDocument.escape(key),
            "key \"" + key + "\" has no effect in a workspace of kind " + kind.name(),
            "leave it out, or name another kind");
      }
    }
  }

  private void require(
      String pointer,
      String name,
      WorkspaceKind kind,
      String key,
      @Nullable Object value,
      String allowed) {
    // An existing invalid one has already been reported.
    if (value == null && document.root().at(pointer + "/" + key).isMissingNode()) {
      report(
          pointer,
          "key \"" + key + "\" is missing in workspace " + name + " of kind " + kind.name(),
          allowed);
    }
  }

  private @Nullable URI address(String pointer, JsonNode node) {
    if (node.isMissingNode()) {
      return null;
    }
    String text = node.asText();
    try {
      URI address = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
      if (address.getHost() != null) {
        if (address.getPort() == 0 || address.getPort() > 65_535) {
          report(pointer, "the address has port " + address.getPort(), "a port from 1 to 65535");
          return null;
        }
        if (address.getUserInfo() == null) {
          return address;
        }
        // Not repeated: it holds a login.
        report(pointer, "the address contains a login", "http(s)://HOST; logins belong in token");
        return null;
      }
    } catch (java.net.URISyntaxException _) {
      // Reported below, like any other invalid address.
    }
    report(pointer, "the address can't be read", "http(s)://HOST[:PORT]");
    return null;
  }

  /** A token, or a user with a password; one of the two ways, and the whole of it. */
  private @Nullable LoginReference login(
      String pointer, JsonNode node, String tokenKey, String userKey, String passwordKey) {
    SecretReference token = secret(pointer + "/" + tokenKey);
    SecretReference user = secret(pointer + "/" + userKey);
    SecretReference password = secret(pointer + "/" + passwordKey);
    boolean hasUser = node.has(userKey);
    boolean hasPassword = node.has(passwordKey);
    if (node.has(tokenKey) && (hasUser || hasPassword)) {
      report(
          pointer + "/" + (hasUser ? userKey : passwordKey),
          "the workspace has two logins: " + tokenKey + ", and " + userKey + " with " + passwordKey,
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
    if (token != null) {
      return LoginReference.token(token);
    }
    return user == null || password == null ? null : new LoginReference(password, user);
  }

  private @Nullable SecretReference secret(String pointer) {
    JsonNode node = document.root().at(pointer);
    if (node.isMissingNode()) {
      return null;
    }
    SecretReference reference = SecretReference.parse(node.asText()).orElse(null);
    if (reference == null) {
      // Never repeated: the value may be the secret itself.
      report(
          pointer,
          pointer.substring(pointer.lastIndexOf('/') + 1) + " is not a secret reference",
          SecretReference.FORMS + "; never the secret itself");
    }
    return reference;
  }

  /** Three parts are Unity Catalog's; two are nobody's. */
  private String models(String pointer, JsonNode node, WorkspaceKind kind) {
    String pattern = Objects.requireNonNullElse(text(node, "models"), "{model}");
    if (kind.needsHostAndToken() && parts(pattern) == 2) {
      report(
          pointer + "/models",
          "models is \"" + pattern + "\", which has two parts",
          "{model}, or CATALOG.SCHEMA.{model} of Unity Catalog");
    }
    return pattern;
  }

  private static @Nullable Verify verify(JsonNode node) {
    String text = text(node, "verify");
    return text == null ? null : Verify.valueOf(text.toUpperCase(Locale.ROOT));
  }

  private Marking marking(String pointer, JsonNode node, String models) {
    boolean unityCatalog = parts(models) == 3;
    String named = text(node, "marking");
    if (named == null) {
      return unityCatalog ? Marking.ALIASES : Marking.STAGES;
    }
    Marking marking = Marking.valueOf(named.toUpperCase(Locale.ROOT));
    if (unityCatalog && marking == Marking.STAGES) {
      report(pointer + "/marking", "Unity Catalog has no stages", "aliases");
    }
    return marking;
  }

  private static long parts(String pattern) {
    return pattern.chars().filter(c -> c == '.').count() + 1;
  }

  /** A promotion from a workspace to itself would overwrite what it came from. */
  private void refuseTheSameTwice(List<Workspace> workspaces) {
    Map<String, Workspace> byAddress = new HashMap<>();
    for (Workspace workspace : workspaces) {
      URI host = workspace.host();
      for (URI address :
          host == null || host.equals(workspace.mlflow())
              ? List.of(workspace.mlflow())
              : List.of(host, workspace.mlflow())) {
        Workspace other = byAddress.putIfAbsent(normal(address), workspace);
        if (other != null) {
          report(
              "/workspaces/" + workspace.name() + (address.equals(host) ? "/host" : "/mlflow"),
              "workspaces "
                  + other.name()
                  + " and "
                  + workspace.name()
                  + " are the same: both are at "
                  + address,
              "a separate workspace for each name");
        }
      }
    }
  }

  private static String normal(URI address) {
    String scheme = Objects.requireNonNullElse(address.getScheme(), "").toLowerCase(Locale.ROOT);
    String host = Objects.requireNonNullElse(address.getHost(), "").toLowerCase(Locale.ROOT);
    int port = address.getPort() >= 0 ? address.getPort() : scheme.equals("https") ? 443 : 80;
    return (host.equals("localhost") ? "127.0.0.1" : host) + ":" + port + address.getPath();
  }

  private static @Nullable String text(JsonNode node, String key) {
    return node.has(key) ? node.path(key).asText() : null;
  }

  private void report(String pointer, String what, String allowed) {
    errors.add(document.error(pointer, what, allowed, null));
  }
}
