package dev.portage.load;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portage.temporal.Payloads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Outcomes as stored in a file, from which the document is generated.
 *
 * @param machine what they were measured on
 * @param size how much of it
 * @param outcomes one a scenario
 */
record LoadResults(String machine, Size size, List<Outcome> outcomes) {

  LoadResults {
    outcomes = List.copyOf(outcomes);
  }

  /** What a file holds; nothing where there is none, or where it is of another size or machine. */
  static LoadResults in(Path file, String machine, Size size) throws IOException {
    if (Files.exists(file)) {
      LoadResults found = read(file);
      if (found.machine().equals(machine) && found.size() == size) {
        return found;
      }
    }
    return new LoadResults(machine, size, List.of());
  }

  /** What a file holds. */
  static LoadResults read(Path file) throws IOException {
    return mapper().readValue(file.toFile(), LoadResults.class);
  }

  /** With an outcome in place of the one before of the same scenario. */
  LoadResults with(Outcome outcome) {
    List<String> names = outcomes.stream().map(Outcome::scenario).toList();
    return new LoadResults(
        machine,
        size,
        names.contains(outcome.scenario())
            ? outcomes.stream()
                .map(each -> each.scenario().equals(outcome.scenario()) ? outcome : each)
                .toList()
            : Stream.concat(outcomes.stream(), Stream.of(outcome)).toList());
  }

  /** Writes it. */
  void write(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    mapper().writerWithDefaultPrettyPrinter().writeValue(file.toFile(), this);
  }

  private static ObjectMapper mapper() {
    return Payloads.mapper();
  }
}
