package dev.portage.start;

import dev.portage.settings.PromotionFile;
import dev.portage.text.Bounded;
import dev.portage.text.SecretShapes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Lines of a commit that may write the predictions table although the run was given another: they
 * are shown if a live table has changed, because workers have no checkout.
 */
final class TableWrites {
  private static final int MOST = 10;
  private static final int MOST_FILES = 20;
  private static final int MOST_BYTES = 1 << 20;

  /** What writes a table, in Spark's, Delta's and SQL's words. */
  private static final Pattern WRITE =
      Pattern.compile(
          "saveAsTable|insertInto|writeTo|write_deltalake|toTable|INSERT\\s+(INTO|OVERWRITE)"
              + "|MERGE\\s+INTO|DELETE\\s+FROM|CREATE\\s+(OR\\s+REPLACE\\s+)?TABLE|to_sql"
              + "|DeltaTable\\.for",
          Pattern.CASE_INSENSITIVE);

  /** Runs another notebook, or imports a module. */
  private static final Pattern USE =
      Pattern.compile("%run\\s+[\"']?([^\\s\"']+)|^[\\s\"]*(?:from|import)\\s+([\\w.]+)");

  /** An import, which writes nothing; what follows it on the same line may. */
  private static final Pattern IMPORT =
      Pattern.compile("^[\\s\"]*(?:from\\s+[\\w.]+\\s+import|import)\\b[^;]*;?");

  /** A remark; Databricks keeps a cell of another language in one. */
  private static final Pattern REMARK = Pattern.compile("^[\\s\"]*#(?!\\s*MAGIC\\b).*");

  /** A name that is a literal: a table's or its last part's. */
  private static final Pattern NAMED =
      Pattern.compile(
          "(saveAsTable|insertInto|writeTo|toTable|forName|write_deltalake)\\s*\\(\\s*[\"'][^\"'{]+[\"']"
              + "|(INTO|FROM|OVERWRITE|TABLE)\\s+[`\\w]+(\\.[`\\w]+){0,2}\\s",
          Pattern.CASE_INSENSITIVE);

  private TableWrites() {}

  /**
   * Those lines, as "notebooks/score.py:42: df.write.saveAsTable("churn_predictions")"; null for
   * none. A line that names the table comes before one that only writes some table.
   *
   * @param scoring those of the files that score
   * @param files what is there, relative to the file's folder
   * @param bytes the bytes of one of them
   */
  static @Nullable List<String> of(
      PromotionFile file,
      List<String> scoring,
      Collection<String> files,
      Function<String, Optional<byte[]>> bytes) {
    PromotionFile.Batch batch = file.batch();
    if (batch == null) {
      return null;
    }
    String given = batch.table();
    String full = given == null ? file.model().replace('-', '_') + "_predictions" : given;
    String table = full.substring(full.lastIndexOf('.') + 1);
    List<String> naming = new ArrayList<>();
    List<String> writing = new ArrayList<>();
    Deque<String> next = new ArrayDeque<>(scoring);
    Set<String> seen = new HashSet<>(scoring);
    while (!next.isEmpty()) {
      String name = next.remove();
      byte[] content = bytes.apply(name).orElse(new byte[0]);
      if (content.length > MOST_BYTES) {
        continue;
      }
      List<String> lines = new String(content, StandardCharsets.UTF_8).lines().toList();
      for (int i = 0; i < lines.size(); i++) {
        String line = lines.get(i);
        String code = REMARK.matcher(line).matches() ? "" : IMPORT.matcher(line).replaceFirst("");
        if (WRITE.matcher(code).find() && SecretShapes.find(line).isEmpty()) {
          String told = name + ":" + (i + 1) + ": " + Bounded.line(line.strip(), 120);
          if (code.contains(table)) {
            naming.add(told);
          } else if (NAMED.matcher(code).find()) {
            writing.add(told);
          }
        }
        used(line, name, files)
            .filter(seen::add)
            .forEach(used -> {
              if (seen.size() <= MOST_FILES) {
                next.add(used);
              }
            });
      }
    }
    naming.addAll(writing);
    return naming.isEmpty() ? null : List.copyOf(naming.subList(0, Math.min(MOST, naming.size())));
  }

  /** Files of the commit that a line runs or imports. */
  private static Stream<String> used(String line, String by, Collection<String> files) {
    Matcher use = USE.matcher(line);
    if (!use.find()) {
      return Stream.empty();
    }
    String named =
        Objects.requireNonNullElse(use.toMatchResult().group(1), use.toMatchResult().group(2));
    String last = named.replace('.', '/').replaceAll("/+(py|ipynb)$", "").replaceAll("^.*/", "");
    return files.stream()
        .filter(file -> !file.equals(by))
        .filter(file -> file.replaceAll("\\.(py|ipynb)$", "").replaceAll("^.*/", "").equals(last));
  }
}
