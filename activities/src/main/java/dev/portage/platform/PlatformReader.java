package dev.portage.platform;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.document.Nearest;
import dev.portage.document.Reading;
import dev.portage.document.ValidationError;
import dev.portage.document.YamlDocument;
import dev.portage.identity.PersonName;
import dev.portage.keyvault.VaultSettings;
import dev.portage.login.LoginSettings;
import dev.portage.settings.Concurrency;
import dev.portage.settings.Identity;
import dev.portage.settings.WrittenDuration;
import dev.portage.text.Bounded;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the values of a schema-valid document, and checks what a schema can't. */
final class PlatformReader {

  /** A rollback that asks nobody. */
  private static final String FREE = "free";

  private final YamlDocument document;
  private final Kinds kinds;
  private final List<ValidationError> errors = new ArrayList<>();

  PlatformReader(YamlDocument document, Kinds kinds) {
    this.document = document;
    this.kinds = kinds;
  }

  Reading<Platform> read() {
    List<Workspace> workspaces = new WorkspaceReader(document, kinds, errors).readAll();
    Map<String, List<String>> groups = lists("groups");
    Map<String, List<String>> people = lists("people");
    refuseUnnamed("groups", groups);
    refuseUnnamed("people", people);
    people.keySet().forEach(person -> refuseUnnamed("people", Map.of(person, List.of(person))));
    Platform platform =
        new Platform(
            document.fileName(),
            workspaces,
            path(),
            identity(),
            new Platform.Members(groups, people, new ReceiverReader(document, errors).readAll()),
            new Platform.Services(text("/ledger"), keyVault()),
            new Platform.Rules(tiers(groups), new FreezeReader(document, errors).readAll()),
            origins());
    errors.sort(Comparator.comparingInt(ValidationError::line));
    return errors.isEmpty() ? new Reading.Good<>(platform) : new Reading.Wrong<>(errors);
  }

  private List<String> path() {
    List<String> known = new ArrayList<>();
    document.root().path("workspaces").fieldNames().forEachRemaining(known::add);
    JsonNode node = document.root().path("path");
    if (node.isMissingNode()) {
      if (known.size() < 2) {
        report(
            "/workspaces",
            "there is only one workspace, so nothing to promote to",
            "at least two, in path order",
            null);
      }
      return known;
    }
    List<String> path = new ArrayList<>();
    for (JsonNode name : node) {
      if (!known.contains(name.asText())) {
        report(
            "/path/" + path.size(),
            "path names workspace \"" + name.asText() + "\", which is not in workspaces",
            String.join(", ", known),
            Nearest.question(name.asText(), known));
      }
      path.add(name.asText());
    }
    return path;
  }

