package dev.portage.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.portage.document.DocumentSchema;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * No regular expression that is applied to outside text has exponential cost. Cost is counted in
 * characters read, so no clock is needed.
 */
class PatternCostTest {

  private static final int LENGTH = 1_000;

  /** What a pattern of quadratic cost may read of such a text, at most. */
  private static final long MOST = 4L * LENGTH * LENGTH;

  @Test
  void noPatternInSchemasOrCodeHasExponentialCost() throws IllegalAccessException {
    Map<String, Pattern> patterns = new LinkedHashMap<>();
    ofSchema("promotion.v1.json", "", DocumentSchema.promotion().json(), patterns);
    ofSchema("portage.v1.json", "", DocumentSchema.platform().json(), patterns);
    ofSchema("job-settings.v1.json", "", DocumentSchema.jobSettings().json(), patterns);
    ofCode(patterns);
    assertThat(patterns).hasSizeGreaterThan(40);

    patterns.forEach(
        (where, pattern) -> attacks(pattern).forEach(text -> cost(where, pattern, text)));
  }

  /** Java memoises where most repetitions failed, but not behind a back reference. */
  @Test
  void anExponentialPatternIsFound() {
    assertThat(cost(Pattern.compile("^(?:(a+)\\1?)+b$"), "a".repeat(60) + "!")).isGreaterThan(MOST);
  }

  private static void cost(String where, Pattern pattern, String text) {
    if (cost(pattern, text) > MOST) {
      fail(
          "%s: %s reads more than %d characters of a text of %d that begins %s",
          where, pattern, MOST, text.length(), text.substring(0, 40));
    }
  }

  private static long cost(Pattern pattern, String text) {
    Counted counted = new Counted(text);
    try {
      var _ = pattern.matcher(counted).find();
    } catch (TooMuch | StackOverflowError _) {
      return MOST + 1;
    }
    return counted.read;
  }

  /**
   * Long runs of what the pattern names, and of what patterns often repeat, without a matching end.
   */
  private static List<String> attacks(Pattern pattern) {
    Set<String> units =
        new LinkedHashSet<>(
            List.of("a", "0", " ", ".", "/", "-", "a.", "a/", "../", "a ", "://", "=", "<", "A"));
    String source = pattern.pattern().replaceAll("\\\\.|\\[[^\\]]*\\]|\\{[^}]*\\}", " ");
    for (String literal : source.split("[\\s()|?*+^$.:<>!=]+", -1)) {
      if (!literal.isEmpty() && literal.length() < 40) {
        units.add(literal);
      }
    }
    List<String> texts = new ArrayList<>();
    List<String> all = List.copyOf(units);
    for (String unit : all) {
      String run = unit.repeat(LENGTH / unit.length() + 1).substring(0, LENGTH);
      texts.add(run + "\u0001");
      for (String start : all.subList(Math.min(14, all.size()), all.size())) {
        texts.add((start + run).substring(0, LENGTH) + "\u0001");
      }
    }
    return texts;
  }

  private static void ofSchema(
      String file, String place, JsonNode node, Map<String, Pattern> patterns) {
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      if (entry.getKey().equals("pattern") && entry.getValue().isTextual()) {
        patterns.put(file + place, Pattern.compile(entry.getValue().asText()));
      }
      ofSchema(file, place + "/" + entry.getKey(), entry.getValue(), patterns);
    }
  }

  private static void ofCode(Map<String, Pattern> patterns) throws IllegalAccessException {
    for (JavaClass type :
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.portage")) {
      String home = type.getPackageName();
      // Code that runs only on people's own files meets no outside text.
      if (home.startsWith("dev.portage.localworkspace") || home.startsWith("dev.portage.sandbox")) {
        continue;
      }
      for (Field field : type.reflect().getDeclaredFields()) {
        if (Modifier.isStatic(field.getModifiers()) && field.getType() == Pattern.class) {
          field.setAccessible(true);
          patterns.put(
              type.getName() + "." + field.getName(),
              (Pattern) Objects.requireNonNull(field.get(null)));
        }
      }
    }
  }

  private static final class TooMuch extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** A text that counts its reads. */
  private static final class Counted implements CharSequence {
    private final String text;
    private long read;

    Counted(String text) {
      this.text = text;
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      if (++read > MOST) {
        throw new TooMuch();
      }
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.subSequence(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
