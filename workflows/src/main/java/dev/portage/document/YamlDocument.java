package dev.portage.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.reader.ReaderException;

/** A YAML file as a tree that knows the line of each of its values. Immutable, without I/O. */
public final class YamlDocument {

  /** Larger files are refused. */
  public static final int MAX_BYTES = 64 * 1024;

  private static final Pattern LONG_ESCAPE = Pattern.compile("\\\\U([0-9A-Fa-f]{8})");

  private final String fileName;
  private final JsonNode root;
  private final Map<String, Integer> lines;
  private final Map<String, String> written;
  private final LeftOut leftOut;

  private YamlDocument(
      String fileName,
      JsonNode root,
      Map<String, Integer> lines,
      Map<String, String> written,
      LeftOut leftOut) {
    this.fileName = fileName;
    this.root = root;
    this.lines = Map.copyOf(lines);
    this.written = Map.copyOf(written);
    this.leftOut = leftOut;
  }

  /**
   * Reads a file. Wrong are: more than {@link #MAX_BYTES}, bad syntax, no content, a key given
   * twice, custom tags, merge keys, aliases that blow up, keys with characters that hide.
   *
   * @param fileName how to name the file in errors
   */
  public static Reading<YamlDocument> read(String fileName, String text) {
    return partly(fileName, text).reading();
  }

