package dev.portage.platform;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.document.Nearest;
import dev.portage.document.ValidationError;
import dev.portage.document.YamlDocument;
import dev.portage.freeze.FreezeTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the entries under {@code freezes}. One that is over stays valid: the file may list the
 * past.
 */
final class FreezeReader {

  /** Stands for every workspace. */
  static final String ALL = "all";

  private final YamlDocument document;
  private final List<ValidationError> errors;

  FreezeReader(YamlDocument document, List<ValidationError> errors) {
    this.document = document;
    this.errors = errors;
  }

  List<PlannedFreeze> readAll() {
    List<PlannedFreeze> freezes = new ArrayList<>();
    JsonNode list = document.root().path("freezes");
    for (int i = 0; i < list.size(); i++) {
      read("/freezes/" + i, list.path(i)).ifPresent(freezes::add);
    }
    return freezes;
  }

  private Optional<PlannedFreeze> read(String pointer, JsonNode node) {
    List<String> workspaces = workspaces(pointer, node.path("workspaces"));
    Instant from = time(pointer + "/from", node.path("from"));
    Instant until = time(pointer + "/until", node.path("until"));
    if (from == null || until == null) {
      return Optional.empty();
    }
    if (!from.isBefore(until)) {
      report(
          pointer + "/until",
          "until is not after from: " + until + " and " + from,
          "a time after from",
          null);
      return Optional.empty();
    }
    return Optional.of(
        new PlannedFreeze(
            workspaces, from, until, node.path("reason").asText(), document.origin(pointer)));
  }

  private List<String> workspaces(String pointer, JsonNode node) {
    List<String> names = new ArrayList<>();
    if (node.isTextual()) {
      names.add(node.asText());
    } else {
      node.forEach(name -> names.add(name.asText()));
    }
    if (names.equals(List.of(ALL))) {
      return List.of();
    }
    List<String> known = new ArrayList<>();
    document.root().path("workspaces").fieldNames().forEachRemaining(known::add);
    for (String name : names) {
      if (!known.contains(name)) {
        report(
            pointer + "/workspaces",
            "a freeze names workspace \"" + name + "\", which is not in workspaces",
            "all, or some of " + String.join(", ", known),
            Nearest.question(name, known));
      }
    }
    return names;
  }

  private @Nullable Instant time(String pointer, JsonNode node) {
    try {
      return FreezeTime.read(node.asText());
    } catch (FreezeTime.WrongTimeException wrong) {
      report(pointer, String.valueOf(wrong.getMessage()), wrong.allowed(), null);
      return null;
    }
  }

  private void report(String pointer, String what, String allowed, @Nullable String remedy) {
    errors.add(document.error(pointer, what, allowed, remedy));
  }
}
