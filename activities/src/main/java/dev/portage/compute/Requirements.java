package dev.portage.compute;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A requirements file of a commit, as lines to send to a workspace, which can't read the file from
 * a git repository itself. Included files are inlined.
 *
 * @param lines requirements and options, in order, without comments
 * @param faults what a workspace could not install, each with its line
 * @see <a href="https://pip.pypa.io/en/stable/reference/requirements-file-format/">Requirements
 *     file format</a>
 */
public record Requirements(List<String> lines, List<String> faults) {
  /** How the line begins that names the index to install from. */
  public static final String INDEX = "--index-url ";

  private static final String EXTRA_INDEX = "--extra-index-url ";

  private static final Pattern CONTINUED = Pattern.compile("\\\\\\r?\\n");
  private static final Pattern COMMENT = Pattern.compile("(^|\\s)#.*");
  private static final Pattern OPTION = Pattern.compile("(-[A-Za-z]|--[a-z-]+)(?:[\\s=]+(.*))?");
  private static final Pattern SHORT_WITH_VALUE = Pattern.compile("(-[rci])(\\S.*)");
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{[^}]*}");

  /** Paths of the checkout, which the workspace installs nothing from. */
  private static final Pattern LOCAL = Pattern.compile("(\\.{1,2}([/\\\\].*)?|/.*|file:.*)");

  /** A package's name, with what may follow it; or an address. What follows is pip's to judge. */
  private static final Pattern REQUIREMENT =
      Pattern.compile(
          "[A-Za-z0-9][A-Za-z0-9._-]*+\\s*+(\\[[^\\]]*+])?+\\s*+"
              + "($|(@|\\(|;|===?|[<>!~]=|[<>]|--hash).*)"
              + "|((git|hg|svn|bzr)\\+)?(https?|ssh)://.*");

  public Requirements {
    lines = List.copyOf(lines);
    faults = List.copyOf(faults);
  }

  /**
   * Reads a file.
   *
   * @param path of the file
   * @param texts the commit's requirements files by path
   */
  public static Requirements read(String path, Map<String, String> texts) {
    Reader reader = new Reader(texts);
    reader.read(path, path);
    return new Requirements(reader.lines, reader.faults);
  }

  /** What a cluster's libraries have no place for, though an environment has. */
  public List<String> faultsOnCluster() {
    List<String> all = new ArrayList<>();
    for (String line : lines) {
      if (line.startsWith(EXTRA_INDEX)) {
        all.add(line + ": a cluster installs from one index only, set with --index-url");
      } else if (line.contains(" --hash")) {
        all.add(line.substring(0, line.indexOf(" --hash")) + ": a cluster can't check hashes");
      }
    }
    return all;
  }

  private static final class Reader {
    private final Map<String, String> texts;
    private final Set<String> read = new HashSet<>();
    private final List<String> lines = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();

    Reader(Map<String, String> texts) {
      this.texts = texts;
    }

    void read(String path, String from) {
      String text = texts.get(path);
      if (text == null) {
        faults.add(from + " includes " + path + ", which is not in the commit");
        return;
      }
      if (!read.add(path)) {
        return;
      }
      // A continued line keeps its number.
      String joined = CONTINUED.matcher(text).replaceAll(" \u0000");
      int number = 0;
      for (String raw : joined.split("\\r?\\n", -1)) {
        number++;
        String line = COMMENT.matcher(raw.replace("\u0000", "")).replaceAll("").strip();
        if (!line.isEmpty()) {
          line(line.replaceAll("\\s+", " "), path, path + ":" + number);
        }
        number += (int) raw.chars().filter(c -> c == '\u0000').count();
      }
    }

    private void line(String line, String path, String where) {
      if (VARIABLE.matcher(line).find()) {
        faults.add(where + " contains a variable, which no workspace replaces");
      } else if (line.startsWith("-")) {
        option(line, path, where);
      } else if (LOCAL.matcher(line).matches()) {
        faults.add(
            where
                + " is a path; a workspace installs packages, and wheels that libraries names by full path");
      } else if (!REQUIREMENT.matcher(line).matches()) {
        faults.add(where + " is not a requirement that pip can read");
      } else {
        lines.add(line);
      }
    }

    private void option(String line, String path, String where) {
      Matcher joined = SHORT_WITH_VALUE.matcher(line);
      String spaced = joined.matches() ? joined.replaceAll("$1 $2") : line;
      Matcher option = OPTION.matcher(spaced);
      String name = option.matches() ? String.valueOf(option.group(1)) : spaced;
      String value = option.matches() ? String.valueOf(option.group(2)).strip() : "";
      switch (name) {
        case "-r", "--requirement" -> read(beside(path, value), where);
        case "-i", "--index-url" -> lines.add(INDEX + value);
        case "--extra-index-url" -> lines.add(EXTRA_INDEX + value);
        default ->
            faults.add(where + " has the option " + name + ", which workspaces don't support");
      }
    }

    /** A file that is named relative to another. */
    private static String beside(String path, String named) {
      List<String> parts = new ArrayList<>(List.of(path.split("/", -1)));
      parts.removeLast();
      for (String part : named.split("/", -1)) {
        if (part.equals("..") && !parts.isEmpty()) {
          parts.removeLast();
        } else if (!part.equals(".")) {
          parts.add(part);
        }
      }
      return String.join("/", parts);
    }
  }
}