  /** Reads a file as {@link #read} does, and leaves out what is wrong, where that is possible. */
  public static Partly<YamlDocument> partly(String fileName, String text) {
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_BYTES) {
      return wrong(fileName, 1, "the file has " + bytes + " bytes", "at most " + MAX_BYTES);
    }
    Node node;
    try {
      LoaderOptions options = new LoaderOptions();
      options.setCodePointLimit(MAX_BYTES);
      options.setNestingDepthLimit(NodeTree.MAX_DEPTH);
      node = new Yaml(new SafeConstructor(options)).compose(new StringReader(text));
    } catch (MarkedYAMLException e) {
      // Its own message quotes the file, which may hold what must not be shown.
      return wrong(fileName, lineOf(e), "invalid YAML: " + problemOf(e), null);
    } catch (ReaderException e) {
      return wrong(
          fileName,
          lineAt(text, e.getPosition()),
          "invalid YAML: it contains the character U+%04X".formatted(e.getCodePoint()),
          "printable text, line breaks and tabs");
    } catch (YAMLException e) {
      return wrong(fileName, 1, "invalid YAML: " + firstLine(e), null);
    } catch (IllegalArgumentException _) {
      // SnakeYAML 2 turns an escape like UFFFFFFFF into a number before it checks that such a
      // character exists.
      return wrong(
          fileName,
          lineOfWrongEscape(text),
          "invalid YAML: an escape names a character that does not exist",
          "\\U00000000 to \\U0010FFFF");
    }
    if (node == null) {
      return wrong(fileName, 1, "the file is empty", null);
    }
    NodeTree tree = new NodeTree(fileName);
    JsonNode root = tree.convert(node);
    YamlDocument all =
        new YamlDocument(fileName, root, tree.lines(), tree.written(), LeftOut.NOTHING);
    return all.without(tree.refused()).partly(tree.errors());
  }

  /** This document as what is left of a file. */
  public Partly<YamlDocument> partly(List<ValidationError> errors) {
    return isUnreadable() ? Partly.nothing(errors) : new Partly<>(this, errors, leftOut::contains);
  }

  /** The same without some values; a list is left out as a whole, since its entries are counted. */
  public YamlDocument without(Collection<String> pointers) {
    return pointers.isEmpty() ? this : leaving(leftOut.and(root, pointers));
  }

  /** The same, of which any value that isn't there may be a misspelled one that was left out. */
  YamlDocument doubting(String parent) {
    return leaving(leftOut.doubting(parent));
  }

  /** The same with a value in the place of one that was left out. */
  YamlDocument standIn(String key, JsonNode value) {
    ObjectNode filled = root.deepCopy();
    filled.set(key, value);
    LeftOut more = leftOut.and(root, List.of("/" + escape(key)));
    return new YamlDocument(fileName, filled, lines, written, more);
  }

  /** Whether nothing of it is left to check. */
  boolean isUnreadable() {
    return leftOut.isEverything();
  }

  private YamlDocument leaving(LeftOut more) {
    return new YamlDocument(fileName, more.without(root, leftOut), lines, written, more);
  }

  /**
   * Whether a value, or that there is none, is as the file says: neither it nor any part of it was
   * left out as wrong.
   *
   * @param pointer JSON pointer, such as "/serve/limits"
   */
  public boolean knows(String pointer) {
    return leftOut.knows(root, pointer);
  }

  /**
   * A part of the file as a document of its own, which knows its lines in the file.
   *
   * @param pointer JSON pointer of the part; "" for the whole
   * @param content what is there, with or without some of its fields
   */
  public YamlDocument part(String pointer, JsonNode content) {
    return new YamlDocument(
        fileName, content, below(pointer, lines), below(pointer, written), LeftOut.NOTHING);
  }

  private static <T> Map<String, T> below(String pointer, Map<String, T> byPointer) {
    Map<String, T> part = new HashMap<>();
    byPointer.forEach((at, value) -> {
      if (at.equals(pointer) || at.startsWith(pointer + "/")) {
        part.put(at.substring(pointer.length()), value);
      }
    });
    return part;
  }

  /** How the file was named. */
  public String fileName() {
    return fileName;
  }

  /** The content. */
  public JsonNode root() {
    return root;
  }

  /**
   * A single value as written: {@code 1e6} and {@code True} are not yet a number and a boolean.
   * Text is what its quotes and escapes stand for.
   *
   * @param pointer JSON pointer, such as "/train/parameters/alpha"
   */
  public String written(String pointer) {
    String asWritten = written.get(pointer);
    return asWritten == null ? root.at(pointer).asText() : asWritten;
  }

  /** A single value as text, null where the file does not give it. */
  public @Nullable String text(String pointer) {
    JsonNode node = root.at(pointer);
    return node.isMissingNode() ? null : node.asText();
  }

  /**
   * Line of a value's key, from 1; of the nearest value around it for one that does not exist.
   *
   * @param pointer JSON pointer, such as "/batch/table"
   */
  public int line(String pointer) {
    String nearest = pointer;
    while (true) {
      Integer line = lines.get(nearest);
      if (line != null) {
        return line;
      }
      int slash = nearest.lastIndexOf('/');
      if (slash < 0) {
        return 1;
      }
      nearest = nearest.substring(0, slash);
    }
  }

  /** File and line of a value, such as "promotion.yaml:9". */
  public String origin(String pointer) {
    return fileName + ":" + line(pointer);
  }

  /** An error about a value of this file. */
  public ValidationError error(
      String pointer, String what, @Nullable String allowed, @Nullable String remedy) {
    return new ValidationError(fileName, line(pointer), pointer, what, allowed, remedy);
  }

  /** A key as a part of a JSON pointer. */
  public static String escape(String key) {
    return key.replace("~", "~0").replace("/", "~1");
  }

  private static Partly<YamlDocument> wrong(
      String fileName, int line, String what, @Nullable String allowed) {
    return Partly.nothing(List.of(new ValidationError(fileName, line, "", what, allowed, null)));
  }

  private static int lineOf(MarkedYAMLException e) {
    @Nullable Mark mark = e.getProblemMark() != null ? e.getProblemMark() : e.getContextMark();
    return mark == null ? 1 : mark.getLine() + 1;
  }

  /** Line of a place that SnakeYAML counts in characters of Unicode. */
  private static int lineAt(String text, int position) {
    return 1 + (int) text.codePoints().limit(position).filter(c -> c == '\n').count();
  }

  private static int lineOfWrongEscape(String text) {
    Matcher escape = LONG_ESCAPE.matcher(text);
    while (escape.find()) {
      if (Long.parseLong(String.valueOf(escape.group(1)), 16) > Character.MAX_CODE_POINT) {
        return lineAt(text, text.codePointCount(0, escape.start()));
      }
    }
    return 1;
  }

  private static String problemOf(MarkedYAMLException e) {
    String problem = String.valueOf(e.getProblem()).strip();
    String context = e.getContext();
    return context == null ? problem : problem + " (" + context.strip() + ")";
  }

  private static String firstLine(YAMLException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("unknown reason");
  }
}
