package dev.portage.checkout;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A commit as git stores it. Its people are read from the object itself, since git's output depends
 * on a person's settings.
 *
 * @param parents full ids, the branch that it was made on first
 * @param author address of who wrote the change; the name where there is no address
 * @param committer address of who made the commit; the name where there is no address
 * @param coAuthors addresses, or names, of the trailers {@code Co-authored-by:} and their like
 */
record Commit(List<String> parents, String author, String committer, List<String> coAuthors) {

  /**
   * Also {@code Co-developed-by:} and {@code Co-author:}; in lists and quotes, as of messages put
   * together; with other hyphens or a wide colon, as editors write them.
   */
  private static final Pattern TRAILER =
      Pattern.compile(
          "^[ \\t>*+-]*co[-_ \\u2010-\\u2015]?(?:(?:authored|developed)[-_ \\u2010-\\u2015]?by|authors?)"
              + "[ \\t]*[:\\uff1a](.*)$",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern ADDRESS = Pattern.compile("<([^<>]*)>");

  private static final String ASCII = "co-authored-by: <0a.Z@-+_>\n";

  /** A hosting service that commits for others, such as GitHub's {@code noreply@github.com}. */
  private static final String SERVICE = "noreply@";

  Commit {
    parents = List.copyOf(parents);
    coAuthors = List.copyOf(coAuthors);
  }

  /** Reads the bytes of a commit object. */
  static Commit read(byte[] object) {
    // Git reads the head byte by byte, whatever encoding it names. So that nobody can disappear
    // from it by naming an encoding that doesn't fit, only the text between git's own markers is
    // decoded.
    String text = new String(object, StandardCharsets.ISO_8859_1);
    int end = text.indexOf("\n\n");
    String head = end < 0 ? text : text.substring(0, end);
    Charset charset = charset(head);
    String message = end < 0 ? "" : decoded(text.substring(end + 2), charset);
    List<String> parents = new ArrayList<>();
    String author = "";
    String committer = "";
    for (String line : head.split("\n", -1)) {
      if (line.startsWith("parent ")) {
        parents.add(line.substring("parent ".length()).strip());
      } else if (line.startsWith("author ")) {
        author = person(line.substring("author ".length()), charset);
      } else if (line.startsWith("committer ")) {
        committer = person(line.substring("committer ".length()), charset);
      }
    }
    return new Commit(parents, author, committer, coAuthors(message));
  }

  /** Who made it: if a hosting service committed for someone, its author. */
  String maker() {
    return committer.startsWith(SERVICE) || committer.isEmpty() ? author : committer;
  }

  /** Everyone who had a hand in it, each once. */
  List<String> people() {
    Set<String> people = new LinkedHashSet<>();
    people.add(author);
    people.add(maker());
    people.addAll(coAuthors);
    people.remove("");
    return List.copyOf(people);
  }

  /** {@code Ana <ana@example.com> 1764000000 +0100}: the address, else the name. */
  private static String person(String ident, Charset charset) {
    List<String> addresses = addresses(ident);
    return decoded(
            addresses.isEmpty() ? ident.replaceAll("<[^<>]*>.*$", "") : addresses.getFirst(),
            charset)
        .strip();
  }

  /** Anywhere in the message, since services write more below them. */
  private static List<String> coAuthors(String message) {
    List<String> people = new ArrayList<>();
    StringBuilder trailer = new StringBuilder();
    for (String line : (message + "\n").split("\\R", -1)) {
      if (!trailer.isEmpty() && line.matches("[ \\t]+\\S.*") && !TRAILER.matcher(line).matches()) {
        trailer.append(' ').append(line.strip());
        continue;
      }
      people.addAll(named(trailer.toString()));
      trailer.setLength(0);
      Matcher start = TRAILER.matcher(line);
      if (start.matches()) {
        // A space, so that a header whose value is on the next line is recognized, too.
        trailer.append(' ').append(String.valueOf(start.group(1)).strip());
      }
    }
    people.addAll(named(trailer.toString()));
    return people;
  }

  private static List<String> named(String trailer) {
    List<String> addresses = addresses(trailer);
    if (!addresses.isEmpty()) {
      return addresses;
    }
    String name = trailer.replaceAll("<[^<>]*>", "").strip();
    List<String> bare =
        Stream.of(name.split("[\\s,;]+", -1)).filter(word -> word.contains("@")).toList();
    return !bare.isEmpty() ? bare : name.isEmpty() ? List.of() : List.of(name);
  }

  private static List<String> addresses(String text) {
    return ADDRESS
        .matcher(text)
        .results()
        .map(found -> String.valueOf(found.group(1)).strip())
        .filter(address -> !address.isEmpty())
        .toList();
  }

  /** The commit's own encoding: UTF-8 unless it names another that keeps ASCII's letters. */
  private static Charset charset(String head) {
    for (String line : head.split("\n", -1)) {
      if (line.startsWith("encoding ")) {
        try {
          Charset named = Charset.forName(line.substring("encoding ".length()).strip());
          return decoded(ASCII, named).equals(ASCII) ? named : StandardCharsets.UTF_8;
        } catch (IllegalCharsetNameException | UnsupportedCharsetException _) {
          return StandardCharsets.UTF_8;
        }
      }
    }
    return StandardCharsets.UTF_8;
  }

  /** Text in which each character stands for one byte. */
  private static String decoded(String bytes, Charset charset) {
    return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), charset);
  }
}
