package dev.portage.text;

import java.util.regex.Pattern;

/** Names of settings whose values are likely to be secrets, whatever these look like. */
public final class SecretNames {

  private static final Pattern NAME =
      Pattern.compile(
          "(?i)secret|passw|pwd|token(?!i[sz])|credential|signature|private|api[_.-]?key"
              + "|(access|account|storage|shared|encryption)[_.-]?key|\\bsas\\b|connection[_.-]?string");

  /** What these say is about a secret, and not the secret. */
  private static final Pattern ABOUT =
      Pattern.compile(
          "(?i)[._-](provider|type|class|enabled|scope|columns?|col|name|path|file|url|uri|endpoint|timeout|ttl"
              + "|id|count|size|limit|parallelism|length)$");

  private static final Pattern PLAIN =
      Pattern.compile("(?i)\\s*+(true|false|null|none|[-+]?[0-9]{1,12}(\\.[0-9]{1,12})?)?\\s*+");

  /** Where Databricks takes the value from when the cluster or the task starts. */
  private static final Pattern REFERENCE = Pattern.compile("\\{\\{[^{}]{1,500}}}");

  private SecretNames() {}

  /** Whether a name may be that of a secret. */
  public static boolean mayBeSecret(String name) {
    return NAME.matcher(name).find();
  }

  /**
   * Whether a setting holds a secret in plain text: by its name, unless its value is a reference, a
   * number, or yes or no.
   */
  public static boolean isSecret(String name, String value) {
    return mayBeSecret(name)
        && !ABOUT.matcher(name).find()
        && !PLAIN.matcher(value).matches()
        && !REFERENCE.matcher(value).find();
  }
}