  private List<Tier> tiers(Map<String, List<String>> groups) {
    JsonNode node = document.root().path("tiers");
    if (node.isMissingNode()) {
      return List.of(new Tier("all", List.of("*"), List.of(Tier.ANYBODY), Tier.EXPIRES, "default"));
    }
    List<Tier> tiers = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      String pointer = "/tiers/" + YamlDocument.escape(entry.getKey());
      JsonNode tier = entry.getValue();
      List<String> approve =
          tier.has("approve") ? texts(tier.path("approve")) : List.of(Tier.ANYBODY);
      List<String> rollback = rollback(tier.path("rollback"));
      refuseUnknownGroups(pointer, "approve", texts(tier.path("approve")), groups);
      refuseUnknownGroups(pointer, "rollback", rollback, groups);
      List<String> escalateTo =
          tier.has("escalate-to") ? texts(tier.path("escalate-to")) : List.of();
      refuseOpenEscalation(pointer, approve, escalateTo, groups);
      tiers.add(
          new Tier(
              entry.getKey(),
              texts(tier.path("models")),
              new Tier.Approval(approve, expires(pointer), escalateTo, breakGlass(pointer)),
              rollback,
              concurrency(pointer),
              tier.has("min-requests") ? Integer.valueOf(tier.path("min-requests").asInt()) : null,
              document.origin(pointer)));
    }
    return tiers;
  }

  /** Groups that a rollback asks; the word {@link #FREE} alone asks nobody. */
  private static List<String> rollback(JsonNode node) {
    List<String> groups = texts(node);
    return groups.equals(List.of(FREE)) ? List.of() : groups;
  }

  /**
   * A group without people accepts anyone. If people are listed elsewhere, this is probably a
   * misspelt name, which would let anyone approve.
   */
  private void refuseUnknownGroups(
      String pointer, String key, List<String> named, Map<String, List<String>> groups) {
    if (groups.isEmpty()) {
      return;
    }
    for (String group : named) {
      if (!groups.containsKey(group)) {
        report(
            pointer + "/" + key,
            "group \"" + group + "\" is not in groups, so anyone would be in it",
            String.join(", ", groups.keySet()),
            Nearest.question(group, groups.keySet()));
      }
    }
  }

  /** Whoever stands in does so for every group: a group that lists nobody would let anyone. */
  private void refuseOpenEscalation(
      String pointer,
      List<String> approve,
      List<String> escalateTo,
      Map<String, List<String>> groups) {
    String key = pointer + "/escalate-to";
    if (!escalateTo.isEmpty() && approve.isEmpty()) {
      report(
          key,
          "escalate-to has no effect, since approve is [] and nobody is asked",
          null,
          "remove escalate-to, or name groups in approve");
    }
    for (String group : escalateTo) {
      if (!groups.containsKey(group)) {
        report(
            key,
            "group \""
                + group
                + "\" has no members, so anyone could decide from half of the time on",
            groups.isEmpty()
                ? "a group that is listed in groups"
                : String.join(", ", groups.keySet()),
            Nearest.question(group, groups.keySet()));
      } else if (approve.contains(group)) {
        report(
            key,
            "group \"" + group + "\" is already in approve",
            "groups that approve does not name",
            null);
      }
    }
  }

  private @Nullable Concurrency concurrency(String pointer) {
    String text = text(pointer + "/concurrency");
    return text == null ? null : Concurrency.of(text);
  }

  private @Nullable Duration breakGlass(String pointer) {
    String text = text(pointer + "/break-glass");
    if (text == null) {
      return null;
    }
    WrittenDuration.fault("break-glass", text)
        .ifPresent(fault -> report(pointer + "/break-glass", fault, WrittenDuration.ALLOWED, null));
    return WrittenDuration.read(text).orElse(null);
  }

  private Duration expires(String pointer) {
    String text = text(pointer + "/expires");
    if (text == null) {
      return Tier.EXPIRES;
    }
    WrittenDuration.fault("expires", text)
        .ifPresent(fault -> report(pointer + "/expires", fault, WrittenDuration.ALLOWED, null));
    return WrittenDuration.read(text).orElse(Tier.EXPIRES);
  }

  private Identity identity() {
    String text = text("/identity");
    if (text == null) {
      report(
          "",
          "key \"identity\" is missing: say explicitly how people are identified",
          "claimed",
          "add \"identity: claimed\", which trusts what people state");
    } else if (!text.equals("claimed")) {
      report(
          "/identity",
          "an issuer as identity comes in a later release",
          "claimed, which trusts what people state",
          null);
    }
    return Identity.CLAIMED;
  }

  private VaultSettings keyVault() {
    String pointer = "/key-vault/login";
    LoginSettings login =
        new LoginReader(document, errors)
            .read(pointer, Set.of(LoginReader.ENTRA, LoginReader.MANAGED_IDENTITY), "Key Vault");
    for (JsonNode value : document.root().at(pointer)) {
      if (value.asText().startsWith("keyvault:")) {
        report(
            pointer,
            "the login for Key Vault is kept in Key Vault",
            "env:NAME or file:PATH for what logs in there",
            null);
      }
    }
    String suffix = Objects.requireNonNullElse(text("/key-vault/suffix"), VaultSettings.SUFFIX);
    return new VaultSettings(
        login instanceof LoginSettings.OfEntra entra ? entra : VaultSettings.STANDARD.login(),
        suffix);
  }

  private Map<String, List<String>> lists(String key) {
    Map<String, List<String>> lists = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : document.root().path(key).properties()) {
      lists.put(entry.getKey(), texts(entry.getValue()));
    }
    return lists;
  }

  /** A blank among people, or a word that is no name, would be a member that nobody can be. */
  private void refuseUnnamed(String key, Map<String, List<String>> lists) {
    lists.forEach((entry, names) -> {
      for (String name : names) {
        if (PersonName.compared(name).isEmpty()) {
          report(
              "/" + key + "/" + YamlDocument.escape(entry),
              key
                  + " \""
                  + entry
                  + "\" names \""
                  + Bounded.line(name, Bounded.NAME)
                  + "\", which is not a person",
              "a name or email address, such as ana@example.com",
              null);
        }
      }
    });
  }

  private Map<String, String> origins() {
    Map<String, String> origins = new LinkedHashMap<>();
    collect(document.root(), "", "", origins);
    return origins;
  }

  private void collect(JsonNode node, String pointer, String name, Map<String, String> origins) {
    if (!name.isEmpty()) {
      origins.put(name, document.origin(pointer));
    }
    if (node.isObject()) {
      for (Map.Entry<String, JsonNode> property : node.properties()) {
        collect(
            property.getValue(),
            pointer + "/" + YamlDocument.escape(property.getKey()),
            name.isEmpty() ? property.getKey() : name + "." + property.getKey(),
            origins);
      }
    }
  }

  private static List<String> texts(JsonNode node) {
    if (node.isTextual()) {
      return List.of(node.asText());
    }
    List<String> texts = new ArrayList<>();
    node.forEach(value -> texts.add(value.asText()));
    return texts;
  }

  private @Nullable String text(String pointer) {
    JsonNode node = document.root().at(pointer);
    return node.isMissingNode() ? null : node.asText();
  }

  private void report(
      String pointer, String what, @Nullable String allowed, @Nullable String remedy) {
    errors.add(document.error(pointer, what, allowed, remedy));
  }
}
