package dev.portage.text;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Secrets that can be recognized by their form, anywhere in a text. A password without a form of
 * its own is not among them: no rule can tell it from a word.
 *
 * @see <a href="https://docs.databricks.com/dev-tools/auth/pat">Databricks, personal access
 *     tokens</a>
 * @see <a
 *     href="https://docs.github.com/code-security/secret-scanning/introduction/supported-secret-scanning-patterns">GitHub,
 *     secret scanning patterns</a>
 */
public final class SecretShapes {

  private record Shape(String name, Pattern pattern) {
    Shape(String name, String pattern) {
      this(name, Pattern.compile(pattern));
    }

    Optional<Found> in(String text) {
      Matcher found = pattern.matcher(text);
      return found.find() ? Optional.of(new Found(name, found.start())) : Optional.empty();
    }
  }

  /**
   * Where a word of letters and digits can begin: also behind an escape as people type it in quotes
   * that don't interpret it, whose letter comes right before the secret's.
   */
  private static final String BEGIN = "(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt]))";

  private static final List<Shape> SHAPES =
      List.of(
          new Shape("a Databricks token", "(?i)d(api|sapi|kea)[0-9a-f]{16,}(-\\d{1,4})?"),
          new Shape("a Databricks OAuth secret", "(?i)dose[0-9a-f]{32,}"),
          new Shape("a signed token (JWT)", BEGIN + "eyJ[\\w-]{8,}\\.[\\w-]{8,}\\.[\\w-]*+"),
          new Shape("a private key", "-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----"),
          new Shape("an Entra client secret", "[\\w~.-]{3}[78]Q~[\\w~.-]{31,34}"),
          // No border of a word: a key may begin with a sign.
          new Shape(
              "an Azure Storage key", "(?:(?<![A-Za-z0-9+/])|(?<=\\\\[nrt]))[A-Za-z0-9+/]{86}=="),
          new Shape("an Azure key", "(?i)(sharedaccess|account)key=[A-Za-z0-9+/]{20,}+={0,2}"),
          new Shape("an Azure DevOps token", BEGIN + "[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}\\b"),
          new Shape("an Azure DevOps token", BEGIN + "[a-z2-7]{52}(?![A-Za-z0-9])"),
          new Shape(
              "a signed URL",
              BEGIN + "(?i)(sig|signature|x-(amz|goog)-signature)=[^\\s&\"']{16,}+"),
          // Some services have a password and no user.
          new Shape("a URL with a password", "://[^\\s/@\"':]{0,200}:[^\\s/@\"']{1,200}@"),
          new Shape("an AWS key", BEGIN + "(AKIA|ASIA)[0-9A-Z]{16}\\b"),
          new Shape("a GitHub token", BEGIN + "(gh[pousr]_|github_pat_)\\w{30,}+"),
          new Shape("a GitLab token", BEGIN + "glpat-[\\w-]{20,}+"),
          new Shape("a Slack token", BEGIN + "xox[abeoprs]-[\\w-]{10,}+"),
          new Shape("a Hugging Face token", BEGIN + "hf_[A-Za-z0-9]{30,}+"),
          new Shape("a Google key", BEGIN + "AIza[\\w-]{35}"));

  private SecretShapes() {}

  /**
   * Where a text holds a secret.
   *
   * @param name what it is, such as "a Databricks token"
   * @param start its first character
   */
  public record Found(String name, int start) {}

  /** The first secret of a text; the secret itself is not repeated. */
  public static Optional<Found> find(String text) {
    return SHAPES.stream()
        .flatMap(shape -> shape.in(text).stream())
        .min(Comparator.comparingInt(Found::start));
  }

  /** The text with "…" for each secret. */
  public static String without(String text) {
    String clean = text;
    for (Shape shape : SHAPES) {
      clean = shape.pattern().matcher(clean).replaceAll("…");
    }
    return clean;
  }
}
