package dev.portage.platform;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.compute.ComputeSettings;
import dev.portage.copy.Verify;
import dev.portage.document.ValidationError;
import dev.portage.document.YamlDocument;
import dev.portage.login.LoginSettings;
import dev.portage.registry.Marking;
import dev.portage.secrets.SecretReference;
import dev.portage.settings.Concurrency;
import java.net.URI;
import java.util.ArrayList;
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
          "login",
          "token",
          "reader",
          "models",
          "marking",
          "experiments",
          "verify",
          "allow-triggers",
          "transfers",
          "concurrency");

  private final YamlDocument document;
  private final Kinds kinds;
  private final List<ValidationError> errors;
  private final WorkspaceLoginReader logins;
  private final SharedNames shared;

  WorkspaceReader(YamlDocument document, Kinds kinds, List<ValidationError> errors) {
    this.document = document;
    this.kinds = kinds;
    this.errors = errors;
    this.logins = new WorkspaceLoginReader(document, errors);
    this.shared = new SharedNames(document, errors);
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
    shared.refuseMeeting(workspaces);
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
    LoginSettings login = logins.login(pointer, node, kind, host);
    if (kind.needsHostAndToken()) {
      require(
          pointer,
          name,
          kind,
          "host",
          host,
          "an address such as https://adb-1111111111111111.1.azuredatabricks.net");
      require(
          pointer,
          name,
          kind,
          "login",
          login == null && WorkspaceLoginReader.isIn(node) ? node : login,
          "managed-identity on Azure, a token as "
              + SecretReference.FORMS
              + ", or a map with kind: "
              + WorkspaceLoginReader.kindsOfDatabricks());
    } else if (host == null && mlflow == null) {
      require(pointer, name, kind, "mlflow", null, "the URL of an MLflow server");
    }
    LoginSettings reader = logins.reader(pointer, node, kind);
    SharedNames.Defaults names = shared.defaults(name, host, mlflow);
    Map<String, ComputeSettings> compute =
        kind.keys().contains("compute") ? new ComputeReader(document, errors).read(name) : Map.of();
    String models = models(pointer, node, kind);
    Marking marking = marking(pointer, node, models);
    if (errors.size() > before) {
      return null;
    }
    return Workspace.of(
            name,
            kind,
            Objects.requireNonNull(mlflow == null ? host : mlflow, "one of them is required"),
            models,
            marking,
            document.origin(pointer))
        .pages(host, ui)
        .logins(login, reader == null ? login : reader)
        .copies(
            verify(node),
            node.has("transfers") ? Integer.valueOf(node.path("transfers").asInt()) : null)
        .cluster(text(node, "pool"), text(node, "runtime"))
        .warehouse(text(node, "warehouse"))
        .names(
            Objects.requireNonNullElseGet(text(node, "tables"), () -> names.tables(models)),
            Objects.requireNonNullElseGet(text(node, "experiments"), names::experiments),
            Objects.requireNonNullElseGet(text(node, "jobs"), names::jobs))
        .endpoints(Objects.requireNonNullElseGet(text(node, "endpoints"), names::endpoints))
        .compute(compute)
        .allowTriggers(texts(pointer + "/allow-triggers", node.path("allow-triggers")))
        .concurrency(concurrency(node))
        .build();
  }

  /** An id may be written as a number. */
  private List<String> texts(String pointer, JsonNode list) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      texts.add(document.written(pointer + "/" + i).strip());
    }
    return texts;
  }

  private static @Nullable Concurrency concurrency(JsonNode node) {
    return node.has("concurrency") ? Concurrency.of(node.path("concurrency").asText()) : null;
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

  /** Parts of a model's name: three are Unity Catalog's. */
  static long parts(String pattern) {
    return pattern.chars().filter(c -> c == '.').count() + 1;
  }

  private static @Nullable String text(JsonNode node, String key) {
    return node.has(key) ? node.path(key).asText() : null;
  }

  private void report(String pointer, String what, String allowed) {
    errors.add(document.error(pointer, what, allowed, null));
  }
}
