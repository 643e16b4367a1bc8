package dev.portage.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portage.temporal.PromotionAttributes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The documentation matches the program. */
class PagesTest {

  private static final Path ROOT = SandboxCommand.root();
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)(#[^)]*)?\\)");
  private static final Pattern HEADING_LINK = Pattern.compile("\\]\\(([^)#\\s]*\\.md|)#([^)]*)\\)");
  private static final Pattern OWN_FILE =
      Pattern.compile(
          "(?<![\\w/.-])(?:(?:build|deploy|benchmarks|docs)/|[\\w-]+/src/(?:main|test)/)[\\w./-]*\\w");
  private static final Pattern TAG = Pattern.compile("@Tag\\(\"(S\\d\\.\\d\\d)\"\\)");

  @ParameterizedTest
  @ValueSource(strings = {"promotion.v1.json", "portage.v1.json"})
  void everyKeyOfTheFilesIsExplained(String schema) throws IOException {
    List<String> rows =
        Files.readString(ROOT.resolve("docs/configuration.md"))
            .lines()
            .filter(line -> line.startsWith("| "))
            .toList();
    Set<String> keys = new TreeSet<>();
    collect(
        new ObjectMapper()
            .readTree(ROOT.resolve("workflows/src/main/resources/schema").resolve(schema).toFile()),
        keys);
    assertThat(keys)
        .hasSizeGreaterThan(10)
        .allSatisfy(
            key -> assertThat(rows).anyMatch(row -> row.matches(".*[`.]" + key + "[`.].*")));
  }

  @Test
  void everyLinkToAFileWorks() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path page : pages()) {
      Matcher link = LINK.matcher(Files.readString(page).replaceAll("(?s)<!--.*?-->", ""));
      while (link.find()) {
        String target = String.valueOf(link.group(1));
        if (!target.contains("://") && !Files.exists(page.resolveSibling(target))) {
          broken.add(ROOT.relativize(page) + " → " + target);
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void everyLinkToAHeadingLeadsToOne() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path page : pages()) {
      Matcher link = HEADING_LINK.matcher(Files.readString(page));
      while (link.find()) {
        String file = String.valueOf(link.group(1));
        String heading = String.valueOf(link.group(2));
        Path target = file.isEmpty() ? page : page.resolveSibling(file);
        if (Files.exists(target) && !anchors(target).contains(heading)) {
          broken.add(ROOT.relativize(page) + " → " + file + "#" + heading);
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  /** The anchors of a page's headings, as Git services make them. */
  private static Set<String> anchors(Path page) throws IOException {
    Set<String> anchors = new TreeSet<>();
    boolean code = false;
    for (String line : Files.readAllLines(page)) {
      code ^= line.startsWith("```");
      if (!code && line.matches("#{1,6} .*")) {
        anchors.add(
            line.replaceFirst("#+ ", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                .replace(' ', '-'));
      }
    }
    return anchors;
  }

  /** A file of ours in words set as code, which are no link. */
  @Test
  void everyFileNamedInWordsIsThere() throws IOException {
    Set<String> missing = new TreeSet<>();
    for (Path page : pages()) {
      Matcher file =
          OWN_FILE.matcher(Files.readString(page).replaceAll("https?://\\S+|\\]\\([^)]*\\)", ""));
      while (file.find()) {
        String named = String.valueOf(file.group());
        if (!Files.exists(ROOT.resolve(named))) {
          missing.add(ROOT.relativize(page) + " → " + named);
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void everyPageCanBeReachedFromTheReadme() throws IOException {
    Set<Path> reached = new TreeSet<>();
    List<Path> open = new ArrayList<>(List.of(ROOT.resolve("README.md")));
    while (!open.isEmpty()) {
      Path page = open.removeLast();
      if (reached.add(page)) {
        Matcher link = LINK.matcher(Files.readString(page));
        while (link.find()) {
          Path target = page.resolveSibling(String.valueOf(link.group(1))).normalize();
          if (target.toString().endsWith(".md") && Files.exists(target)) {
            open.add(target);
          }
        }
      }
    }
    // The README links to the folder of decisions.
    assertThat(
            pages().stream()
                .map(Path::normalize)
                .filter(page -> !page.startsWith(ROOT.resolve("docs/decisions")))
                .filter(page -> !reached.contains(page)))
        .isEmpty();
  }

  @Test
  void everyAlertIsExplained() throws IOException {
    String page = Files.readString(ROOT.resolve("docs/monitoring.md"));
    Set<String> alerts = found("(?m)^ *- alert: (\\w+)$", "deploy/monitoring/alerts.yaml");
    assertThat(alerts).hasSizeGreaterThan(10);
    assertThat(found("`(Portage[A-Z]\\w+)`", "docs/monitoring.md"))
        .filteredOn(word -> !PromotionAttributes.names().contains(word))
        .as(page)
        .containsExactlyElementsOf(alerts);
  }

  @Test
  void theReleaseOnThePagesIsTheOneThatIsBuilt() throws IOException {
    String version = found("<version>([\\d.]+)-SNAPSHOT</version>", "pom.xml").iterator().next();
    for (Path page : pages()) {
      assertThat(found("portage-(\\d+\\.\\d+\\.\\d+)", ROOT.relativize(page).toString()))
          .as(page.toString())
          .isSubsetOf(version);
    }
  }

  private static Set<String> found(String pattern, String file) throws IOException {
    Set<String> found = new TreeSet<>();
    Pattern.compile(pattern)
        .matcher(Files.readString(ROOT.resolve(file)))
        .results()
        .forEach(one -> found.add(String.valueOf(one.group(1))));
    return found;
  }

  @Test
  void theRequirementsAreAllListedAndEveryTagNamesOne() throws IOException {
    List<String> listed =
        Files.readAllLines(ROOT.resolve("docs/requirements.tsv")).stream()
            .map(line -> line.replaceFirst("\t.*", ""))
            .filter(id -> id.matches("S\\d\\.\\d\\d"))
            .toList();
    assertThat(listed).hasSize(136).doesNotHaveDuplicates().isSorted();
    Set<String> tagged = new TreeSet<>();
    for (Path test : filesBelow(".java", "src/test")) {
      TAG.matcher(Files.readString(test))
          .results()
          .forEach(found -> tagged.add(String.valueOf(found.group(1))));
    }
    assertThat(tagged).isNotEmpty().isSubsetOf(listed);
  }

  @Test
  void theServiceCreatesTheSearchAttributesOfPromotions() throws IOException {
    assertThat(Files.readString(ROOT.resolve("deploy/temporal/namespace.sh")))
        .contains("attributes=\"" + String.join(" ", PromotionAttributes.names()) + "\"");
  }

  @Test
  void theServiceUsesTheLockedMlflow() throws IOException {
    Matcher locked =
        Pattern.compile("(?m)^mlflow==(\\S+)")
            .matcher(Files.readString(ROOT.resolve("sandbox/src/main/python/requirements.lock")));
    assertThat(locked.find()).isTrue();
    assertThat(Files.readString(ROOT.resolve("docker-compose.yml")))
        .contains("image: portage-mlflow:" + locked.group(1) + "\n");
  }

  /** Keys that people may write; those of free-form maps are theirs to choose. */
  private static void collect(JsonNode schema, Set<String> keys) {
    schema.path("properties").fieldNames().forEachRemaining(keys::add);
    for (JsonNode part : schema) {
      if (part.isContainerNode()) {
        collect(part, keys);
      }
    }
  }

  static List<Path> pages() throws IOException {
    List<Path> pages =
        new ArrayList<>(
            Stream.of("README.md", "CONTRIBUTING.md", "SECURITY.md").map(ROOT::resolve).toList());
    for (String folder : List.of("docs", "examples")) {
      try (Stream<Path> tree = Files.walk(ROOT.resolve(folder))) {
        tree.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
      }
    }
    return pages;
  }

  private static List<Path> filesBelow(String ending, String folder) throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path module :
          modules.map(path -> path.resolve(folder)).filter(Files::isDirectory).toList()) {
        try (Stream<Path> tree = Files.walk(module)) {
          tree.filter(file -> file.toString().endsWith(ending)).forEach(files::add);
        }
      }
    }
    return files;
  }
}
