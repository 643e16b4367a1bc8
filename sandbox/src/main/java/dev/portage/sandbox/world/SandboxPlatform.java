package dev.portage.sandbox.world;

import dev.portage.document.Reading;
import dev.portage.document.ValidationError;
import dev.portage.sandbox.SandboxException;
import dev.portage.worker.WorkspaceAddresses;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The platform file of the sandbox: written once, and a person's from then on. Of what a person has
 * made of it, only addresses of the sandbox's own servers are ever changed, when one of them had to
 * take another port.
 */
final class SandboxPlatform {
  private final Path file;
  private final WorkspaceAddresses read;

  SandboxPlatform(Path file) {
    this.file = file;
    this.read = new WorkspaceAddresses(file);
  }

  /**
   * Writes the file if there is none; otherwise replaces old addresses with new ones.
   *
   * @param text what a new one holds
   * @param moved new addresses by those that the file may still hold
   * @param told gets a line for each that is replaced
   */
  void prepare(String text, Map<String, String> moved, Consumer<String> told) throws IOException {
    if (!Files.exists(file)) {
      write(text);
      return;
    }
    String now = Files.readString(file);
    String fresh = moved(now, moved, told);
    if (!fresh.equals(now)) {
      write(fresh);
    }
  }

  /** All at once: an old address of one server may be the new one of another. */
  private String moved(String text, Map<String, String> moved, Consumer<String> told) {
    if (moved.isEmpty()) {
      return text;
    }
    StringBuilder pattern = new StringBuilder();
    moved
        .keySet()
        .forEach(old -> pattern.append(pattern.isEmpty() ? "" : "|").append(Pattern.quote(old)));
    return Pattern.compile("(?:" + pattern + ")(?!\\d)")
        .matcher(text)
        .replaceAll(match -> {
          String fresh = moved.getOrDefault(match.group(), match.group());
          told.accept(
              file
                  + ": "
                  + match.group()
                  + " is now "
                  + fresh
                  + ", since another program has its port");
          return fresh;
        });
  }

  private void write(String text) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(fresh, text);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Addresses by workspace, as it has them now; errors are reported with file and line. */
  Reading<Map<String, URI>> read() {
    return read.read();
  }

  /**
   * Addresses by workspace, as it has them now.
   *
   * @throws SandboxException when a person has made it unusable; a line for each mistake
   */
  Map<String, URI> readable() {
    return switch (read()) {
      case Reading.Good<Map<String, URI>>(Map<String, URI> good) -> good;
      case Reading.Wrong<Map<String, URI>>(List<ValidationError> errors) ->
          throw new SandboxException(
              "the platform file is wrong:\n  "
                  + errors.stream()
                      .map(ValidationError::toString)
                      .collect(Collectors.joining("\n  "))
                  + "\nCorrect it, or delete it and the sandbox writes a new one.");
    };
  }

  /**
   * Before anything is started: what a person has made of it can be read. One that is yet to be
   * written is right.
   *
   * @throws SandboxException when it can't; a line for each mistake
   */
  void refuseMistakes() {
    if (Files.exists(file)) {
      readable();
    }
  }

  /**
   * The names under which a platform file knows the sandbox's workspaces: people may give them
   * others.
   *
   * @param platform addresses by workspace, as the file has them
   * @param addresses those of each workspace, by the sandbox's own name for it
   * @return names by the sandbox's own; a workspace that the file does not name has none
   */
  static Map<String, List<String>> names(
      Map<String, URI> platform, Map<String, List<URI>> addresses) {
    Map<String, List<String>> names = new LinkedHashMap<>();
    addresses.forEach((own, there) ->
        names.put(
            own,
            platform.entrySet().stream()
                .filter(named -> isAt(named.getValue(), there))
                .map(Map.Entry::getKey)
                .toList()));
    return names;
  }

  private static boolean isAt(URI named, List<URI> addresses) {
    return addresses.stream().anyMatch(address -> plain(address).equals(plain(named)));
  }

  private static String plain(URI uri) {
    return uri.toString().replaceFirst("/+$", "").replace("//localhost:", "//127.0.0.1:");
  }
}
