package dev.portage.sandbox.failures;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portage.sandbox.RealServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** What happened, as lines of JSON below {@code target}, and the page made of it. */
public final class Records {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Path FOLDER = RealServers.root().resolve("sandbox/target/failures");
  private static final Path LINES = FOLDER.resolve("happened.jsonl");

  private Records() {}

  /** Adds one, and writes the page anew. */
  public static synchronized void add(Happened happened) {
    try {
      Files.createDirectories(FOLDER);
      Files.writeString(
          LINES,
          MAPPER.writeValueAsString(happened) + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
      Files.writeString(FOLDER.resolve("failures.md"), FailuresPage.of(all()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Happened> all() throws IOException {
    List<Happened> all = new ArrayList<>();
    for (String line : Files.readAllLines(LINES)) {
      all.add(MAPPER.readValue(line, Happened.class));
    }
    return all;
  }
}
