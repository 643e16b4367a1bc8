import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Checks, or on request mends, the format of every Java source below a folder with google-java-format. The build only
 * ever checks; {@code ./mvnw -N validate -Dformat.mode=fix} is for a person to run.
 */
public final class Format {

  /** Arguments: {@code check} or {@code fix}, then the folder. Exits 1 when a checked file is not in form. */
  public static void main(String[] arguments) throws IOException {
    boolean fix = arguments[0].equals("fix");
    Path root = Path.of(arguments[1]);
    Formatter formatter = new Formatter(JavaFormatterOptions.defaultOptions());
    List<String> wrong = new ArrayList<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : (Iterable<Path>) files.filter(Format::isSource)::iterator) {
        String source = Files.readString(file);
        String name = root.relativize(file).toString();
        try {
          String formatted = format(formatter, source);
          if (!formatted.equals(source)) {
            wrong.add(name);
            if (fix) {
              Files.writeString(file, formatted);
            }
          }
        } catch (FormatterException e) {
          wrong.add(name + ": " + e.getMessage());
        }
      }
    }
    wrong.forEach(name -> System.err.println((fix ? "formatted " : "not in google-java-format: ") + name));
    if (!fix && !wrong.isEmpty()) {
      System.err.println("mend them with: ./mvnw -N validate -Dformat.mode=fix");
      System.exit(1);
    }
  }

  private static String format(Formatter formatter, String source) throws FormatterException {
    String ordered = ImportOrderer.reorderImports(source, JavaFormatterOptions.Style.GOOGLE);
    return formatter.formatSource(RemoveUnusedImports.removeUnusedImports(ordered));
  }

  private static boolean isSource(Path file) {
    String path = file.toString();
    return path.endsWith(".java") && path.contains("/src/") && !path.contains("/target/");
  }
}
