package dev.portage.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Warnings and errors in the workers' logs: under load there must be none without a cause. */
final class LogWarnings {
  private LogWarnings() {}

  /**
   * Each kind of them once, with how often it came, the most frequent first. Numbers and ids are
   * left out of what makes a kind.
   *
   * @param folder with the logs, null for none
   */
  static List<String> in(@Nullable Path folder) throws IOException {
    if (folder == null || !Files.isDirectory(folder)) {
      return List.of();
    }
    Map<String, Integer> kinds = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        if (String.valueOf(file.getFileName()).startsWith("worker-")) {
          try (Stream<String> lines = Files.lines(file)) {
            lines
                .filter(line -> line.contains(" WARN ") || line.contains(" ERROR "))
                .forEach(line -> kinds.merge(kind(line), 1, Integer::sum));
          }
        }
      }
    }
    return kinds.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .map(entry -> entry.getValue() + " × " + entry.getKey())
        .toList();
  }

  private static String kind(String line) {
    String told = line.substring(Math.max(line.indexOf(" WARN "), line.indexOf(" ERROR ")) + 1);
    String same =
        told.replaceAll("promotion/[^\\s,;]+", "ID")
            .replaceAll("[0-9a-f]{8}-[0-9a-f-]{27}", "ID")
            .replaceAll("[0-9]+", "N");
    return same.substring(0, Math.min(300, same.length()));
  }
}
