import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Checks, or on request fixes, the format of every Java source below a folder with google-java-format. The build only
 * ever checks; {@code ./mvnw -N validate -Dformat.mode=fix} is for a person to run.
 */
public final class Format {

  /** Arguments: {@code check} or {@code fix}, then the folder. Exits 1 when a checked file is not in form. */
  public static void main(String[] arguments) throws IOException {
    boolean fix = arguments[0].equals("fix");
    Path root = Path.of(arguments[1]);
    Formatter formatter = new Formatter(JavaFormatterOptions.defaultOptions());
    Path seen = root.resolve("target/format/" + Formatter.class.getPackage().getImplementationVersion());
    Set<String> inForm = read(seen);
    Set<String> found = new TreeSet<>();
    List<String> wrong = new ArrayList<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : (Iterable<Path>) files.filter(Format::isSource)::iterator) {
        String source = Files.readString(file);
        String name = root.relativize(file).toString();
        String digest = digest(source);
        if (inForm.contains(digest)) {
          found.add(digest);
          continue;
        }
        try {
          String formatted = format(formatter, source);
          if (!formatted.equals(source)) {
            wrong.add(name);
            if (fix) {
              Files.writeString(file, formatted);
            }
          }
          if (fix || formatted.equals(source)) {
            found.add(digest(formatted));
          }
        } catch (FormatterException e) {
          wrong.add(name + ": " + e.getMessage());
        }
      }
    }
    write(seen, found);
    wrong.forEach(name -> System.err.println((fix ? "formatted " : "not in google-java-format: ") + name));
    if (!fix && !wrong.isEmpty()) {
      System.err.println("fix them with: ./mvnw -N validate -Dformat.mode=fix");
      System.exit(1);
    }
  }

  private static String format(Formatter formatter, String source) throws FormatterException {
    String ordered = ImportOrderer.reorderImports(source, JavaFormatterOptions.Style.GOOGLE);
    return formatter.formatSource(RemoveUnusedImports.removeUnusedImports(ordered));
  }

  /** Digests of the texts that were in form the last time: they are not formatted again to see it. */
  private static Set<String> read(Path seen) throws IOException {
    return Files.exists(seen) ? Set.copyOf(Files.readAllLines(seen)) : Set.of();
  }

  private static void write(Path seen, Set<String> found) throws IOException {
    Files.createDirectories(seen.getParent());
    // Whole or not at all: builds may run beside each other.
    Path fresh = Files.createTempFile(seen.getParent(), "format", ".new");
    Files.write(fresh, found);
    Files.move(fresh, seen, StandardCopyOption.ATOMIC_MOVE);
  }

  private static String digest(String text) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static boolean isSource(Path file) {
    String path = file.toString();
    return path.endsWith(".java") && path.contains("/src/") && !path.contains("/target/");
  }
}
